"""Asks Keras when EarlyStopping ends a run and how ReduceLROnPlateau lowers the learning rate.

Made with Keras 3.15.1: ``KERAS_BACKEND=torch python tests/parity/make_callback_golden.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.parity.callback_cases import FALLS, STOPS, figures
from tests.parity.golden import target


def model() -> Any:
    """As much of a model as these callbacks look at."""
    metric = keras.metrics.BinaryAccuracy(name="accuracy")
    container = keras.src.trainers.compile_utils.MetricsList([metric])
    found = SimpleNamespace(optimizer=keras.optimizers.SGD(0.1), metrics=[container], stop_training=False)
    found.get_weights = list
    found.set_weights = lambda weights: None
    return found


def walked(callback: Any, course: list[float]) -> tuple[list[float], int]:
    """Learning rates after each epoch, and how many epochs there were."""
    callback.set_model(model())
    callback.on_train_begin()
    rates = []
    for epoch, figure in enumerate(course):
        callback.on_epoch_end(epoch, {"val_loss": figure, "val_accuracy": figure})
        rates.append(float(callback.model.optimizer.learning_rate))
        if callback.model.stop_training:
            break
    return rates, len(rates)


def main() -> None:
    """Ask and keep."""
    courses = figures()
    stops, best, rates = [], [], []
    for settings in STOPS:
        for course in courses:
            callback = keras.callbacks.EarlyStopping(**settings)
            stops.append(walked(callback, course)[1])
            best.append(callback.best_epoch)
    for settings in FALLS:
        rates += [walked(keras.callbacks.ReduceLROnPlateau(**settings), course)[0] for course in courses]
    np.savez_compressed(target("callbacks.npz"), stops=stops, best=best, rates=rates)


if __name__ == "__main__":
    main()
