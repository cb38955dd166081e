"""Layers that hand states on from batch to batch: the same bits however a run is cut, and what they ask of batches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.check import check
from engine.data.split import Parts
from engine.errors import DataError, FileError
from engine.io import load_project, save_project
from engine.io.weights import state_from_bytes, state_to_bytes
from engine.project import Project
from engine.train.events import BatchEnd, EpochEnd, Event, Failed, Validating
from engine.train.predictor import Predictor
from engine.train.trainer import Trainer
from tests.engine.train.networks import bits, chain, halted, project, run

ROWS = 8


def made(**settings: Any) -> Project:
    """Both directions and a GRU keep their states; chance and memory of an optimizer are there, too."""
    graph = chain(
        ("Input", {"shape": (4, 3)}),
        ("Bidirectional", {"layer": {"type": "LSTM", "units": 3, "stateful": True, "return_sequences": True}}),
        ("GRU", {"units": 40, "stateful": True, "dropout": 0.2}),
        ("Dense", {"units": 2}),
    )
    defaults = {"epochs": 3, "batch_size": ROWS, "shuffle": False, "loss": "mse", "metrics": (), "seed": 5}
    return project(graph, **(defaults | settings))


def parts(samples: int = 5 * ROWS, held: int = 2 * ROWS) -> Parts:
    random = np.random.default_rng(3)
    x = random.standard_normal((samples + held, 4, 3)).astype("float32")
    y = np.stack([x.sum(axis=(1, 2)), x[:, 0, 0]], axis=1)
    return Parts({"x": x[:samples]}, {"y": y[:samples]}, {"x": x[samples:]}, {"y": y[samples:]}, {})


def never(event: Event) -> bool:
    return False


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize(("kind", "count"), [(BatchEnd, 2), (EpochEnd, 1), (Validating, 1), (BatchEnd, 7)])
def test_a_run_that_was_cut_gives_the_same_bits(tmp_path: Path, kind: type[Event], count: int, threads: int) -> None:
    folder, seen = tmp_path / "p.loom", list[Event]()
    whole = halted(Trainer(made(), parts(), threads=1), never)

    def fits(event: Event) -> bool:
        seen.extend([event] if isinstance(event, kind) else [])
        return len(seen) == count

    state = halted(Trainer(made(), parts(), threads=threads), fits)
    save_project(folder, made(), state)
    opened = load_project(folder)

    assert 0 < state.step < whole.step
    assert opened.state is not None
    assert set(opened.state.carried) == {"bidirectional", "gru"}
    assert bits(halted(Trainer(made(), parts(), opened.state, threads=threads), never)) == bits(whole)


def test_states_matter_from_batch_to_batch_and_from_epoch_to_epoch() -> None:
    state = halted(Trainer(made(), parts()), lambda event: isinstance(event, EpochEnd))
    assert {name: array.shape for name, array in state.carried["bidirectional"].items()} == {
        "forward_state_h": (ROWS, 3), "forward_state_c": (ROWS, 3),
        "backward_state_h": (ROWS, 3), "backward_state_c": (ROWS, 3),
    }  # fmt: skip
    on = halted(Trainer(made(), parts(), state), never)
    anew = halted(Trainer(made(), parts(), replace(state, carried={})), never)

    assert bits(on) != bits(anew)


def test_another_batch_size_begins_with_zeros() -> None:
    state = halted(Trainer(made(), parts()), lambda event: isinstance(event, EpochEnd))
    smaller = made(batch_size=4)
    on, anew = (halted(Trainer(smaller, parts(), given), never) for given in (state, replace(state, carried={})))

    assert bits(on) == bits(anew)


@pytest.mark.parametrize(
    ("given", "told"),
    [(parts(5 * ROWS + 3), "end with a batch of 3"), (parts(held=ROWS + 2), "validation goes on with these states")],
)
def test_short_batches_are_told_before_anything_runs(given: Parts, told: str) -> None:
    with pytest.raises(DataError, match=told):
        Trainer(made(), given)


def test_a_faulty_batch_leaves_no_faulty_states() -> None:
    given = parts()
    given.inputs["x"][3 * ROWS :] = np.nan
    last = run(Trainer(made(), given))[-1]

    assert isinstance(last, Failed)
    assert last.state is not None
    assert last.state.step == 3
    assert last.state.carried == {}


def test_samples_are_looked_at_by_themselves() -> None:
    state = halted(Trainer(made(epochs=1), parts()), never)
    x = parts().inputs["x"]
    one, whole = Predictor(state.graph, state.weights), Predictor(state.graph, state.weights)
    answers = whole.predict({"input": x}, batch_size=ROWS)["dense"]

    np.testing.assert_array_equal(one.predict({"input": x[ROWS : 2 * ROWS]})["dense"], answers[ROWS : 2 * ROWS])


def test_shuffled_samples_bring_a_warning() -> None:
    told = [p for p in check(made(shuffle=True)) if "stateful" in p.text]
    assert {(p.node, p.severity) for p in told} == {("bidirectional", "warning"), ("gru", "warning")}
    assert not [p for p in check(made()) if "stateful" in p.text]


def test_states_of_no_layer_are_refused() -> None:
    state = halted(Trainer(made(epochs=1), parts()), never)
    image = state_to_bytes(replace(state, carried={"dense": {"state_h": np.zeros((ROWS, 2), "float32")}}))

    with pytest.raises(FileError, match="belongs to no layer"):
        state_from_bytes(image)
