"""EarlyStopping and ReduceLROnPlateau decide in every epoch as Keras's do."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from engine.callbacks import EarlyStopping, ReduceLROnPlateau
from engine.layers import Dense
from engine.models import Sequential
from engine.optimizers import SGD
from tests.parity.callback_cases import FALLS, STOPS, figures
from tests.parity.golden import golden

SCRIPT, FILE = "make_callback_golden.py", "callbacks.npz"


def walked(callback: Any, course: list[float]) -> list[float]:
    """Learning rates after each epoch until the end."""
    model = Sequential([Dense(1, input_shape=(1,))])
    model.compile(loss="mse", optimizer=SGD(0.1))
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, figure in enumerate(course):
        callback.on_epoch_end(epoch, {"val_loss": figure, "val_accuracy": figure})
        assert model.optimizer is not None
        rates.append(model.optimizer.learning_rate)
        if model.stop_training:
            break
    return rates


@pytest.mark.parametrize("case", range(len(STOPS) * len(figures())))
def test_early_stopping_ends_in_the_same_epoch(case: int) -> None:
    settings, course = list(product(STOPS, figures()))[case]
    callback = EarlyStopping(**settings)

    assert len(walked(callback, course)) == golden(SCRIPT, FILE)["stops"][case]
    assert callback.best_epoch == golden(SCRIPT, FILE)["best"][case]


@pytest.mark.parametrize("case", range(len(FALLS) * len(figures())))
def test_the_learning_rate_falls_in_the_same_epochs(case: int) -> None:
    settings, course = list(product(FALLS, figures()))[case]
    rates = walked(ReduceLROnPlateau(**settings), course)

    np.testing.assert_allclose(rates, golden(SCRIPT, FILE)["rates"][case], rtol=1e-6)
