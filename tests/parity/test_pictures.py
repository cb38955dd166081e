"""Layers for pictures, Normalization and activity penalties against Keras; ``make_golden_pictures.py`` says which.

Maps and numbers of chance are given, not drawn: generators differ, what is made of their numbers must not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.catalogue.layers.augmentation import FILLS
from engine.catalogue.layers.base import Example
from engine.kernels.augment import brighten, brighten_back, contrast, contrast_back
from engine.kernels.warp import shear_maps, shift_maps, turn_maps, warp, warp_back, zoom_maps
from tests.engine.workbench import Bench
from tests.measured import assert_agree
from tests.parity.golden import KERAS, golden
from tests.parity.picture_cases import ACTIVITIES, ADJUSTED, DRAWN, FILLED, LAYERS, MAPPED, PICTURES, ROWS

GOLDEN = golden("make_golden_pictures.py", "golden_pictures.npz")
#: float64 and float32, and how close the answers must be.
PRECISIONS = [("float64", 1e-9), ("float32", 1e-4)]
#: The same where Keras computes a factor in single precision, whatever it is given.
SINGLE = [("float64", 1e-6), ("float32", 1e-4)]


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@pytest.mark.parametrize("name", LAYERS)
def test_layers_answer_as_keras_does(name: str, dtype: str, tolerance: float) -> None:
    kind, values, shape = LAYERS[name]
    tolerance = max(tolerance, 1e-6) if kind == "Normalization" else tolerance  # as in SINGLE
    layer: Any = registry.layers.get(kind)(**values)
    bench = Bench(layer, Example(values, (shape,)), rows=ROWS, dtype=dtype)
    bench.parameters.flat[:] = 0
    bench.feed.inputs["in0"][...] = GOLDEN[f"{name} x"].reshape(ROWS, -1)
    y, slope = GOLDEN[f"{name} y"], GOLDEN[f"{name} dy"]
    # With these targets the mean of squares has the gradient that Keras was given.
    bench.feed.targets["subject"][...] = (y - slope * y.size / 2).reshape(ROWS, -1)

    assert_agree("layer", kind, bench.predict(), y, rtol=tolerance, atol=tolerance, peer=KERAS)
    bench.loss()

    found = bench.plan.backward.slopes["offset0"][0]
    assert_agree("layer", kind, found, GOLDEN[f"{name} dx"], rtol=tolerance, atol=20 * tolerance, peer=KERAS)


@pytest.mark.parametrize(
    ("kind", "kernel", "count"),
    [
        ("RandomRotation", turn_maps, 1),
        ("RandomTranslation", shift_maps, 2),
        ("RandomZoom", zoom_maps, 2),
        ("RandomShear", shear_maps, 2),
    ],
)
def test_numbers_become_the_maps_of_keras(kind: str, kernel: Any, count: int) -> None:
    """Keras computes its maps in single precision."""
    drawn, maps = np.zeros((len(DRAWN), 3)), np.zeros((len(DRAWN), 6))
    drawn[:, :count] = np.array(DRAWN)[:, :count]

    kernel(drawn[:, : max(count, 2)] if kernel is zoom_maps else drawn, *PICTURES[:2], maps)

    assert_agree("layer", kind, maps, GOLDEN[f"maps {kind}"], rtol=2e-6, atol=2e-6, peer=KERAS)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-6), ("float32", 1e-5)])
@pytest.mark.parametrize("name", MAPPED)
def test_pictures_through_a_map(name: str, dtype: str, tolerance: float) -> None:
    blend, fill = MAPPED[name]
    x, dy = (GOLDEN[f"{name} {part}"].astype(dtype) for part in ("x", "dy"))
    words = blend == "bilinear", FILLS[fill], x.dtype.type(0)
    y, dx = np.empty_like(x), np.empty_like(x)

    warp(x, np.array(FILLED), *words, y)
    warp_back(dy, np.array(FILLED), *words, dx)

    np.testing.assert_allclose(y, GOLDEN[f"{name} y"], rtol=tolerance, atol=5 * tolerance)
    np.testing.assert_allclose(dx, GOLDEN[f"{name} dx"], rtol=tolerance, atol=20 * tolerance)


@pytest.mark.parametrize(("dtype", "tolerance"), SINGLE)
@pytest.mark.parametrize("kind", ADJUSTED)
def test_brightness_and_contrast(kind: str, dtype: str, tolerance: float) -> None:
    x, dy = (GOLDEN[f"{kind} {part}"].astype(dtype).reshape(ROWS, -1, PICTURES[2]) for part in ("x", "dy"))
    drawn = np.reshape(ADJUSTED[kind], (ROWS, 1)).astype(np.float64)
    words = drawn, x.dtype.type(-1.0), x.dtype.type(1.5)
    y, dx = np.empty_like(x), np.empty_like(x)

    if kind == "RandomBrightness":
        brighten(x, *words, y)
        brighten_back(x, *words, dy, dx)
    else:
        contrast(x, *words, np.empty(PICTURES[2], dtype), y)
        contrast_back(x, *words, np.empty(PICTURES[2], dtype), dy, dx)

    for found, part in ((y, "y"), (dx, "dx")):
        wanted = GOLDEN[f"{kind} {part}"]
        assert_agree("layer", kind, found.reshape(ROWS, *PICTURES), wanted, rtol=tolerance, atol=tolerance, peer=KERAS)


@pytest.mark.parametrize(("dtype", "tolerance"), SINGLE)
@pytest.mark.parametrize("settings", ACTIVITIES, ids=lambda settings: settings["kind"])
def test_penalties_of_what_a_layer_puts_out(settings: dict[str, Any], dtype: str, tolerance: float) -> None:
    name = f"activity {settings['kind']}"
    penalty = {"type": settings["kind"], **settings["values"]}
    layer: Any = registry.layers.get("Dense")(units=4, activation="tanh", activity_regularizer=penalty)
    bench = Bench(layer, Example({}, ((3,),)), rows=ROWS, dtype=dtype)
    for entry in bench.parameters.entries:
        array = GOLDEN[f"{name} {entry.spec.name}"] if entry.node == "subject" else 0.0
        bench.parameters.view(bench.parameters.flat, entry)[...] = array
    bench.feed.inputs["in0"][...] = GOLDEN[f"{name} x"]
    bench.feed.targets["subject"][...] = GOLDEN[f"{name} y"]  # nothing but the penalty has a slope

    assert bench.loss() == pytest.approx(float(GOLDEN[f"{name} loss"]), rel=tolerance)
    for entry in bench.parameters.entries:
        if entry.node == "subject":
            gradient = bench.parameters.view(bench.parameters.gradient, entry)
            expected = GOLDEN[f"{name} d{entry.spec.name}"]
            assert_agree(
                "layer", "ActivityRegularization", gradient, expected, rtol=tolerance, atol=tolerance, peer=KERAS
            )
