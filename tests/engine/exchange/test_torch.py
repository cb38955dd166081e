"""PyTorch modules can be read, load their weights, train on, and compute what the engine does."""

from __future__ import annotations

import ast
import importlib.util
import runpy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.exchange.parcel import Parcel
from engine.exchange.target import Proof, Unproven, compared
from engine.exchange.torch_names import FILE, MODULE
from engine.exchange.torch_target import Torch
from engine.templates import TEMPLATES, chain
from tests.engine.exchange.networks import HOSTILE, NETWORKS, parcel_named, parcel_of

TARGET = Torch()
HAS_TORCH = importlib.util.find_spec("torch") is not None
WITH_TORCH = pytest.mark.skipif(not HAS_TORCH, reason="PyTorch is not installed: python3 main.py test --peers")


def written(parcel: Parcel, room: Path) -> Path:
    assert TARGET.obstacles(parcel) == ()
    TARGET.write(parcel, room)
    assert {file.name for file in room.iterdir()} == {"model.py", "weights.npz"}
    return room / "model.py"


def loaded(parcel: Parcel, room: Path) -> dict[str, Any]:
    return runpy.run_path(str(written(parcel, room)))


def members(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if " = nn." in line]


@WITH_TORCH
@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_computes_the_same(name: str, tmp_path: Path) -> None:
    parcel = parcel_named(name)
    module = loaded(parcel, tmp_path)
    samples, answers = tmp_path / "samples.npz", tmp_path / "answers.npz"
    np.savez(samples, **{parcel.names[key]: rows for key, rows in parcel.samples.items()})  # type: ignore[arg-type]

    module["main"](samples, answers)

    with np.load(answers) as found:
        proof = compared(parcel, "torch", {key: found[parcel.names[key]] for key in parcel.graph.outputs})
    assert proof.share <= 1e-5


@WITH_TORCH
@pytest.mark.parametrize("name", ["residual", "several inputs and outputs", "hostile labels"])
def test_the_proof_runs_the_file_by_itself(name: str, tmp_path: Path) -> None:
    parcel = parcel_named(name)

    proof = TARGET.prove(parcel, written(parcel, tmp_path).parent)

    assert isinstance(proof, Proof)
    assert proof.by.startswith("PyTorch 2")
    assert proof.share <= 1e-5


@pytest.mark.skipif(HAS_TORCH, reason="PyTorch is installed here")
def test_without_torch_it_is_said_what_would_allow_a_proof(tmp_path: Path) -> None:
    parcel = parcel_named("Dense-0")

    proof = TARGET.prove(parcel, written(parcel, tmp_path).parent)

    assert isinstance(proof, Unproven)
    assert "pip install torch" in proof.text


@WITH_TORCH
def test_the_module_trains_on(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    graph = chain(
        ("Input", {"shape": (6, 5, 1)}), ("Conv2D", {"filters": 3, "kernel_size": 3}),
        ("BatchNormalization", {"momentum": 0.9}), ("Dropout", {"rate": 0.3}), ("Flatten", {}), ("Dense", {"units": 2}),
    )  # fmt: skip
    network = loaded(parcel_of(graph), tmp_path)["load"]()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1)

    network.train()
    torch.nn.functional.cross_entropy(network(torch.randn(8, 1, 6, 5)), torch.zeros(8, dtype=torch.long)).backward()
    optimizer.step()

    assert not network.state_dict().keys() ^ before.keys()
    assert all(not torch.equal(before[name], value) for name, value in network.state_dict().items())


@WITH_TORCH
def test_names_of_modules_are_known() -> None:
    nn = pytest.importorskip("torch.nn")

    assert {name for name in dir(nn.Module()) if not name.startswith("_")} <= MODULE


def test_layers_are_written_as_people_write_them(tmp_path: Path) -> None:
    text = written(parcel_of(TEMPLATES["digits-convolution"].make().graph, rows=1), tmp_path).read_text()

    assert members(text) == [
        "self.conv2d = nn.Conv2d(1, 32, kernel_size=3)",
        "self.conv2d_1 = nn.Conv2d(32, 64, kernel_size=3)",
        "self.max_pooling2d = nn.MaxPool2d(kernel_size=2, stride=2)",
        "self.dropout = nn.Dropout(0.25)",
        "self.dense = nn.Linear(9216, 128)",
        "self.dropout_1 = nn.Dropout(0.5)",
        "self.dense_1 = nn.Linear(128, 10)",
    ]
    assert "        x = F.relu(self.conv2d(x))  # (n, 32, 26, 26)\n" in text
    assert "It answers with probabilities" in text
    assert "(samples, channels, height, width)" in text


