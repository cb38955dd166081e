"""More of what holds for every registered layer: larger and odd shapes, whole batches, resumed runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.catalogue.layers.base import Example, Layer
from engine.data.split import Parts
from engine.errors import ShapeError
from engine.graph import Edge, Graph, Node
from engine.infer import infer
from engine.io.weights import state_from_bytes, state_to_bytes
from engine.project import Project, TrainConfig
from engine.tensor_spec import TensorSpec
from engine.train.events import BatchEnd
from engine.train.trainer import Trainer
from tests.engine.test_layers import CASES, LAYERS, made
from tests.engine.train.networks import bits, halted
from tests.engine.workbench import Bench

#: Layers whose answer to a sample depends on the batch while they train.
MIXING = {"BatchNormalization"}
#: Added to every size, so that vectors are left over at the end of rows: odd ones stay odd, groups stay whole.
GROWTH = (8, 30)


def larger(cls: type[Layer], example: Example, growth: int) -> Example | None:
    """An example with every size grown, if the layer takes such shapes."""
    shapes = tuple(tuple(size + growth for size in shape) for shape in example.shapes)
    specs = tuple(TensorSpec(shape) for shape in shapes)
    layer = made(cls, example)
    try:
        layer.weights(specs)
        outputs = layer.infer(specs)
    except ShapeError:
        return None
    return Example(example.parameters, shapes) if sum(spec.size for spec in outputs) < 400_000 else None


@pytest.mark.parametrize("growth", GROWTH)
@pytest.mark.parametrize(("cls", "example"), CASES)
def test_single_precision_agrees_with_double_at_larger_shapes(cls: type[Layer], example: Example, growth: int) -> None:
    grown = larger(cls, example, growth)
    if grown is None:
        pytest.skip("its parameters fix the shape")
    double, single = (Bench(made(cls, grown), grown, dtype=d, rows=3, shards=2) for d in ("float64", "float32"))

    loss = double.loss()
    if not np.isfinite(loss):
        pytest.skip("its activations have no bound, and grow over so many steps")
    assert single.loss() == pytest.approx(loss, rel=5e-5, abs=5e-6)
    wide, narrow = double.parameters.gradient, single.parameters.gradient
    np.testing.assert_allclose(narrow, wide, rtol=1e-3, atol=5e-5 * max(1e-3, float(np.abs(wide).max())))
    exact = double.predict()
    np.testing.assert_allclose(single.predict(), exact, rtol=2e-4, atol=5e-5 * max(1e-3, float(np.abs(exact).max())))


def test_most_layers_take_larger_shapes() -> None:
    grown = {cls.key for cls in LAYERS for example in cls.examples if larger(cls, example, GROWTH[0])}

    assert len(grown) > 0.85 * len(LAYERS), {cls.key for cls in LAYERS} - grown


def is_chance(cls: type[Layer], example: Example) -> bool:
    """Whether it draws random numbers while it trains."""
    bench = Bench(made(cls, example), example, rows=8)
    first = bench.loss()
    bench.plan.clock[:] += 1  # seed and step
    return bench.loss() != first


def is_mixing(cls: type[Layer], example: Example) -> bool:
    """Whether a sample's answer or penalty depends on the others of its batch."""
    if cls.key in MIXING or any(str(value) in MIXING for value in example.parameters.values()):
        return True
    bench = Bench(made(cls, example), example, rows=8)
    bench.loss()
    if any(mask is not None and not mask.all() for masks in bench.plan.masks.values() for mask in masks):
        return True  # the loss is the mean over all steps of the batch that count
    # The angles that this one penalizes are those between samples.
    return "OrthogonalRegularizer" in str(example.parameters.get("activity_regularizer"))


@pytest.mark.parametrize(("cls", "example"), CASES)
def test_a_batch_learns_what_its_rows_learn(cls: type[Layer], example: Example) -> None:
    """The gradient of eight rows is the mean of eight gradients, unless the layer mixes the batch."""
    if is_chance(cls, example):
        pytest.skip("draws other random numbers for other places in the batch")
    bench = Bench(made(cls, example), example, rows=8)
    loss, wanted = bench.loss(), bench.parameters.gradient.copy()
    single = Bench(made(cls, example), example, rows=1)
    single.parameters.load(bench.parameters.copy())
    losses, total = [], np.zeros_like(wanted)
    for row in range(8):
        for key, values in single.feed.inputs.items():
            values[...] = bench.feed.inputs[key][row : row + 1]
        for key, values in single.feed.targets.items():
            values[...] = bench.feed.targets[key][row : row + 1]
        losses.append(single.loss())
        total += single.parameters.gradient / 8
    agree = np.allclose(total, wanted, rtol=1e-9, atol=1e-9 * max(1.0, float(np.abs(wanted).max())))
    agree = agree and np.isclose(np.mean(losses), loss, rtol=1e-9)

    assert agree != is_mixing(cls, example)


def learning(cls: type[Layer], example: Example) -> tuple[Project, Parts]:
    """A network around the layer that answers with one number, and random data for it."""
    random = np.random.default_rng(8)
    graph, inputs = Graph(), {}
    layer = made(cls, example)
    graph = graph.add(Node("subject", layer))
    bench = Bench(layer, example, rows=11)
    for place, shape in enumerate(example.shapes):
        graph = graph.add(Node(f"in{place}", bench.graph.nodes[f"in{place}"].layer))
        port = layer.inputs[min(place, len(layer.inputs) - 1)].name
        graph = graph.connect(Edge(f"in{place}", "subject", target_port=port))
        inputs[f"in{place}"] = bench.feed.inputs[f"in{place}"].reshape(11, *shape).astype(np.float32)
    port = layer.outputs[0].name
    for key, node in (("flat", registry.layers.get("Flatten")()), ("out", registry.layers.get("Dense")(units=1))):
        graph = graph.add(Node(key, node))  # type: ignore[arg-type]
    graph = graph.connect(Edge("subject", "flat", source_port=port)).connect(Edge("flat", "out"))
    config: Any = TrainConfig(
        epochs=2, batch_size=4, loss="mean_squared_error", metrics=(), optimizer={"type": "Adam"}, seed=4
    )
    assert not infer(graph).problems
    project = Project(graph, config, inputs=tuple((key, key) for key in inputs))
    y = random.standard_normal((11, 1)).astype(np.float32)
    return project, Parts(inputs, {"y": y}, {}, {}, {})


@pytest.mark.parametrize(("cls", "example"), CASES)
def test_a_run_stopped_in_mid_epoch_goes_on_with_the_same_bits(cls: type[Layer], example: Example) -> None:
    project, parts = learning(cls, example)
    whole = halted(Trainer(project, parts, threads=1), lambda _: False)
    state = halted(Trainer(project, parts, threads=2), lambda e: isinstance(e, BatchEnd) and e.step == 4)
    assert (whole.step, state.step, state.batch) == (6, 4, 1)

    again = state_from_bytes(state_to_bytes(state))
    resumed = halted(Trainer(project, parts, again, threads=4), lambda _: False)

    assert bits(resumed) == bits(whole)
