"""What stands in a .keras file, and that it can be read back."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, ClassVar

import h5py
import numpy as np
import pytest

from engine.catalogue.activations.base import Activation
from engine.catalogue.initializers.base import Initializer
from engine.component import component, setting
from engine.constraints import Number
from engine.errors import UsageError
from engine.exchange.export import Exported, Step, export
from engine.exchange.keras_archive import archive
from engine.exchange.keras_network import KerasLayer, KerasNetwork, in_keras_order, keras_network
from engine.exchange.keras_obstacles import obstacles
from engine.exchange.keras_proof import backend, prove_archive
from engine.exchange.keras_reader import UnknownLayerError, answers
from engine.exchange.keras_target import KerasCode, KerasFile
from engine.exchange.keras_training import compiled
from engine.exchange.parcel import Parcel
from engine.exchange.target import Proof, Unproven, compared
from engine.templates import chain
from tests.engine.exchange.keras_export.cases import trainable
from tests.engine.exchange.networks import HOSTILE, NETWORKS, hostile, made, parcel_of, wired
from tests.engine.workbench import Offset


def written(parcel: Parcel) -> bytes:
    return archive(keras_network(parcel), compiled(parcel))


def members(parcel: Parcel) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(written(parcel))) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def config_of(parcel: Parcel) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(members(parcel)["config.json"])
    return found


def datasets(parcel: Parcel) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    with h5py.File(io.BytesIO(members(parcel)["model.weights.h5"])) as file:
        file.visititems(lambda name, item: found.update({name: item.shape} if isinstance(item, h5py.Dataset) else {}))
    return found


def image_network() -> Any:
    return chain(
        ("Input", {"shape": (6, 5, 2)}),
        ("Conv2D", {"filters": 3, "kernel_size": 3, "activation": "relu", "kernel_regularizer": "L2"}),
        ("BatchNormalization", {}),
        ("MaxPooling2D", {}),
        ("Dropout", {"rate": 0.25, "seed": 4}),
        ("Flatten", {}),
        ("Dense", {"units": 4, "kernel_initializer": "he_normal"}),
        ("Dense", {"units": 2, "activation": "softmax"}),
    )


@pytest.mark.parametrize("name", NETWORKS)
def test_reads_back(name: str, tmp_path: Path) -> None:
    parcel = trainable(NETWORKS[name])
    if obstacles(parcel):  # a new layer that Keras does not have
        said = (
            "Keras does not have", "which a .keras file could hold as program code only", "export has no words",
            "cannot be written within another",
        )  # fmt: skip
        assert all(any(words in problem.text for words in said) for problem in obstacles(parcel))
        return
    place = tmp_path / "model.keras"
    place.write_bytes(written(parcel))
    given = [parcel.samples[key] for key in parcel.graph.inputs]
    found = answers(place, given)

    proof = compared(parcel, "the reader", dict(zip(parcel.graph.outputs, found, strict=True)))
    assert proof.holds, proof.text


def test_is_a_zip_of_stored_members_with_fixed_times() -> None:
    content = written(trainable(image_network()))

    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        found = pack.infolist()
        metadata = json.loads(pack.read("metadata.json"))
    assert [entry.filename for entry in found] == ["metadata.json", "config.json", "model.weights.h5"]
    assert {entry.compress_type for entry in found} == {zipfile.ZIP_STORED}
    assert {entry.date_time for entry in found} == {(1980, 1, 1, 0, 0, 0)}
    assert metadata == {"keras_version": "3.15.1", "date_saved": "1980-01-01@00:00:00"}


def test_a_chain_is_a_sequential_in_keras_words() -> None:
    config = config_of(parcel_of(image_network(), "Letters & digits"))

    assert (config["module"], config["class_name"]) == ("keras", "Sequential")
    assert config["config"]["name"] == "letters_digits"
    assert config["config"]["build_input_shape"] == [None, 6, 5, 2]
    first, second, *_, dense, _ = config["config"]["layers"]
    assert first["config"] == {"batch_shape": [None, 6, 5, 2], "dtype": "float32", "name": "input"}
    assert (second["module"], second["class_name"], second["registered_name"]) == ("keras.layers", "Conv2D", None)
    assert second["config"]["kernel_size"] == [3, 3]
    assert second["config"]["activation"] == "relu"
    assert second["config"]["kernel_regularizer"] == {
        "module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.01}, "registered_name": None,
    }  # fmt: skip
    assert dense["config"]["kernel_initializer"]["class_name"] == "HeNormal"
    assert "compile_config" not in config


def test_weights_stand_where_keras_looks_for_them() -> None:
    assert datasets(parcel_of(image_network())) == {
        "layers/conv2d/vars/0": (3, 3, 2, 3),
        "layers/conv2d/vars/1": (3,),
        "layers/batch_normalization/vars/0": (3,),
        "layers/batch_normalization/vars/1": (3,),
        "layers/batch_normalization/vars/2": (3,),
        "layers/batch_normalization/vars/3": (3,),
        "layers/dense/vars/0": (6, 4),
        "layers/dense/vars/1": (4,),
        "layers/dense_1/vars/0": (4, 2),
        "layers/dense_1/vars/1": (2,),
    }


def test_batch_normalization_keeps_gamma_beta_mean_and_variance_in_this_order() -> None:
    parcel = parcel_of(image_network())

    with h5py.File(io.BytesIO(members(parcel)["model.weights.h5"])) as file:
        group = file["layers/batch_normalization/vars"]
        assert group.attrs["name"] == "batch_normalization"
        for place, name in enumerate(("gamma", "beta", "moving_mean", "moving_variance")):
            np.testing.assert_array_equal(group[str(place)], parcel.weights["batch_normalization"][name])


def test_layers_come_in_the_order_in_which_keras_numbers_them() -> None:
    # What Keras 3.15.1 lists for such a model.
    layers = [
        KerasLayer("a", "InputLayer", (4,)), KerasLayer("b", "InputLayer", (4,)),
        KerasLayer("db", "Dense", (4,), sources=("a",)), KerasLayer("da", "Dense", (4,), sources=("b",)),
        KerasLayer("add", "Add", (4,), sources=("da", "db")),
        KerasLayer("q", "Dense", (2,), sources=("add",)),
        KerasLayer("concatenate", "Concatenate", (8,), sources=("add", "a")),
    ]  # fmt: skip

    found = in_keras_order(layers, ("concatenate", "q"))

    assert [layer.name for layer in found] == ["b", "a", "da", "db", "add", "concatenate", "q"]


def test_branches_are_a_functional_model() -> None:
    parcel = parcel_of(NETWORKS["several inputs and outputs"])
    config = config_of(parcel)
    layers = {layer["name"]: layer for layer in config["config"]["layers"]}

    assert (config["class_name"], config["registered_name"]) == ("Functional", "Functional")
    assert config["config"]["input_layers"] == [["b", 0, 0], ["a", 0, 0], ["unused", 0, 0]]
    assert config["config"]["output_layers"] == [["table", 0, 0], ["unused_output", 0, 0], ["left", 0, 0]]
    (call,) = layers["sum"]["inbound_nodes"]
    assert [tensor["config"]["keras_history"] for tensor in call["args"][0]] == [["a", 0, 0], ["b", 0, 0]]
    assert layers["table"]["inbound_nodes"][0]["args"][0]["config"]["shape"] == [None, 6]


def test_full_padding_becomes_a_frame_of_zeros_and_is_said() -> None:
    graph = chain(
        ("Input", {"shape": (4, 5, 1)}), ("Conv2D", {"filters": 2, "kernel_size": (3, 2), "padding": "full"})
    ).labelled("conv2d", "Edges")
    parcel = parcel_of(graph)
    frame, conv = config_of(parcel)["config"]["layers"][1:]

    assert (frame["class_name"], frame["config"]["name"]) == ("ZeroPadding2D", "edges_padding")
    assert frame["config"]["padding"] == [[2, 2], [1, 1]]
    assert (conv["config"]["name"], conv["config"]["padding"]) == ("edges", "valid")
    assert KerasFile().notes(parcel) == ("'Edges': padding \"full\" is written as ZeroPadding2D in front of a Conv2D.",)


@pytest.mark.parametrize(
    ("activation", "kinds"),
    [
        ({"type": "leaky_relu", "negative_slope": 0.07}, ["Dense", "LeakyReLU"]),
        ({"type": "elu", "alpha": 0.3}, ["Dense", "ELU"]),
        ("hard_sigmoid_keras2", ["Dense", "Rescaling", "ReLU"]),
        ("hard_sigmoid", ["Dense"]),
        (
            {"type": "gelu", "approximate": True},
            ["Dense", "Identity", "Multiply", "Rescaling", "Multiply", "Activation", "Multiply"],
        ),
    ],
)
def test_activations_without_a_name_become_layers(activation: Any, kinds: list[str], tmp_path: Path) -> None:
    graph = chain(("Input", {"shape": (3,)}), ("Dense", {"units": 4, "activation": activation}))
    parcel = parcel_of(graph.labelled("dense", "Dense Leaky relu"))
    layers = config_of(parcel)["config"]["layers"][1:]

    assert [layer["class_name"] for layer in layers] == kinds
    assert len({layer["config"]["name"] for layer in layers}) == len(layers)
    assert len(KerasFile().notes(parcel)) == (len(kinds) > 1)


def test_names_that_are_made_avoid_those_that_people_chose() -> None:
    steep = {"activation": {"type": "leaky_relu", "negative_slope": 0.1}}
    graph = chain(("Input", {"shape": (3,)}), ("Dense", {"units": 4} | steep), ("Dense", {"units": 4} | steep))
    parcel = parcel_of(graph.labelled("dense_1", "dense leaky relu"))

    names = [layer.name for layer in keras_network(parcel).layers]

    assert names == ["input", "dense", "dense_leaky_relu_2", "dense_leaky_relu", "dense_leaky_relu_leaky_relu"]


def test_what_keras_does_not_have_is_written_in_layers_that_it_has() -> None:
    x, y = made("Input", shape=(5,)), made("Input", shape=(5,))
    declared = made("Maxout", units=2, features=3, bias_constraint="NonNeg", kernel_constraint="MaxNorm")
    graph = wired({"x": x, "y": y, "first": declared, "second": declared}, ("x", "first"), ("y", "second"))
    parcel = parcel_of(graph.sharing("second", "first"))
    layers = [layer for layer in keras_network(parcel).layers if layer.sources]
    by_kind = {kind: [layer for layer in layers if layer.kind == kind] for kind in ("Dense", "GlobalMaxPooling1D")}

    assert [layer.name for layer in by_kind["GlobalMaxPooling1D"]] == ["first", "second"]
    assert {layer.layer_name for layer in by_kind["Dense"]} == {"first_functions"}
    assert [array.shape for array in by_kind["Dense"][0].weights] == [(5, 6), (6,)]
    assert set(by_kind["Dense"][0].settings) >= {"bias_constraint", "kernel_constraint"}
    assert by_kind["Dense"][0].settings["kernel_constraint"] is None
    notes = KerasFile().notes(parcel)
    assert "Dense and Reshape and GlobalMaxPooling1D: the largest of 3 linear functions" in notes[0]
    assert notes[1].endswith("left out, because they would mean something else: kernel_constraint.")


def test_labels_become_names_that_keras_accepts() -> None:
    layers = config_of(parcel_of(hostile()))["config"]["layers"]
    names = [layer["config"]["name"] for layer in layers]

    assert len(set(names)) == len(HOSTILE)
    assert all(name.isidentifier() and name.isascii() for name in names)


def test_the_same_network_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib\n"
        "from tests.engine.exchange.keras_export.test_archive import *\n"
        "print(hashlib.sha256(written(trainable(image_network()))).hexdigest())"
    )
    root = str(Path(__file__).resolve().parents[4])

    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == hashlib.sha256(written(trainable(image_network()))).hexdigest()


@component
class Ramp(Activation):
    """f(x) = slope · x, which Keras does not have."""

    key: ClassVar[str] = "ramp"
    slope: Annotated[float, Number()] = setting(2.0, "Slope.")


@component
class Spiral(Initializer):
    """w = 0, under a name that Keras does not have."""

    key: ClassVar[str] = "spiral"

    def fill(self, shape: tuple[int, ...], *_: Any) -> Any:
        return np.zeros(shape)


def refused(layer: Any) -> str:
    found = obstacles(parcel_of(wired({"x": made("Input", shape=(3,)), "strange": layer}, ("x", "strange"))))
    assert [problem.node for problem in found] == ["strange"]
    return found[0].text


def test_what_keras_lacks_is_said_before() -> None:
    assert "'strange' is a layer of the type Offset, which Keras does not have." in refused(Offset())
    assert "uses the activation ramp" in refused(made("Dense", units=2, activation=Ramp()))


def test_initial_values_that_keras_lacks_are_left_out_and_said() -> None:
    graph = wired({"x": made("Input", shape=(3,)), "d": made("Dense", units=2, bias_initializer=Spiral())}, ("x", "d"))
    parcel = parcel_of(graph)

    assert not obstacles(parcel)
    assert "bias_initializer" not in config_of(parcel)["config"]["layers"][1]["config"]
    assert KerasFile().notes(parcel) == ("'d': bias_initializer spiral is left out, because Keras does not have it.",)


class WrongKernel(KerasFile):
    """Writes one number of a weight wrongly."""

    def write(self, parcel: Parcel, place: Path) -> None:
        weights = {node: dict(arrays) for node, arrays in parcel.weights.items()}
        kernel = weights["dense_1"]["kernel"].copy()
        kernel[0, 0] += 1
        weights["dense_1"]["kernel"] = kernel
        super().write(replace(parcel, weights=weights), place)


def test_a_wrong_file_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="was not kept, because it computes something else"):
        list(export(WrongKernel(), parcel_of(image_network()), tmp_path / "model.keras"))

    assert list(tmp_path.iterdir()) == []


def test_a_right_file_is_kept_and_says_who_compared(tmp_path: Path) -> None:
    place = tmp_path / "model.keras"
    *steps, done = export(KerasFile(), trainable(image_network()), place)

    assert all(isinstance(step, Step) for step in steps)
    assert isinstance(done, Exported) and isinstance(done.proof, Proof)
    by = "Keras 3." if backend() else "Layerloom's own reader of .keras files (Keras is not installed here)"
    assert done.proof.by.startswith(by)
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.keras"]


def test_the_reader_says_what_it_does_not_know(tmp_path: Path) -> None:
    place = tmp_path / "model.keras"
    layers = (
        KerasLayer("x", "InputLayer", (2, 3)),
        KerasLayer("other", "ConvLSTM1D", (2, 3), {"filters": 3}, ("x",)),
    )
    place.write_bytes(archive(KerasNetwork("unknown", layers, ("x",), ("other",), ()), None))

    with pytest.raises(UnknownLayerError, match="the reader does not know the layer ConvLSTM1D"):
        answers(place, [np.zeros((1, 2, 3), np.float32)])


@pytest.fixture
def broken_keras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed Keras that ends with two lines of complaint when it is imported."""
    package = tmp_path / "site" / "keras"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('libcudart\\n  is missing.')")
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("KERAS_BACKEND", "torch")


