"""Filters of every kind of convolution, and what sequences and volumes put out, in the real panel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtTest import QTest

from designer.panels.inside.layers import ACTIVATIONS, FILTERS
from designer.training.filters import filters, gives_sequences
from engine.catalogue.sources.base import Dataset, Field
from engine.explain.explainer import Explainer
from engine.explain.question import Question
from engine.infer import infer
from engine.plan.parameters import Parameters
from engine.project import Project
from engine.templates import chain
from tests.designer.panels.inside.test_pictures import fresh, point

SHAPES = {1: (9, 3), 2: (8, 7, 3), 3: (5, 6, 7, 2)}


def layer_words(kind: str) -> dict[str, Any]:
    return {"kernel_size": 3} | ({"depth_multiplier": 2} if kind.startswith("Depthwise") else {"filters": 4})


def expected(kind: str, axes: int, kernel: np.ndarray, number: int, channel: int) -> np.ndarray:
    """One filter as a picture, by plain indexing."""
    if kind.startswith("Depthwise"):
        multiplier = kernel.shape[-1]
        one = kernel[..., number // multiplier, number % multiplier]
        return one[None] if axes == 1 else one
    if kind.startswith("Separable"):
        one = kernel[..., number, 0]
        return one[None] if axes == 1 else one
    if kind.endswith("Transpose"):
        one = np.moveaxis(kernel[..., number, :], -1, 0)
    else:
        one = np.moveaxis(kernel[..., number], -1, 0)
    if axes == 1:
        return one  # a line for every channel
    return one[channel] if axes == 2 else np.concatenate(list(one[channel]), axis=1)


@pytest.mark.parametrize(
    "kind",
    ["Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "DepthwiseConv1D",
     "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"],
)  # fmt: skip
def test_every_convolution_shows_its_filters(kind: str) -> None:
    axes = int(next(c for c in kind if c.isdigit()))
    graph = chain(("Input", {"shape": SHAPES[axes]}), (kind, layer_words(kind)))
    inference, key = infer(graph), graph.outputs[0]
    parameters = Parameters(graph, inference, np.dtype("float32"))
    parameters.initialize(0)
    seen = filters(graph, inference)[key]
    kernel = parameters.of(key)[seen.weight]
    pictures = seen.pictured(kernel)
    assert pictures.ndim == 4 and pictures.shape[2:] == (seen.inputs, seen.outputs)
    assert seen.axes == axes
    for number in range(seen.outputs):
        for channel in range(seen.inputs):
            np.testing.assert_array_equal(
                pictures[:, :, channel, number], expected(kind, axes, kernel, number, channel)
            )


def test_what_is_no_filter_is_not_offered() -> None:
    graph = chain(
        ("Input", {"shape": (9, 3)}), ("LSTM", {"units": 3}), ("Maxout", {"units": 4}),
        ("Dense", {"units": 2}),
    )  # fmt: skip
    assert filters(graph, infer(graph)) == {}


def test_long_inputs_are_sequences_and_square_ones_pictures() -> None:
    for shape, wanted in (((60, 3), True), ((28, 28), False)):
        graph = chain(("Input", {"shape": shape}), ("LSTM", {"units": 3, "return_sequences": True}), ("Flatten", {}))
        found = [gives_sequences(graph, infer(graph), key) for key in graph.order]
        assert found == [wanted, True, False]
    graph = chain(("Input", {"shape": (60, 3)}), ("Flatten", {}), ("Dense", {"units": 2}))
    assert not gives_sequences(graph, infer(graph), "input"), "a table is no sequence"


def words(samples: int = 40) -> Dataset:
    """Sequences of nine steps with three features."""
    random = np.random.default_rng(1)
    values = random.normal(size=(samples, 9, 3)).astype(np.float32)
    return Dataset(
        {"steps": Field(values)}, {"label": Field((values.sum(axis=(1, 2)) > 0).astype(np.int64), ("a", "b"))}
    )


def test_a_sequence_runs_to_the_right(make_stage) -> None:
    graph = chain(
        ("Input", {"shape": (9, 3)}), ("Conv1D", {"filters": 4, "kernel_size": 3}),
        ("LSTM", {"units": 5, "return_sequences": True}), ("GRU", {"units": 6}),
        ("Dense", {"units": 2, "activation": "softmax"}),
    )  # fmt: skip
    stage = make_stage(Project(graph), words())
    stage.show()
    layers = stage.panel.layers
    layers.choose("lstm")
    stage.settle()
    sample = {"input": stage.panel.chooser.fields()["steps"]}
    values = Explainer(graph).look(fresh(stage), Question(sample, activations=("lstm",))).activations["lstm"]
    tiles = stage.panel._look.large
    assert tiles.turned and np.array_equal(tiles.values[:, :, 0], values.T)
    assert layers.facts.text.startswith("5 features; steps run right.")
    QTest.mouseMove(layers.plate, point(layers.plate, 4.5, 2.5))
    stage.until(lambda: bool(layers.readout.text))
    assert layers.readout.text == f"lstm, step 4, feature 2: {values[4, 2]:.4g}"
    layers.choose("gru")
    stage.settle()
    assert stage.panel._look.large.axes == (6,)

    layers.modes.choose(FILTERS)
    stage.settle()
    assert layers.layer == "conv1d" and layers.inputs.isHidden()
    kernel = fresh(stage)["conv1d"]["kernel"]
    assert np.array_equal(stage.panel._look.kernel.values, kernel.transpose(1, 0, 2))
    assert layers.facts.text.startswith("4 filters of 3 over 3 channels; steps run to the right")
    layers.modes.choose(ACTIVATIONS)
    stage.settle()


def test_slices_of_a_volume_stand_in_a_row(make_stage) -> None:
    graph = chain(
        ("Input", {"shape": (4, 5, 6, 2)}), ("Conv3D", {"filters": 3, "kernel_size": 2}), ("Flatten", {}),
        ("Dense", {"units": 2, "activation": "softmax"}),
    )  # fmt: skip
    values = np.random.default_rng(2).random((20, 4, 5, 6, 2)).astype(np.float32)
    labels = Field((np.arange(20) % 2).astype(np.int64), ("a", "b"))
    stage = make_stage(Project(graph), Dataset({"scan": Field(values)}, {"label": labels}))
    stage.show()
    layers = stage.panel.layers
    layers.choose("conv3d")
    stage.settle()
    sample = {"input": stage.panel.chooser.fields()["scan"]}
    found = Explainer(graph).look(fresh(stage), Question(sample, activations=("conv3d",))).activations["conv3d"]
    assert found.shape == (3, 4, 5, 3)
    shown = stage.panel._look.large.values
    assert np.array_equal(shown, np.concatenate(list(found), axis=1))
    QTest.mouseMove(layers.plate, point(layers.plate, 7.5, 1.5))
    stage.until(lambda: bool(layers.readout.text))
    assert layers.readout.text == f"conv3d, channel 0, slice 1, row 1, column 2: {found[1, 1, 2, 0]:.4g}"
    layers.modes.choose(FILTERS)
    stage.settle()
    assert layers.facts.text == "3 filters of 2 × 2 × 2 over 2 channels; their 2 slices stand in a row."
    assert not layers.inputs.isHidden() and layers.inputs.count() == 2
