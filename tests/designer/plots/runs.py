"""Runs to draw: real events, as a trainer would give them."""

from __future__ import annotations

import math

import numpy as np

from designer.training.run_log import RunLog
from engine.graph import Graph
from engine.train.events import BatchEnd, EpochEnd, Event, Started
from engine.train.state import RunHistory, RunState

BATCHES = 50


def events(epochs: int = 6, step: int = 0, metric: str = "accuracy", scale: float = 1.0) -> list[Event]:
    """A run of some epochs of 50 updates at 100 updates a second; validation is best in epoch 4."""
    done = step // BATCHES
    found: list[Event] = [Started(done, 0, step, done + epochs, BATCHES, 1600, 400, (metric,), 2)]
    for epoch in range(done, done + epochs):
        for batch in range(1, BATCHES + 1):
            now = epoch * BATCHES + batch
            loss = scale * (2 * math.exp(-now / 80) + 0.1 + 0.05 * math.sin(now * 1.7))
            found.append(BatchEnd(now, epoch, batch, loss, loss, (1 - loss / 3,), (now - step) / 100, (1 - loss / 3,)))
        logs = {
            "loss": scale * (2 * math.exp(-(epoch + 1) * BATCHES / 80) + 0.1),
            metric: 0.9 - 1 / (epoch + 2),
            "val_loss": scale * (0.4 + abs(epoch - 3) / 10),
            f"val_{metric}": 0.8 - abs(epoch - 3) / 10,
        }
        found.append(EpochEnd(epoch + 1, (epoch + 1) * BATCHES, logs, 0.6))
    return found


def log_of(*runs: list[Event]) -> RunLog:
    """A log of runs, one after another."""
    log = RunLog()
    for run in runs:
        log.apply(run)
    return log


def state_of(steps: int, epochs: int) -> RunState:
    """What a file would hold of such a run."""
    losses = np.column_stack([np.arange(1, steps + 1), np.linspace(2, 0.2, steps)])
    logs = tuple({"loss": 1.0 / (n + 1), "accuracy": 0.5 + n / 100, "val_loss": 1.2 / (n + 1)} for n in range(epochs))
    return RunState(Graph(), {}, epoch=epochs, step=steps, history=RunHistory(losses, logs))