def test_a_network_on_rows_has_nothing_about_pictures(tmp_path: Path) -> None:
    text = written(parcel_named("relu-rows"), tmp_path).read_text()

    assert "channels" not in text
    assert "probabilities" not in text


def test_momentum_and_epsilon_are_pytorchs(tmp_path: Path) -> None:
    graph = chain(
        ("Input", {"shape": (4,)}), ("BatchNormalization", {"momentum": 0.75, "epsilon": 0.01}),
        ("BatchNormalization", {"scale": False, "center": False}), ("BatchNormalization", {"scale": False}),
    )  # fmt: skip
    parcel = parcel_of(graph)

    text = written(parcel, tmp_path).read_text()

    assert members(text) == [
        "self.batch_normalization = nn.BatchNorm1d(4, eps=0.01, momentum=0.25)",
        "self.batch_normalization_1 = nn.BatchNorm1d(4, eps=0.001, momentum=0.01, affine=False)",
        "self.batch_normalization_2 = nn.BatchNorm1d(4, eps=0.001, momentum=0.01)",
    ]
    with np.load(tmp_path / "weights.npz") as arrays:
        assert np.array_equal(arrays["batch_normalization_2.weight"], np.ones(4))


def test_padding_is_the_layers_own_where_it_can_be(tmp_path: Path) -> None:
    def first(**values: Any) -> str:
        graph = chain(("Input", {"shape": (8, 8, 2)}), ("Conv2D", {"filters": 1, **values}))
        text = written(parcel_of(graph), tmp_path).read_text()
        return members(text)[0] + (" after F.pad" if "F.pad(" in text else "")

    start = "self.conv2d = nn.Conv2d(2, 1, kernel_size="
    assert first(kernel_size=3, padding="same") == f"{start}3, padding=1)"
    assert first(kernel_size=(3, 5), padding="full") == f"{start}(3, 5), padding=(2, 4))"
    assert first(kernel_size=2, padding="same") == f"{start}2) after F.pad"
    assert first(kernel_size=3, strides=2, padding="same") == f"{start}3, stride=2) after F.pad"
    assert first(kernel_size=3, dilation_rate=(1, 2), use_bias=False) == f"{start}3, dilation=(1, 2), bias=False)"


def test_penalties_are_noted() -> None:
    graph = chain(("Input", {"shape": (2,)}), ("Dense", {"units": 1, "kernel_regularizer": "L2"}))

    assert "weight_decay" in TARGET.notes(parcel_of(graph))[0]
    assert TARGET.notes(parcel_named("Dense-0")) == ()


@pytest.mark.parametrize("text", [*HOSTILE, "a'''b", '"""\nimport os\n"""', "\u2028x = 1", "\udc80", ""])
def test_no_text_becomes_code(text: str, tmp_path: Path) -> None:
    plain = parcel_of(NETWORKS["relu-rows"], "plain", ("one",))
    graph = plain.graph.labelled("dense", text)

    TARGET.write(replace(plain, name=text, graph=graph, classes=(text,)), tmp_path)

    tree = ast.parse((tmp_path / "model.py").read_text(encoding="utf-8"))
    assigned = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert (assigned["NAME"], assigned["CLASSES"]) == (text, (text,))
    # The same statements, whatever the texts say.
    TARGET.write(plain, tmp_path)
    other = ast.parse((tmp_path / "model.py").read_text(encoding="utf-8"))
    assert [type(node) for node in ast.walk(tree)] == [type(node) for node in ast.walk(other)]


def test_the_class_is_called_as_the_project_or_beside_it(tmp_path: Path) -> None:
    for name, wanted in (
        ("my digits", "MyDigits"),
        ("F", "F_2"),
        ("7", "Layer7"),
        ("none", "None_2"),
        ("", "Layer"),
    ):
        text = written(parcel_of(NETWORKS["relu-rows"], name), tmp_path).read_text()
        assert f"\nclass {wanted}(nn.Module):\n" in text
    assert "F" in FILE
