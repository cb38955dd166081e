"""Conv2D and MaxPooling2D: shapes, refusals with their remedies, and which algorithm serves what."""

from __future__ import annotations

from typing import Any

import pytest

from engine import registry
from engine.catalogue.layers.conv2d import Conv2D
from engine.catalogue.layers.convolutions import Direct, Winograd, chosen
from engine.catalogue.layers.max_pooling2d import MaxPooling2D
from engine.errors import ParameterError, Remedy, ShapeError
from engine.kernels.conv_tables import Geometry, window_axis
from engine.tensor_spec import Shape, TensorSpec


def out(layer: Any, shape: Shape) -> Shape:
    (spec,) = layer.infer((TensorSpec(shape),))
    return tuple(spec.shape)


def refused(layer: Any, shape: Shape) -> ShapeError:
    with pytest.raises(ShapeError) as caught:
        layer.infer((TensorSpec(shape),))
    return caught.value


@pytest.mark.parametrize(
    ("parameters", "shape", "expected"),
    [
        ({}, (28, 28, 1), (26, 26, 8)),
        ({"padding": "same"}, (28, 27, 3), (28, 27, 8)),
        ({"padding": "same", "strides": 2}, (7, 8, 3), (4, 4, 8)),
        ({"padding": "full"}, (5, 6, 1), (7, 8, 8)),
        ({"padding": "full", "dilation_rate": 2}, (5, 6, 1), (9, 10, 8)),
        ({"strides": (2, 3)}, (10, 10, 1), (4, 3, 8)),
        ({"dilation_rate": (2, 1)}, (10, 10, 1), (6, 8, 8)),
    ],
)
def test_output_shapes_are_kerass(parameters: dict[str, Any], shape: Shape, expected: Shape) -> None:
    assert out(Conv2D(8, 3, **parameters), shape) == expected


def test_weights_and_cost_count_groups() -> None:
    layer, spec = Conv2D(6, (3, 2), groups=2), TensorSpec((5, 5, 4))
    assert [(w.name, w.shape) for w in layer.weights((spec,))] == [("kernel", (3, 2, 2, 6)), ("bias", (6,))]
    assert layer.cost((spec,)) == 2 * (3 * 2 * 2) * (3 * 4 * 6)


@pytest.mark.parametrize(
    ("shape", "target"),
    [((784,), (28, 28, 1)), ((28, 28), (28, 28, 1)), ((3072,), (32, 32, 3)), ((3, 5), (3, 5, 1))],
)
@pytest.mark.parametrize("layer", [Conv2D(4, 2), MaxPooling2D()], ids=["Conv2D", "MaxPooling2D"])
def test_offers_to_reshape_what_may_be_an_image(layer: Any, shape: Shape, target: Shape) -> None:
    error = refused(layer, shape)
    remedy = error.remedy
    assert isinstance(remedy, Remedy)
    assert remedy.insert == "Reshape"
    cls: Any = registry.layers.get(remedy.insert)
    reshaped = out(cls(**dict(remedy.parameters)), shape)
    assert reshaped == target
    assert len(out(layer, reshaped)) == 3


@pytest.mark.parametrize("shape", [(10,), (2, 3, 4, 5), ()])
def test_refuses_other_ranks_in_a_sentence(shape: Shape) -> None:
    error = refused(Conv2D(4, 3), shape)
    assert "height × width × channels" in str(error)
    assert error.remedy is None


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (Conv2D(4, 3), (2, 5, 1), "larger than the image"),
        (Conv2D(4, 3, dilation_rate=3), (6, 6, 1), "covers 7 × 7"),
        (MaxPooling2D(4), (3, 8, 1), "larger than the image"),
        (Conv2D(4, 3, groups=2), (9, 9, 3), "3 cannot be split into 2"),
        (Conv2D(5, 3, groups=2), (9, 9, 4), "5 cannot be split into 2"),
        (Conv2D(4, 3, strides=2, dilation_rate=2), (9, 9, 1), "at once"),
    ],
)
def test_every_remedy_for_a_parameter_helps(layer: Any, shape: Shape, words: str) -> None:
    error = refused(layer, shape)
    assert words in str(error)
    assert error.remedy is not None
    assert error.remedy.insert is None
    assert out(layer.changed(**dict(error.remedy.parameters)), shape)


def test_refuses_unknown_sizes() -> None:
    assert "beforehand" in str(refused(Conv2D(4, 3), (None, 9, 1)))
    assert "beforehand" in str(refused(MaxPooling2D(), (9, 9, None)))


def test_one_number_means_both_axes() -> None:
    assert Conv2D(4, 3) == Conv2D(4, (3, 3))
    assert MaxPooling2D(3) == MaxPooling2D((3, 3), strides=None)
    with pytest.raises(ParameterError):
        Conv2D(4, (3, 3, 3))


@pytest.mark.parametrize(
    ("kernel", "stride", "dilation", "channels", "filters", "groups", "way"),
    [
        (3, 1, 1, 32, 64, 1, Winograd),
        (3, 1, 1, 1, 32, 1, Direct),
        (3, 1, 1, 32, 17, 1, Direct),
        (3, 1, 1, 512, 512, 1, Direct),
        (3, 2, 1, 32, 32, 1, Direct),
        (3, 1, 2, 32, 32, 1, Direct),
        (5, 1, 1, 32, 32, 1, Direct),
        (3, 1, 1, 32, 32, 2, Direct),
    ],
)
def test_the_algorithm_follows_from_the_shape(
    kernel: int, stride: int, dilation: int, channels: int, filters: int, groups: int, way: type
) -> None:
    axis = window_axis(20, kernel, stride, dilation, "same")
    assert isinstance(chosen(Geometry((axis, axis), channels, filters, groups, 4)), way)


def test_pooling_keeps_the_rest_only_when_padded() -> None:
    assert out(MaxPooling2D(), (5, 7, 2)) == (2, 3, 2)
    assert out(MaxPooling2D(padding="same"), (5, 7, 2)) == (3, 4, 2)
    assert out(MaxPooling2D(3, strides=1), (5, 7, 2)) == (3, 5, 2)
