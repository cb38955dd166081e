"""ONNX files are valid, lean, and compute what the engine does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from engine.catalogue.layers.base import Layer
from engine.catalogue.layers.emitter import Emitter, Value
from engine.component import component
from engine.errors import UsageError
from engine.exchange.export import export
from engine.exchange.onnx_target import Onnx, run_by_reference, run_by_runtime
from engine.exchange.parcel import Parcel, pack
from engine.exchange.target import Proof, compared
from engine.graph import Graph
from engine.templates import TEMPLATES, chain
from tests.engine.exchange.networks import NETWORKS, made, merging, parcel_named, parcel_of, shapes, windows, wired

TARGET = Onnx()


def written(parcel: Parcel, room: Path) -> Path:
    assert TARGET.obstacles(parcel) == ()
    place = room / "network.onnx"
    TARGET.write(parcel, place)
    return place


def operators(place: Path) -> list[str]:
    return [node.op_type for node in onnx.load(place).graph.node]


@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_computes_the_same(name: str, tmp_path: Path) -> None:
    parcel = parcel_named(name)

    proof = TARGET.prove(parcel, written(parcel, tmp_path))

    assert isinstance(proof, Proof)
    assert proof.by.startswith("onnxruntime")
    assert proof.share <= 1e-5


@pytest.mark.parametrize("name", [*shapes(), *windows()])
def test_the_reference_implementation_agrees(name: str, tmp_path: Path) -> None:
    parcel = parcel_of(NETWORKS[name], rows=2)
    samples = {parcel.names[key]: rows for key, rows in parcel.samples.items()}

    by, answers = run_by_reference(written(parcel, tmp_path), samples)

    assert by.startswith("the reference evaluator of onnx")
    assert compared(parcel, by, dict(zip(parcel.graph.outputs, answers, strict=True))).difference < 1e-4


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    parcel = parcel_of(NETWORKS["several inputs and outputs"], "Häuser & Co.", ("left", "right"))
    model = onnx.load(written(parcel, tmp_path))

    assert (model.ir_version, model.opset_import[0].version, model.producer_name) == (8, 17, "Layerloom")
    assert (model.doc_string, model.graph.name) == ("Häuser & Co.", "h_user_co")
    assert json.loads({p.key: p.value for p in model.metadata_props}["classes"]) == ["left", "right"]
    borders = {info.name: info.type.tensor_type.shape.dim for info in (*model.graph.input, *model.graph.output)}
    assert {name: [dim.dim_param or dim.dim_value for dim in dims] for name, dims in borders.items()} == {
        "b": ["batch", 3], "a": ["batch", 3], "unused": ["batch", 2], "table": ["batch", 2, 3],
        "unused.output": ["batch", 2], "left": ["batch", 2],
    }  # fmt: skip


def test_every_value_has_a_known_shape(tmp_path: Path) -> None:
    model = onnx.load(written(parcel_of(TEMPLATES["digits-convolution"].make().graph), tmp_path))

    inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)

    shapes_of = {info.name: info.type.tensor_type.shape.dim for info in inferred.graph.value_info}
    assert len(shapes_of) == len(model.graph.node) - 1
    assert all(dims[0].dim_param == "batch" for dims in shapes_of.values())
    assert all(dim.dim_value > 0 for dims in shapes_of.values() for dim in dims[1:])


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_the_batch_may_have_any_size(rows: int, tmp_path: Path) -> None:
    parcel = parcel_of(NETWORKS["residual"], rows=rows)

    assert TARGET.prove(parcel, written(parcel, tmp_path)).holds  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("graph", "turns"),
    [
        (TEMPLATES["digits-dense"].make().graph, 0),
        (TEMPLATES["digits-convolution"].make().graph, 2),
        (merging()["residual"], 2),
        (shapes()["flatten one pixel"], 1),
        (shapes()["flatten one channel"], 1),
        (shapes()["softmax on an image"], 2),
    ],
)
def test_nothing_is_turned_without_need(graph: Graph, turns: int, tmp_path: Path) -> None:
    assert operators(written(parcel_of(graph, rows=2), tmp_path)).count("Transpose") == turns


def test_operators_are_those_that_runtimes_are_fast_at(tmp_path: Path) -> None:
    place = written(parcel_of(TEMPLATES["digits-convolution"].make().graph, rows=2), tmp_path)

    assert operators(place) == [
        "Transpose", "Conv", "Relu", "Conv", "Relu", "MaxPool", "Transpose", "Flatten", "Gemm", "Relu", "Gemm",
        "Softmax",
    ]  # fmt: skip


def test_a_name_that_no_text_can_hold_is_written(tmp_path: Path) -> None:
    parcel = parcel_of(NETWORKS["one input alone"], "bad \udc80 name", ("bad \udc80 class",))

    assert onnx.load(written(parcel, tmp_path)).doc_string == "bad ? name"


def test_weights_beyond_two_gigabytes_are_refused_before() -> None:
    graph = chain(("Input", {"shape": (3,)}), ("Dense", {"units": 2}))
    parcel = pack("large", graph, {})
    # An array of one number that claims to be large takes no room.
    huge = np.lib.stride_tricks.as_strided(np.zeros(1, np.float32), (3, 200_000_000), (0, 0))
    large = Parcel("large", graph, {"dense": {"kernel": huge, "bias": huge[0]}}, parcel.samples)

    (problem,) = TARGET.obstacles(large)

    assert "3.0 GB" in problem.text


def test_samples_of_another_type_are_taken(tmp_path: Path) -> None:
    parcel = parcel_named("Dense-0")
    whole = Parcel(
        parcel.name,
        parcel.graph,
        parcel.weights,
        {k: np.round(v).astype(np.float64) for k, v in parcel.samples.items()},
    )

    assert TARGET.prove(whole, written(whole, tmp_path)).holds  # type: ignore[union-attr]


def test_a_layer_without_counterpart_is_named() -> None:
    layer = made("Missing", raw='{"type": "Strange"}', takes="x")
    from_file = wired({"input": made("Input", shape=(3,)), "odd": layer}, ("input", "odd"))

    with pytest.raises(UsageError, match="Strange"):
        pack("x", from_file, {})


def test_the_runtime_is_told_apart(tmp_path: Path) -> None:
    parcel = parcel_named("one input alone")
    samples = {parcel.names[key]: rows for key, rows in parcel.samples.items()}

    by, (answer,) = run_by_runtime(written(parcel, tmp_path), samples)

    assert by.split()[0] == "onnxruntime"
    assert np.array_equal(answer, *parcel.samples.values())


def test_a_file_that_does_not_run_is_no_export(tmp_path: Path) -> None:
    parcel = parcel_named("Dense-0")
    place = written(parcel, tmp_path)
    model = onnx.load(place)
    model.graph.node[0].op_type = "Gemmm"
    onnx.save(model, place)

    with pytest.raises(UsageError, match=r"was not kept, because it does not run: .*Gemmm"):
        TARGET.prove(parcel, place)


def test_a_file_that_is_not_valid_is_not_written(tmp_path: Path) -> None:
    @component
    class Crooked(Layer):
        """y = x, told wrongly."""

        def export(self, out: Emitter, x: tuple[Value, ...]) -> tuple[Value, ...]:
            return (out.reshape(x[0], (7,)),)

    graph = wired({"input": made("Input", shape=(3,)), "odd": Crooked()}, ("input", "odd"))

    with pytest.raises(UsageError, match="ONNX's checker refuses it"):
        list(export(TARGET, pack("x", graph, {}), tmp_path / "x.onnx"))

    assert list(tmp_path.iterdir()) == []
