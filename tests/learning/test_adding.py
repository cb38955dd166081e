"""The adding problem: two numbers of a long sequence are marked, and their sum is asked for at its end.

Source: Hochreiter and Schmidhuber 1997, "Long short-term memory", experiment 4.
"""

from __future__ import annotations

import numpy as np

from engine import Sequential
from engine.layers import LSTM, Dense, Input
from engine.optimizers import Adam

STEPS = 50


def sequences(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Random numbers beside marks: one mark in the first half, one in the second."""
    random = np.random.default_rng(seed)
    x = np.zeros((count, STEPS, 2), np.float32)
    x[:, :, 0] = random.uniform(0, 1, (count, STEPS))
    rows, half = np.arange(count), STEPS // 2
    for first in (0, half):
        x[rows, first + random.integers(0, half, count), 1] = 1
    return x, (x[:, :, 0] * x[:, :, 1]).sum(axis=1, keepdims=True)


def test_an_lstm_learns_to_add_two_marked_numbers() -> None:
    x, y = sequences(4000, 1)
    fresh_x, fresh_y = sequences(500, 2)
    model = Sequential([Input((STEPS, 2)), LSTM(32), Dense(1)], seed=1)
    model.compile(loss="mse", optimizer=Adam(0.01, clipnorm=1.0))
    always_one = float(((fresh_y - 1) ** 2).mean())  # the best guess of who forgets both numbers

    for _ in range(6):
        model.fit(x, y, batch_size=50, epochs=5, verbose=0)
        error = float(model.evaluate(fresh_x, fresh_y, verbose=0))
        if error < 0.005:
            break

    assert 0.15 < always_one < 0.19
    assert error < 0.005
