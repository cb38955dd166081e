"""Recurrent layers: gradients through masks, states that go from layer to layer, and what is refused."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine import Sequential, layers
from engine.component import resolved
from engine.errors import DataError, ParameterError, ShapeError
from engine.graph import Edge, Graph, Node
from engine.tensor_spec import TensorSpec
from tests.engine.workbench import GraphBench

SEQUENCES = {"return_sequences": True}


def layer(kind: str, **values: Any) -> Any:
    return resolved("layer", {"type": kind, **values})


def chain(*layers: Any) -> Graph:
    graph = Graph()
    for place, one in enumerate(layers):
        graph = graph.add(Node(f"n{place}", one))
    for first, second in pairwise(graph.nodes):
        graph = graph.connect(Edge(first, second))
    return graph


def assert_gradient_is_the_slope(bench: GraphBench) -> None:
    """The gradient is that of small steps in random directions."""
    random, flat = np.random.default_rng(2), bench.parameters.flat
    used = np.zeros(len(flat), bool)
    for entry in bench.parameters.trainable():
        used[entry.start : entry.stop] = True
    start = flat.copy()
    bench.loss()
    gradient = bench.parameters.gradient.copy()
    for _ in range(2):
        direction = np.where(used, random.standard_normal(len(flat)), 0.0)
        losses = []
        for sign in (1, -1):
            flat[:] = start + sign * 1e-6 * direction
            losses.append(bench.loss())
        flat[:] = start
        numeric, analytic = (losses[0] - losses[1]) / 2e-6, float(gradient @ direction)
        assert abs(numeric - analytic) <= 1e-6 * max(1.0, abs(numeric), abs(analytic))


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize(
    "declared",
    [
        layer("SimpleRNN", units=3, **SEQUENCES),
        layer("SimpleRNN", units=3, activation="gelu", zero_output_for_mask=True),
        layer("LSTM", units=3),
        layer("LSTM", units=3, go_backwards=True, recurrent_dropout=0.3, **SEQUENCES),
        layer("LSTM", units=2, activation="gelu", zero_output_for_mask=True, **SEQUENCES),
        layer("GRU", units=3, **SEQUENCES),
        layer("GRU", units=3, reset_after=False, dropout=0.3),
        layer("GRU", units=2, activation="gelu", go_backwards=True),
        layer("Bidirectional", layer={"type": "LSTM", "units": 2, **SEQUENCES}),
    ],
    ids=lambda made: f"{made.key}-{made.badge}",
)
def test_gradients_pass_masks(declared: Any, shards: int) -> None:
    network = chain(
        layer("Input", shape=(4, 2)), layer("Masking"), layer("Dense", units=2), declared, layer("Dense", units=2)
    )

    assert_gradient_is_the_slope(GraphBench(network, rows=6, shards=shards))


def test_an_encoder_starts_a_decoder_with_its_states() -> None:
    graph = chain(layer("Input", shape=(3, 2)), layer("LSTM", units=3, return_state=True))
    graph = graph.add(Node("words", layer("Input", shape=(4, 2))))
    graph = graph.add(Node("decoder", layer("LSTM", units=3, **SEQUENCES))).connect(Edge("words", "decoder"))
    for state in ("state_h", "state_c"):
        graph = graph.connect(Edge("n1", "decoder", state, "initial_state"))
    bench = GraphBench(graph, rows=5, shards=2)

    # The encoder's own answer is read by nobody, so all it learns comes through its states.
    assert_gradient_is_the_slope(bench)
    bench.loss()
    encoder = [entry for entry in bench.parameters.trainable() if entry.node == "n1"]
    assert encoder
    assert all(np.abs(bench.parameters.view(bench.parameters.gradient, entry)).max() > 0 for entry in encoder)


def test_masked_steps_keep_state_and_answer() -> None:
    network = chain(layer("Input", shape=(5, 2)), layer("Masking"), layer("GRU", units=3, **SEQUENCES))
    bench = GraphBench(network, rows=3)
    bench.feed.inputs["n0"][:, 4:8] = 0  # steps 2 and 3
    answers = bench.predict()

    np.testing.assert_array_equal(answers[:, 2], answers[:, 1])
    np.testing.assert_array_equal(answers[:, 3], answers[:, 1])
    assert not np.array_equal(answers[:, 4], answers[:, 1])


def test_dropped_inputs_and_states_are_drawn_once_for_all_steps() -> None:
    declared = layer("SimpleRNN", units=40, activation="linear", use_bias=False, dropout=0.5, **SEQUENCES)
    bench = GraphBench(chain(layer("Input", shape=(3, 30)), declared), rows=4)
    for entry in bench.parameters.entries:
        array = bench.parameters.view(bench.parameters.flat, entry)
        array[...] = np.eye(*array.shape) if entry.spec.name == "kernel" else 0
    bench.feed.inputs["n0"][...] = 1
    bench.loss()
    kept = bench.plan.values["n1"][0][:, :, :30]

    assert set(np.unique(kept)) == {0.0, 2.0}
    assert 0.3 < (kept[:, 0] > 0).mean() < 0.7
    np.testing.assert_array_equal(kept[:, 0], kept[:, 1])
    np.testing.assert_array_equal(kept[:, 0], kept[:, 2])


@pytest.mark.parametrize("shards", [1, 3])
@pytest.mark.parametrize(
    "declared",
    [
        layer("SimpleRNN", units=3, stateful=True),
        layer("LSTM", units=3, stateful=True, recurrent_dropout=0.3, **SEQUENCES),
        layer("GRU", units=3, stateful=True, activation="gelu"),
        layer("Bidirectional", layer={"type": "LSTM", "units": 2, "stateful": True}),
        layer("TimeDistributed", layer={"type": "GRU", "units": 2, "stateful": True}),
    ],
    ids=lambda made: f"{made.key}-{made.badge}",
)
def test_gradients_begin_with_the_states_of_the_batch_before(declared: Any, shards: int) -> None:
    shape = (2, 3, 2) if declared.key == "TimeDistributed" else (4, 2)
    network = chain(layer("Input", shape=shape), layer("Dense", units=2), declared, layer("Dense", units=2))
    bench = GraphBench(network, rows=6, shards=shards)
    before = bench.loss()
    bench.plan.carried.take(6)
    states = bench.plan.carried.copy()
    loss = bench.loss
    assert loss() != before

    def from_there() -> float:
        bench.plan.carried.load(states)
        return loss()

    bench.loss = from_there  # type: ignore[method-assign]
    assert_gradient_is_the_slope(bench)


@pytest.mark.parametrize(
    ("declared", "shapes", "told"),
    [
        (layer("LSTM", units=3), ((4,),), "needs a sequence"),
        (layer("LSTM", units=3), ((4, 2), (3,)), "begins with 2 state"),
        (layer("GRU", units=3), ((4, 2), (5,)), "states of 3 numbers"),
        (layer("Bidirectional", layer={"type": "GRU", "units": 3}), ((4, 2), (3,)), "begins with 2 states"),
        (layer("TimeDistributed", layer="Flatten"), ((4,),), "needs steps"),
    ],
)
def test_shapes_that_do_not_fit_are_told(declared: Any, shapes: tuple[tuple[int, ...], ...], told: str) -> None:
    with pytest.raises(ShapeError, match=told):
        declared.infer(tuple(TensorSpec(shape) for shape in shapes))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"layer": {"type": "Dense", "units": 3}}, "must be a recurrent layer"),
        ({"layer": {"type": "GRU", "units": 3, "go_backwards": True}}, "differ in go_backwards"),
        (
            {
                "layer": {"type": "GRU", "units": 3},
                "backward_layer": {"type": "GRU", "units": 2, "go_backwards": True},
                "merge_mode": "sum",
            },
            "as many units",
        ),
    ],
)
def test_directions_that_do_not_go_together_are_told(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ParameterError, match=told):
        layer("Bidirectional", **given)


def test_time_distributed_wants_a_layer_with_one_input_and_output() -> None:
    with pytest.raises(ParameterError, match="one input"):
        layer("TimeDistributed", layer="Add")
    with pytest.raises(ParameterError, match="puts out several"):
        layer("TimeDistributed", layer={"type": "LSTM", "units": 2, "return_state": True})


@pytest.mark.parametrize(
    "inner", ["Masking", {"type": "Embedding", "input_dim": 5, "output_dim": 2, "mask_zero": True}]
)
def test_single_steps_have_no_masks_of_their_own(inner: Any) -> None:
    with pytest.raises(ParameterError, match="layer must not make a mask"):
        layer("TimeDistributed", layer=inner)


def test_words_in_steps_are_checked_like_others() -> None:
    model = Sequential([layers.Input((4, 3)), layers.TimeDistributed(layers.Embedding(5, 2))])

    assert model.predict(np.full((2, 4, 3), 4), verbose=0).shape == (2, 4, 3, 2)
    with pytest.raises(DataError, match="9"):
        model.predict(np.full((2, 4, 3), 9), verbose=0)
