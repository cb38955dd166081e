"""Recurrent layers become what each language has for them, else loops that can be read; states go by wire."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from engine.exchange.numpy_target import NumpyScript
from engine.exchange.onnx_target import Onnx, run_by_reference
from engine.exchange.target import Target, compared
from engine.exchange.torch_target import Torch
from engine.graph import Graph
from engine.templates import chain
from tests.engine.exchange.networks import NETWORKS, around, made, parcel_of, sequences

TARGETS: list[Target] = [Onnx(), Torch(), NumpyScript()]
STEPS = ("Input", {"shape": (5, 3)})


def onnx_nodes(graph: Graph, room: Path) -> list[onnx.NodeProto]:
    Onnx().write(parcel_of(graph), room / "network.onnx")
    return list(onnx.load(room / "network.onnx").graph.node)


def torch_text(graph: Graph, room: Path) -> str:
    Torch().write(parcel_of(graph), room)
    return (room / "model.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sequences())
def test_onnx_means_the_same_to_its_reference_implementation(name: str, tmp_path: Path) -> None:
    parcel = parcel_of(NETWORKS[name], rows=2)
    Onnx().write(parcel, tmp_path / "network.onnx")

    by, answers = run_by_reference(
        tmp_path / "network.onnx", {parcel.names[key]: rows for key, rows in parcel.samples.items()}
    )

    assert compared(parcel, by, dict(zip(parcel.graph.outputs, answers, strict=True))).share <= 1e-5


@pytest.mark.parametrize(
    ("kind", "values", "operator"),
    [
        ("SimpleRNN", {}, "RNN"),
        ("LSTM", {}, "LSTM"),
        ("GRU", {}, "GRU"),
        ("GRU", {"reset_after": False}, "GRU"),
        ("LSTM", {"activation": "relu"}, "Scan"),
        ("SimpleRNN", {"activation": "gelu"}, "Scan"),
    ],
)
def test_onnx_has_operators_for_the_usual_functions(
    kind: str, values: dict[str, object], operator: str, tmp_path: Path
) -> None:
    found = [node.op_type for node in onnx_nodes(chain(STEPS, (kind, {"units": 4, **values})), tmp_path)]

    assert [name for name in found if name in ("RNN", "LSTM", "GRU", "Scan")] == [operator]


def test_onnx_is_told_where_the_reset_gate_acts(tmp_path: Path) -> None:
    for after in (True, False):
        nodes = onnx_nodes(chain(STEPS, ("GRU", {"units": 2, "reset_after": after})), tmp_path)
        (node,) = (node for node in nodes if node.op_type == "GRU")
        words = {word.name: word.i for word in node.attribute}
        assert words == {"hidden_size": 2, "linear_before_reset": int(after)}


@pytest.mark.parametrize(
    ("kind", "values", "made_as"),
    [
        ("SimpleRNN", {}, "nn.RNN(3, 4, batch_first=True)"),
        ("SimpleRNN", {"activation": "relu"}, 'nn.RNN(3, 4, nonlinearity="relu", batch_first=True)'),
        ("LSTM", {"use_bias": False}, "nn.LSTM(3, 4, bias=False, batch_first=True)"),
        ("GRU", {}, "nn.GRU(3, 4, batch_first=True)"),
        ("GRU", {"reset_after": False}, "GruSteps(3, 4, torch.tanh, torch.sigmoid, reset_after=False)"),
        ("LSTM", {"activation": "softsign"}, "LstmSteps(3, 4, F.softsign, torch.sigmoid)"),
        ("SimpleRNN", {"activation": "softmax"}, "SimpleSteps(3, 4, lambda x: F.softmax(x, dim=-1))"),
    ],
)
def test_pytorch_has_layers_for_the_usual_functions(
    kind: str, values: dict[str, object], made_as: str, tmp_path: Path
) -> None:
    text = torch_text(chain(STEPS, (kind, {"units": 4, **values})), tmp_path)

    assert f" = {made_as}\n" in text
    assert text.count("(nn.Module)") == (1 if made_as.startswith("nn.") else 2)


def test_a_module_of_the_file_is_written_once_and_trains_on(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    layer = ("GRU", {"units": 4, "reset_after": False, "return_sequences": True})
    text = torch_text(chain(STEPS, layer, layer), tmp_path)
    space: dict[str, object] = {"__file__": str(tmp_path / "model.py"), "__name__": "model"}
    exec(compile(text, "model.py", "exec"), space)
    network = space["load"]()  # type: ignore[operator]

    network(torch.ones(2, 5, 3)).sum().backward()

    assert text.count("class GruSteps(") == 1
    slopes = {name: weight.grad for name, weight in network.named_parameters()}
    assert len(slopes) == 6
    assert all(slope is not None and bool(slope.abs().sum() > 0) for slope in slopes.values())


def test_a_script_holds_the_loops_it_needs(tmp_path: Path) -> None:
    NumpyScript().write(parcel_of(chain(STEPS, ("GRU", {"units": 2}))), tmp_path)
    text = (tmp_path / "network.py").read_text(encoding="utf-8")

    assert "def gru(" in text
    assert "def lstm(" not in text
    with np.load(tmp_path / "weights.npz") as stored:
        assert set(stored.files) == {"gru.kernel", "gru.recurrent_kernel", "gru.bias"}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.key)
@pytest.mark.parametrize("kind", ["LSTM", "Bidirectional"])
def test_states_that_live_on_are_refused_in_a_sentence(kind: str, target: Target) -> None:
    layer = {"units": 2, "stateful": True}
    values = layer if kind == "LSTM" else {"layer": {"type": "SimpleRNN"} | layer}

    (told,) = target.obstacles(parcel_of(around(made(kind, **values), ((4, 3),))))

    assert told.text == (
        f"{kind} hands its states on from batch to batch (stateful=True), which only exports to Keras can say. "
        "Export to Keras, or set stateful to False."
    )


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.key)
def test_masks_that_arrive_are_refused_in_a_sentence(target: Target) -> None:
    (problem,) = target.obstacles(parcel_of(chain(STEPS, ("Masking", {}), ("LSTM", {"units": 2}))))

    assert "leaves out the steps that a mask hides" in problem.text


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.key)
def test_layers_that_share_weights_have_them_once(target: Target, tmp_path: Path) -> None:
    place = tmp_path / "network.onnx" if target.suffix else tmp_path
    target.write(parcel_of(NETWORKS["read twice"]), place)

    if target.suffix:
        arrays = [array for array in onnx.load(place).graph.initializer if array.data_type == onnx.TensorProto.FLOAT]
        sizes = [int(np.prod(array.dims)) for array in arrays if array.dims]
    else:
        with np.load(tmp_path / "weights.npz") as stored:
            sizes = [stored[name].size for name in stored.files]

    # Both directions, with two biases each where the language has two; then the GRU.
    biases = 2 * 3 if target.key == "numpy" else 2 * 6
    assert sum(sizes) == 2 * (3 * 3 + 3 * 3) + biases + 6 * 6 + 2 * 6 + 2 * 6


def test_pytorch_notes_what_recurrent_layers_drop() -> None:
    layer = {"type": "LSTM", "units": 2, "recurrent_dropout": 0.5}

    assert Torch().notes(parcel_of(chain(STEPS, ("LSTM", {"units": 2})))) == ()
    for values in (("LSTM", {"units": 2, "dropout": 0.1}), ("Bidirectional", {"layer": layer})):
        (note,) = Torch().notes(parcel_of(chain(STEPS, values)))
        assert note == "What recurrent layers drop is dropped in training only and not in the file."
