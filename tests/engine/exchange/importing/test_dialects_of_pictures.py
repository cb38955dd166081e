"""Convolutions, borders and the order of channels in files of every version of Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.catalogue.layers.missing import Missing
from engine.exchange.importing.importer import Imported
from engine.train.predictor import Predictor
from tests.engine.exchange.importing.legacy import layer_of, losses, numbers, put_in, sequential, take


@pytest.mark.parametrize(
    ("padding", "kernel", "strides", "expected"),
    [
        ([[2, 2], [1, 1]], [3, 2], [1, 1], "full"),
        (2, [3, 3], [2, 2], "full"),
        ([1, 1], [3, 3], [1, 1], "same"),
        ([[1, 1], [1, 1]], [3, 3], [2, 2], ""),
        ([[0, 1], [0, 1]], [3, 3], [2, 2], ""),
        ([3, 3], [3, 3], [1, 1], ""),
    ],
)
def test_zeros_around_pictures(padding: Any, kernel: list[int], strides: list[int], expected: str) -> None:
    conv = {"filters": 2, "kernel_size": kernel, "strides": strides, "padding": "valid"}
    found = take(sequential(("ZeroPadding2D", {"padding": padding}), ("Conv2D", conv), shape=(None, 6, 5, 1)))

    if expected:
        assert layer_of(found, "l1").padding == expected
        assert len(found.project.graph.nodes) == 2
    else:
        assert layer_of(found).key == "ZeroPadding2D"
        assert layer_of(found, "l1").padding == "valid"


def first(flatten: dict[str, Any], order: str) -> tuple[Imported, Any, Any]:
    """A model with channels first, its input as the file means it, and what Dense must see in which order."""
    pooling = {"pool_size": [1, 1], "strides": None, "data_format": "channels_first"}
    kernel = numbers(2 * 3 * 4, 5)
    model = sequential(
        ("MaxPooling2D", pooling), ("Flatten", flatten), ("Dense", {"units": 5, "use_bias": False}),
        shape=(None, 2, 3, 4),
    )  # fmt: skip
    found = take(model, {"l2": {"l2/kernel:0": kernel}})
    x = numbers(3, 2, 3, 4)
    rows = x if order == "chw" else x.transpose(0, 2, 3, 1)
    return found, x.transpose(0, 2, 3, 1), rows.reshape(3, -1) @ kernel


@pytest.mark.parametrize(
    ("flatten", "order"),
    [({}, "chw"), ({"data_format": "channels_last"}, "chw"), ({"data_format": "channels_first"}, "hwc")],
)
def test_flattened_channels_first(flatten: dict[str, Any], order: str) -> None:
    found, x, expected = first(flatten, order)
    assert found.state is not None
    predictor = Predictor(found.project.graph, found.state.weights, threads=1)
    (y,) = predictor.predict({"input": x}).values()

    assert np.allclose(y, expected, rtol=1e-5, atol=1e-6)
    assert any("channels" in said for said in found.notes)


def test_layers_that_channels_first_would_change_are_place_holders() -> None:
    pooling = {"data_format": "channels_first"}
    model = sequential(("MaxPooling2D", pooling), ("Dense", {"units": 5}), shape=(None, 2, 4, 4))
    found = take(model)
    assert isinstance(layer_of(found, "l1"), Missing)

    mixed = sequential(("MaxPooling2D", pooling), ("MaxPooling2D", {}), shape=(None, 2, 4, 4))
    assert any("mixes channels first" in said for said in take(mixed).lost)


@pytest.mark.parametrize("backend", ["tensorflow", "theano"])
@pytest.mark.parametrize("oldest", [False, True])
def test_sequences_of_keras_1_were_pictures(backend: str, oldest: bool) -> None:
    kernel, bias, x = numbers(3, 2, 5), numbers(5), numbers(4, 6, 2)
    kept = kernel[::-1] if backend == "theano" else kernel
    kept = kept.transpose(2, 1, 0)[..., None] if oldest else kept[:, None]
    config = {"nb_filter": 5, "filter_length": 3, "border_mode": "valid", "subsample_length": 1, "input_dim": 2}
    model = sequential(("Convolution1D", config), shape=(None, 6, 2))

    found = take(model, {"l0": {"l0_W": kept, "l0_b": bias}}, version="1.2.2", backend=backend)

    assert losses(found) == []
    expected = np.stack([np.tensordot(x[:, i : i + 3], kernel, ((1, 2), (0, 1))) for i in range(4)], 1) + bias
    np.testing.assert_allclose(put_in(found, x), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "config", "shape", "kernels"),
    [
        ("DepthwiseConv2D", {"depth_multiplier": 2, "filters": None}, (5, 5, 2), ((2, 2, 2, 2), (4,))),
        ("SeparableConv2D", {"filters": 3}, (5, 5, 2), ((2, 2, 2, 1), (1, 1, 2, 3), (3,))),
        ("Conv2DTranspose", {"filters": 3, "output_padding": None}, (5, 5, 2), ((2, 2, 3, 2), (3,))),
    ],
)
def test_what_keras_2_inherited_says_nothing(kind: str, config: Any, shape: Any, kernels: Any) -> None:
    names = ["depthwise_kernel", "pointwise_kernel"] if kind == "SeparableConv2D" else ["depthwise_kernel"]
    names = [*(["kernel"] if kind == "Conv2DTranspose" else names), "bias"]
    inherited: dict[str, Any] = {"groups": 1, "dilation_rate": [1, 1], "strides": [1, 1], "padding": "valid"}
    if kind != "Conv2DTranspose":
        inherited["kernel_initializer"] = {"class_name": "GlorotUniform", "config": {"seed": None}}
    told = sequential((kind, {"kernel_size": [2, 2], **config, **inherited}), shape=(None, *shape))
    weights = {f"l0/{name}:0": numbers(*size) for name, size in zip(names, kernels, strict=True)}

    found = take(told, {"l0": weights}, version="2.11.0")

    assert losses(found) == []
    assert layer_of(found).key == kind
    assert found.state is not None
    held = next(iter(found.state.weights.values()))
    assert all(np.array_equal(a, b) for a, b in zip(held.values(), weights.values(), strict=True))


def test_groups_that_a_class_does_not_have_are_no_trifle() -> None:
    found = take(sequential(("DepthwiseConv2D", {"kernel_size": 2, "groups": 2}), shape=(None, 5, 5, 2)))

    assert isinstance(layer_of(found), Missing)
    assert "groups" in found.lost[0]


@pytest.mark.parametrize("kind", ["Conv1D", "Conv1DTranspose", "Conv3D"])
def test_sequences_and_volumes_with_channels_first_are_not_guessed(kind: str) -> None:
    config = {"filters": 2, "kernel_size": 1, "data_format": "channels_first"}
    shape = (None, 4, 4, 4, 2) if kind == "Conv3D" else (None, 4, 2)

    found = take(sequential((kind, config), shape=shape))

    assert isinstance(layer_of(found), Missing)
    assert "channels first" in found.lost[0]


@pytest.mark.parametrize(("zeros", "padding"), [([2, 2], "full"), ([1, 1], "same"), ([2, 1], None)])
def test_zeros_around_sequences_are_the_convolutions(zeros: list[int], padding: str | None) -> None:
    told = sequential(
        ("ZeroPadding1D", {"padding": zeros}), ("Conv1D", {"filters": 2, "kernel_size": [3]}), shape=(None, 6, 2)
    )

    found = take(told)

    if padding is None:
        assert layer_of(found).key == "ZeroPadding1D"
    else:
        assert layer_of(found, "l1").padding == padding
