"""Asks real Keras for what the tests compare with; run from the checkout with Keras's own environment.

``KERAS_BACKEND=torch python tests/parity/make_golden_learning.py``, made with Keras 3.15.1 and PyTorch 2.13.0.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from golden import target
from learning_cases import ASKED, CONSTRAINTS, OPTIMIZERS, ORTHOGONAL, SCHEDULES, problem, weight


def array(tensor: Any) -> Any:
    return keras.ops.convert_to_numpy(tensor)


def optimized(name: str, settings: dict[str, Any], dtype: str) -> dict[str, Any]:
    """The weights after all steps."""
    keras.backend.set_floatx(dtype)
    weights, steps = problem(dtype)
    variables = {key: keras.Variable(value, dtype=dtype) for key, value in weights.items()}
    optimizer = getattr(keras.optimizers, name)(**settings)
    for gradients in steps:
        optimizer.apply_gradients([(keras.ops.convert_to_tensor(gradients[k]), v) for k, v in variables.items()])
    return {key: array(variable) for key, variable in variables.items()}


def main() -> None:
    """Write ``golden_learning.npz``."""
    found: dict[str, Any] = {}
    for dtype in ("float32", "float64"):
        for case, (name, settings) in OPTIMIZERS.items():
            found |= {f"optimizer/{case}/{dtype}/{k}": v for k, v in optimized(name, settings, dtype).items()}
        for case, (name, settings, shape) in CONSTRAINTS.items():
            made = getattr(keras.constraints, name)(**settings)
            found[f"constraint/{case}/{dtype}"] = array(made(keras.ops.convert_to_tensor(weight(shape, dtype))))
    keras.backend.set_floatx("float64")
    for case, (name, given, settings) in SCHEDULES.items():
        made = getattr(keras.optimizers.schedules, name)(*given, **settings)
        found[f"schedule/{case}"] = np.array([float(array(made(step))) for step in ASKED])
    for case, (settings, shape) in ORTHOGONAL.items():
        variable = keras.Variable(weight(shape, "float64"), dtype="float64")
        penalty = keras.regularizers.OrthogonalRegularizer(**settings)(variable.value)
        penalty.backward()
        found[f"orthogonal/{case}/penalty"] = array(penalty)
        found[f"orthogonal/{case}/gradient"] = variable.value.grad.numpy()
    np.savez_compressed(target("golden_learning.npz"), **found)


if __name__ == "__main__":
    main()
