"""The shipped part of MNIST: 8,000 digits to train on and 2,000 to judge by."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from engine.data.idx import read_idx
from engine.resources import RESOURCES

FOLDER = RESOURCES / "datasets" / "mnist-10k"
Pair = tuple[npt.NDArray[Any], npt.NDArray[Any]]


def load_data() -> tuple[Pair, Pair]:
    """``(x_train, y_train), (x_test, y_test)`` as in Keras.

    Shapes:
        x: (samples, 28, 28) uint8, 0 white to 255 black; y: (samples,) uint8, the digit.
    Source: LeCun, Cortes, Burges; CC BY-SA 3.0. The first 10,000 training images, shuffled once
        and split 8,000 / 2,000.

    Raises:
        FileError: the shipped files are missing or damaged.
    """
    train = (read_idx(FOLDER / "train-images-idx3-ubyte.gz"), read_idx(FOLDER / "train-labels-idx1-ubyte.gz"))
    test = (read_idx(FOLDER / "t10k-images-idx3-ubyte.gz"), read_idx(FOLDER / "t10k-labels-idx1-ubyte.gz"))
    return train, test
