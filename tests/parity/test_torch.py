"""Losses and weights after five steps are PyTorch's, from the same start and data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Sequential
from engine.layers import Activation as Activate
from engine.layers import BatchNormalization, Conv2D, Dense, Flatten, Input, MaxPooling2D
from engine.optimizers import SGD, Adam, RMSprop
from tests.measured import assert_agree
from tests.parity.golden import TORCH, golden

GOLDEN = golden("make_golden.py", "golden_torch.npz")

CASES: dict[str, tuple[Any, Any]] = {
    "dense_adam": (
        lambda: [Dense(8, activation="sigmoid"), Dense(5, activation="tanh"), Dense(3, activation="softmax")],
        Adam(0.01, epsilon=1e-30),
    ),
    "conv_nesterov": (
        lambda: [
            Conv2D(4, 3, activation="relu"), MaxPooling2D(2), Conv2D(3, 2, activation="relu"), Flatten(),
            Dense(3, activation="softmax"),
        ],
        SGD(0.05, momentum=0.9, nesterov=True),
    ),
    "conv_same_strided": (
        lambda: [
            Conv2D(4, 3, strides=2, padding="same", activation="gelu"), Flatten(), Dense(3), Activate("softmax"),
        ],
        SGD(0.05, momentum=0.9),
    ),
    "conv_wide": (
        lambda: [Conv2D(16, 3, padding="same", activation="relu"), Flatten(), Dense(3, activation="softmax")],
        SGD(0.01),
    ),
    "batch_norm": (
        lambda: [Dense(8, use_bias=False), BatchNormalization(), Activate("silu"), Dense(3, activation="softmax")],
        RMSprop(0.01, rho=0.9, epsilon=1e-30),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 1e-4)])
def test_five_steps_are_pytorchs(case: str, dtype: str, tolerance: float) -> None:
    golden = {key.split("/")[1]: GOLDEN[key] for key in GOLDEN if key.startswith(f"{case}/")}
    layers, optimizer = CASES[case]
    x, y = golden["x"], golden["y"]
    model = Sequential([Input(shape=x.shape[1:]), *layers()], dtype=dtype)
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy")
    _, parameters = model.require()
    trained = parameters.trainable()
    for number, entry in enumerate(trained):
        parameters.view(parameters.flat, entry)[...] = golden[f"before{number}"]

    history = model.fit(x.astype(dtype), y, batch_size=len(x), epochs=5, shuffle=False, verbose=0).history

    np.testing.assert_allclose(history["loss"], golden["losses"], rtol=tolerance)
    for number, entry in enumerate(trained):
        found, wanted = parameters.view(parameters.flat, entry), golden[f"after{number}"]
        kind = model.graph.nodes[entry.node].layer.key
        near = tolerance * float(np.abs(wanted).max())
        assert_agree("layer", kind, found, wanted, rtol=tolerance, atol=near, peer=TORCH)
        assert_agree("optimizer", optimizer.key, found, wanted, rtol=tolerance, atol=near, peer=TORCH)
