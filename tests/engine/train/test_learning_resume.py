"""Every optimizer, schedules, limits, decay and rules of weights go on bit by bit, whatever the number of threads."""

from __future__ import annotations

from typing import Any

import pytest

from engine.io.weights import state_from_bytes, state_to_bytes
from engine.project import Project
from engine.train.events import BatchEnd, Event
from engine.train.trainer import Trainer
from tests.engine.train.networks import bits, chain, halted, parts, project

WAVE = {"type": "CosineDecayRestarts", "initial_learning_rate": 0.02, "first_decay_steps": 3}
OPTIMIZERS: dict[str, dict[str, Any]] = {
    "adamw": {"type": "AdamW", "learning_rate": 0.01, "weight_decay": 0.1, "clipnorm": 0.2},
    "adagrad": {"type": "Adagrad", "learning_rate": 0.05, "global_clipnorm": 0.3},
    "adadelta": {"type": "Adadelta", "learning_rate": 1.0},
    "adamax": {"type": "Adamax", "learning_rate": WAVE},
    "nadam": {"type": "Nadam", "learning_rate": 0.01, "clipvalue": 0.1},
    "lion": {"type": "Lion", "learning_rate": {"type": "EpochDecay", "initial_learning_rate": 0.01}},
    "ftrl": {"type": "Ftrl", "learning_rate": 0.1},
}


def ruled(optimizer: str) -> Project:
    """Rules of weights, penalties, chance, and moving statistics, with one of the optimizers."""
    graph = chain(
        ("Input", {"shape": (6,)}),
        ("Dense", {"units": 16, "kernel_constraint": "max_norm", "kernel_regularizer": "OrthogonalRegularizer"}),
        ("BatchNormalization", {"gamma_constraint": "non_neg"}),
        ("Dropout", {"rate": 0.3}),
        ("Dense", {"units": 3, "activation": "softmax", "bias_constraint": "unit_norm"}),
    )
    return project(graph, optimizer=OPTIMIZERS[optimizer], epochs=3)


def after(update: int) -> Any:
    def fits(event: Event) -> bool:
        return isinstance(event, BatchEnd) and event.step == update

    return fits


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_stopped_twice_and_never_stopped_are_the_same(optimizer: str) -> None:
    given, made = parts(), ruled(optimizer)
    whole = halted(Trainer(made, given, threads=1), after(-1))

    state = halted(Trainer(made, given, threads=2), after(5))
    for stop in (11, -1):
        kept = state_from_bytes(state_to_bytes(state))
        state = halted(Trainer(made, given, kept, threads=1), after(stop))

    assert (state.step, state.iterations) == (whole.step, whole.iterations) == (21, 21)
    assert bits(state) == bits(whole)
