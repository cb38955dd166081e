"""The table of everything a network can be exported to."""

from __future__ import annotations

from engine.exchange.keras_target import KerasCode, KerasFile
from engine.exchange.numpy_target import NumpyScript
from engine.exchange.onnx_target import Onnx
from engine.exchange.target import Target
from engine.exchange.torch_target import Torch

TARGETS: tuple[Target, ...] = (Onnx(), Torch(), NumpyScript(), KerasFile(), KerasCode())


def target_of(key: str) -> Target:
    """The target of this key.

    Raises:
        KeyError: there is none.
    """
    return next(target for target in TARGETS if target.key == key)
