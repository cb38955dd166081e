"""Makes ``golden_pictures.npz``: what Keras 3.15.1 makes of pictures, of data to normalize, and of activities.

Run with that Keras installed: ``KERAS_BACKEND=torch python tests/parity/make_golden_pictures.py``. The fill modes
``reflect`` and ``wrap`` are left out, because PyTorch has others of these names; they are compared with SciPy.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import torch
from golden import target
from picture_cases import ACTIVITIES, ADJUSTED, DRAWN, FILLED, LAYERS, MAPPED, PICTURES, ROWS

#: Maps as Keras takes them: the last two numbers are 0.
MAPS = np.pad(np.array(FILLED), ((0, 0), (0, 2)))
FACTORS: dict[str, dict[str, Any]] = {
    "RandomRotation": {"factor": 1.0},
    "RandomTranslation": {"height_factor": 1.0, "width_factor": 1.0},
    "RandomZoom": {"height_factor": 1.0},
    "RandomShear": {"x_factor": 1.0},
}


def pictures(seed: int = 1, shape: tuple[int, ...] = PICTURES) -> Any:
    return np.random.default_rng(seed).standard_normal((ROWS, *shape))


def with_slopes(name: str, x: Any, call: Any) -> dict[str, Any]:
    """Answer, a gradient by it, and the gradient by the input that follows."""
    given = torch.tensor(x, requires_grad=True)
    y = call(given * 1.0)  # some layers change what they get in place
    slope = torch.tensor(np.random.default_rng(9).standard_normal(tuple(y.shape)), dtype=y.dtype)
    (y * slope).sum().backward()
    found = {"x": x, "y": y.detach().numpy(), "dy": slope.numpy(), "dx": given.grad.numpy()}
    return {f"{name} {key}": np.asarray(value) for key, value in found.items()}


def maps_of(kind: str, values: dict[str, Any]) -> Any:
    """The maps that Keras makes of given numbers, eight for each picture of which the last two are 0."""
    layer = getattr(keras.layers, kind)(**values)
    drawn = np.array(DRAWN, np.float32)[:, : 2 if kind != "RandomRotation" else 1]
    height, width, _ = PICTURES
    if kind == "RandomRotation":
        nothing = keras.ops.zeros(len(drawn))
        return layer._compute_affine_matrix(
            0.5, 0.5, keras.ops.convert_to_tensor(drawn[:, 0] * 360.0), nothing, nothing, nothing + 1.0, nothing,
            nothing, height, width,
        )  # fmt: skip
    if kind == "RandomTranslation":
        shifts = np.stack([drawn[:, 1] * width, drawn[:, 0] * height], axis=1)
        return layer._get_translation_matrix(keras.ops.convert_to_tensor(shifts.astype("float32")))
    if kind == "RandomZoom":
        zooms = keras.ops.convert_to_tensor(drawn[:, ::-1].copy())
        return layer._get_zoom_matrix(zooms, height, width)
    return layer._get_shear_matrix(keras.ops.convert_to_tensor(drawn))


def activity(settings: dict[str, Any]) -> dict[str, Any]:
    """Loss and gradients of a Dense layer whose outputs are penalized."""
    keras.utils.set_random_seed(3)
    regularizer = getattr(keras.regularizers, settings["kind"])(**settings["values"])
    dense = keras.layers.Dense(4, activation="tanh", activity_regularizer=regularizer, dtype="float64")
    x = pictures(5, (3,))
    dense(torch.tensor(x))
    weights = [np.random.default_rng(8).uniform(-1, 1, tuple(w.shape)) for w in dense.weights]
    dense.set_weights(weights)
    y = dense(torch.tensor(x))
    (penalty,) = dense.losses
    penalty.backward()
    name = f"activity {settings['kind']}"
    found = {f"{name} x": x, f"{name} y": y.detach().numpy(), f"{name} loss": penalty.detach().numpy()}
    for weight, array in zip(dense.weights, weights, strict=True):
        found[f"{name} {weight.name}"] = array
        found[f"{name} d{weight.name}"] = weight.value.grad.numpy()
    return found


def asked() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (kind, values, shape) in LAYERS.items():
        layer = getattr(keras.layers, kind)(**values, dtype="float64")
        found |= with_slopes(name, pictures(1, shape), lambda x, layer=layer: layer(x))
    for name, (blend, fill) in MAPPED.items():
        found |= with_slopes(
            name,
            pictures(),
            lambda x, blend=blend, fill=fill: keras.ops.image.affine_transform(
                x, MAPS, interpolation=blend, fill_mode=fill, fill_value=0.0
            ),
        )
    for kind, values in FACTORS.items():
        found[f"maps {kind}"] = keras.ops.convert_to_numpy(maps_of(kind, values))[:, :6]
    for kind, numbers in ADJUSTED.items():
        layer = getattr(keras.layers, kind)(factor=0.5, value_range=(-1.0, 1.5), dtype="float64")
        word = "rgb_delta" if kind == "RandomBrightness" else "contrast_factor"
        told = {word: np.reshape(numbers, (ROWS, 1, 1, 1))}
        found |= with_slopes(
            kind,
            pictures(),
            lambda x, layer=layer, told=told: layer.transform_images(
                x, {k: keras.ops.convert_to_tensor(v) for k, v in told.items()}, training=True
            ),
        )
    for settings in ACTIVITIES:
        found |= activity(settings)
    return found


if __name__ == "__main__":
    arrays = asked()
    np.savez_compressed(target("golden_pictures.npz"), **arrays)
    print(f"{len(arrays)} arrays of Keras {keras.__version__} on {keras.backend.backend()}")
