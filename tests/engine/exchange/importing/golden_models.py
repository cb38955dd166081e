"""The models that the golden files hold, as Keras 3 builds them."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers


def dense() -> Any:
    return keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(7, activation="gelu", kernel_regularizer="l2", name="first"),
            layers.Dropout(0.3),
            layers.BatchNormalization(epsilon=1e-2),
            layers.Dense(5, kernel_initializer="he_normal", use_bias=False),
            layers.LeakyReLU(negative_slope=0.15),
            layers.Dense(4),
            layers.ELU(alpha=0.7),
            layers.Dense(3),
            layers.Softmax(),
        ]
    )


def pictures() -> Any:
    return keras.Sequential(
        [
            keras.Input((9, 8, 2)),
            layers.ZeroPadding2D(2),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(scale=False),
            layers.MaxPooling2D(2),
            layers.ZeroPadding2D(((1, 1), (1, 1))),
            layers.Conv2D(6, 3, dilation_rate=1, activation="swish"),
            layers.Conv2D(4, (2, 3), strides=(2, 1), padding="same", groups=2),
            layers.ReLU(max_value=6),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


def branches() -> Any:
    one, two = keras.Input((6,), name="one"), keras.Input((4, 3), name="two")
    shared = layers.Dense(5, activation="tanh", name="shared")
    a = shared(one)
    b = layers.Dense(6, activation="relu", name="wide")(layers.Flatten()(two))
    b = shared(b)
    total = layers.Add(name="sum")([a, b, a])
    joined = layers.Concatenate(name="joined")([total, b])
    inner_in = keras.Input((10,), name="inner_in")
    inner = keras.Model(
        inner_in, layers.Dense(4, name="deep")(layers.Dense(8, "relu", name="hid")(inner_in)), name="inner"
    )
    y = inner(joined)
    first = layers.Dense(3, activation="softmax", name="classes")(y)
    second = layers.Dense(1, name="size")(y)
    return keras.Model([two, one], [second, first, y])


def channels_first() -> Any:
    """Described channels first; Keras computes it with the same weights channels last."""
    x = keras.Input((2, 6, 5))
    y = layers.Conv2D(4, 3, activation="relu", data_format="channels_first")(x)
    y = layers.BatchNormalization(axis=1)(y)
    y = layers.MaxPooling2D(2, data_format="channels_first")(y)
    y = layers.Concatenate(axis=1)([y, layers.Activation("tanh")(y)])
    y = layers.Flatten()(y)
    y = layers.BatchNormalization()(y)
    return keras.Model(x, layers.Dense(3)(y))


MODELS = {"dense": dense, "pictures": pictures, "branches": branches}


def fill(model: Any, random: Any) -> None:
    for variable in model.weights:
        values = random.normal(0.03, 0.25, variable.shape)
        if "variance" in variable.path:
            values = np.abs(values) + 0.3
        variable.assign(values.astype("float32"))


def compiled(model: Any) -> None:
    losses = (
        ["mse", keras.losses.CategoricalCrossentropy(label_smoothing=0.1), "mae"]
        if len(model.outputs) > 1
        else "categorical_crossentropy"
    )
    metrics = [["mae"], ["accuracy"], []] if len(model.outputs) > 1 else ["accuracy", keras.metrics.MeanSquaredError()]
    weights = [1.0, 0.5, 2.0] if len(model.outputs) > 1 else None
    model.compile(keras.optimizers.SGD(0.02, momentum=0.9), losses, metrics=metrics, loss_weights=weights)
