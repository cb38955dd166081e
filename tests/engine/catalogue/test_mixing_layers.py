"""What the common layer tests cannot know: moving averages, masks, and sentences of merging layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.catalogue.layers.base import Example
from engine.errors import ShapeError
from engine.tensor_spec import TensorSpec
from tests.engine.workbench import Bench


def bench(key: str, shapes: tuple[tuple[int, ...], ...], **more: Any) -> Bench:
    settings = {name: more.pop(name) for name in ("rows", "shards", "dtype") if name in more}
    layer: Any = registry.layers.get(key)(**more)
    return Bench(layer, Example(more, shapes), **settings)


def weights(made: Bench) -> Any:
    return made.parameters.copy()["subject"]


def arriving(made: Bench) -> Any:
    """What reached the layer in the last step."""
    return made.plan.values["offset0"][0].copy()


@pytest.mark.parametrize("shards", [1, 2, 5])
@pytest.mark.parametrize("axis", [-1, 1])
def test_batch_normalization_follows_batch_and_remembers_it(shards: int, axis: int) -> None:
    made = bench("BatchNormalization", ((3, 4),), rows=11, shards=shards, axis=axis, momentum=0.9, epsilon=0.01)
    before = weights(made)

    made.loss()

    x, after = arriving(made), weights(made)
    around = tuple(n for n in range(x.ndim) if n != axis % x.ndim)
    mean, variance = x.mean(around), x.var(around)
    spread = [1] * x.ndim
    spread[axis] = -1
    hat = (x - mean.reshape(spread)) / np.sqrt(variance.reshape(spread) + 0.01)
    expected = hat * before["gamma"].reshape(spread) + before["beta"].reshape(spread)
    np.testing.assert_allclose(made.plan.values["subject"][0], expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(after["moving_mean"], 0.9 * before["moving_mean"] + 0.1 * mean, rtol=1e-12)
    np.testing.assert_allclose(after["moving_variance"], 0.9 * before["moving_variance"] + 0.1 * variance, rtol=1e-12)


def test_batch_normalization_predicts_with_what_it_remembers() -> None:
    made = bench("BatchNormalization", ((4,),), rows=6, momentum=0.5)
    made.loss()
    kept = weights(made)

    y = made.predict()

    scale = kept["gamma"] / np.sqrt(kept["moving_variance"] + 1e-3)
    np.testing.assert_allclose(y, (arriving(made) - kept["moving_mean"]) * scale + kept["beta"], rtol=1e-12)
    assert all(np.array_equal(kept[name], weights(made)[name]) for name in kept), "predicting must not teach"


def test_dropout_hides_in_training_and_passes_in_prediction() -> None:
    made = bench("Dropout", ((50,),), rows=40, rate=0.25)

    made.loss()
    x, y = arriving(made), made.plan.values["subject"][0].copy()

    kept = y != 0
    np.testing.assert_allclose(y[kept], x[kept] / 0.75)
    assert kept.mean() == pytest.approx(0.75, abs=0.05)
    assert np.array_equal(made.predict(), x)


def test_dropout_masks_change_with_the_step_and_not_with_the_shards() -> None:
    masks = []
    for shards, step in ((1, 1), (4, 1), (1, 2)):
        made = bench("Dropout", ((30,),), rows=8, shards=shards, rate=0.5)
        made.plan.clock[1] = step
        made.loss()
        masks.append(made.plan.values["subject"][0] != 0)

    assert np.array_equal(masks[0], masks[1])
    assert not np.array_equal(masks[0], masks[2])


def test_dropout_of_everything_gives_zeros() -> None:
    made = bench("Dropout", ((5,),), rows=3, rate=1.0)

    made.loss()

    assert not made.plan.values["subject"][0].any()
    assert np.isfinite(made.parameters.gradient).all()


def test_merging_layers_compute_what_they_say() -> None:
    both = ((2, 3), (2, 3))
    for key, join in (("Add", lambda a, b: a + b), ("Concatenate", lambda a, b: np.concatenate([a, b], -1))):
        made = bench(key, both, rows=4)
        y = made.predict()
        first, second = (made.plan.values[f"offset{n}"][0] for n in range(2))

        assert np.array_equal(y, join(first, second))


@pytest.mark.parametrize("key", ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"])
@pytest.mark.parametrize("shapes", [((3, 1), (2, 1, 4)), ((1,), (5,)), ((2, 3), (1, 3)), ((1, 1), (1, 1, 1))])
def test_axes_of_size_1_repeat_as_in_keras(key: str, shapes: Any) -> None:
    made = bench(key, shapes, rows=4)
    operation = {
        "Add": np.add, "Subtract": np.subtract, "Multiply": np.multiply, "Maximum": np.maximum,
        "Minimum": np.minimum, "Average": lambda a, b: (a + b) / 2,
    }[key]  # fmt: skip
    y = made.predict()
    # Missing first axes belong behind the batch.
    rank = max(map(len, shapes))
    branches = [
        made.plan.values[f"offset{n}"][0].reshape(4, *(1,) * (rank - len(shape)), *shape)
        for n, shape in enumerate(shapes)
    ]

    np.testing.assert_allclose(y, operation(*branches), rtol=1e-15)


@pytest.mark.parametrize(
    ("key", "given", "shapes", "sentence"),
    [
        ("Add", {}, ((4,), (5,)), "one shape"),
        ("Add", {}, ((4,),), "at least two inputs"),
        ("Concatenate", {}, ((4,),), "at least two inputs"),
        ("Concatenate", {}, ((2, 3), (4, 3)), "other axes must be equal"),
        ("Concatenate", {}, ((2, 3), (3,)), "other axes must be equal"),
        ("Concatenate", {"axis": 3}, ((2, 3), (2, 3)), "from 1 to 2"),
        ("Concatenate", {"axis": 0}, ((2, 3), (2, 3)), "received 0"),
        ("BatchNormalization", {"axis": 4}, ((2, 3),), "from 1 to 2"),
        ("BatchNormalization", {}, ((),), "Reshape"),
    ],
)
def test_refusals_teach(key: str, given: Any, shapes: Any, sentence: str) -> None:
    layer: Any = registry.layers.get(key)(**given)

    with pytest.raises(ShapeError, match=sentence):
        layer.infer(tuple(TensorSpec(shape) for shape in shapes))


def test_concatenate_adds_sizes_and_keeps_unknown_ones() -> None:
    layer: Any = registry.layers.get("Concatenate")(axis=1)

    assert layer.infer((TensorSpec((2, 3)), TensorSpec((5, 3))))[0].shape == (7, 3)
    assert layer.infer((TensorSpec((None, 3)), TensorSpec((5, 3))))[0].shape == (None, 3)
