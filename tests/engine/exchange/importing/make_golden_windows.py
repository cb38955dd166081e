"""Writes golden model files with convolutions and pooling of every kind, with Keras 3.15.1.

Run it where keras==3.15.1 and PyTorch are installed:
``KERAS_BACKEND=torch python tests/engine/exchange/importing/make_golden_windows.py``.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers
from make_golden import HERE, save_keras_3


def sequences() -> Any:
    return keras.Sequential(
        [
            keras.Input((12, 3)),
            layers.ZeroPadding1D(2),
            layers.Conv1D(4, 3, activation="relu"),
            layers.Conv1D(4, 3, padding="causal", dilation_rate=2, activation="tanh"),
            layers.MaxPooling1D(2),
            layers.SeparableConv1D(5, 3, padding="same", depth_multiplier=2, activation="relu"),
            layers.DepthwiseConv1D(2, strides=2),
            layers.Conv1DTranspose(4, 3, strides=2),
            layers.AveragePooling1D(2),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )


def windows() -> Any:
    return keras.Sequential(
        [
            keras.Input((8, 7, 2)),
            layers.DepthwiseConv2D(3, depth_multiplier=2, activation="relu"),
            layers.SeparableConv2D(6, (2, 3), strides=2, padding="same", activation="tanh"),
            layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(3, (2, 3), strides=2, output_padding=1, use_bias=False),
            layers.Conv2D(2, 3, dilation_rate=2, padding="same"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )


def volumes() -> Any:
    return keras.Sequential(
        [
            keras.Input((5, 6, 5, 2)),
            layers.ZeroPadding3D(1),
            layers.Conv3D(4, 3, activation="relu"),
            layers.MaxPooling3D(2),
            layers.Conv3DTranspose(3, (1, 2, 2), strides=(1, 2, 2), activation="tanh"),
            layers.AveragePooling3D((1, 2, 2), strides=1),
            layers.Conv3D(4, 2, groups=1, padding="valid"),
            layers.GlobalAveragePooling3D(keepdims=True),
            layers.GlobalMaxPooling3D(),
            layers.Dense(3),
        ]
    )


def main() -> None:
    random = np.random.default_rng(8)
    answers: dict[str, Any] = {}
    for make in (sequences, windows, volumes):
        keras.utils.clear_session()
        keras.utils.set_random_seed(1)
        save_keras_3(make.__name__, make(), random, answers)
    np.savez_compressed(HERE / "answers_windows.npz", **answers)


if __name__ == "__main__":
    main()