@pytest.mark.usefixtures("broken_keras")
def test_a_keras_that_does_not_start_is_quoted(tmp_path: Path) -> None:
    said = "Keras is installed here but does not start: ImportError: libcudart is missing)"
    *_, of_file = export(KerasFile(), parcel_of(image_network()), tmp_path / "model.keras")
    *_, of_code = export(KerasCode(), parcel_of(image_network()), tmp_path / "code")

    assert isinstance(of_file, Exported) and said in of_file.proof.text
    assert isinstance(of_code, Exported) and said in of_code.proof.text


@pytest.mark.usefixtures("broken_keras")
def test_what_nobody_can_compare_says_what_to_repair(tmp_path: Path) -> None:
    place = tmp_path / "model.keras"
    layers = (KerasLayer("x", "InputLayer", (3,)), KerasLayer("other", "ConvLSTM1D", (3,), {}, ("x",)))
    place.write_bytes(archive(KerasNetwork("unknown", layers, ("x",), ("other",), ()), None))

    found = prove_archive(parcel_of(chain(("Input", {"shape": (3,)}), ("Dense", {"units": 3}))), place)

    assert isinstance(found, Unproven)
    assert found.text == (
        "Not checked: Keras is installed here but does not start, and the reader does not know the layer ConvLSTM1D. "
        "Keras said: ImportError: libcudart is missing. Repair it, then export again."
    )
