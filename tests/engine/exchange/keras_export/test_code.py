"""Keras scripts: what they look like, that they run, and that labels never become code."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from engine.exchange import keras_again
from engine.exchange.export import Exported, export
from engine.exchange.keras_code import WIDTH, script
from engine.exchange.keras_network import keras_network
from engine.exchange.keras_obstacles import obstacles
from engine.exchange.keras_proof import backend
from engine.exchange.keras_target import KerasCode
from engine.exchange.keras_training import compiled
from engine.exchange.parcel import Parcel
from engine.exchange.target import Proof, Unproven, compared
from engine.layers import HANDLES
from engine.templates import chain
from tests.engine.exchange.keras_export.cases import trainable
from tests.engine.exchange.networks import HOSTILE, NETWORKS, hostile, parcel_of

LETTERS = '''"""The network letters, written by Layerloom for Keras 3.

What it learnt lies in letters.weights.h5, beside this file.
"""

from pathlib import Path

import keras
from keras import layers

WEIGHTS = Path(__file__).with_name("letters.weights.h5")
# What the outputs stand for, in their order.
CLASSES = ["a", '"b"']


def make_model():
    """The network as it was drawn, with fresh weights."""
    model = keras.Sequential(
        [
            keras.Input(shape=(6, 5, 1), name="input"),
            # padding "full": zeros all round, then a convolution that stays inside
            layers.ZeroPadding2D(padding=((2, 2), (2, 2)), name="edges_padding"),
            layers.Conv2D(
                3,
                (3, 3),
                kernel_regularizer=keras.regularizers.L2(l2=0.01),
                name="edges",
            ),
            layers.MaxPooling2D(),
            layers.Dropout(0.25),
            layers.Flatten(),
            layers.Dense(4, activation="relu", kernel_initializer="he_normal"),
            layers.Dense(
                2,
                activation="softmax",
                bias_initializer=keras.initializers.RandomNormal(stddev=0.1),
            ),
        ],
        name="letters",
    )
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.01, momentum=0.9),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


if __name__ == "__main__":
    model = make_model()
    model.load_weights(WEIGHTS)
    model.summary()

    # To predict, with x: numbers of the shape (samples, 6, 5, 1)
    #     y = model.predict(x)
    #
    # To go on training, with y: class numbers of the shape (samples,)
    #     model.fit(x, y, batch_size=100, epochs=10, validation_split=0.2)
    #     model.save("letters.keras")
'''


def text_of(parcel: Parcel) -> str:
    network = keras_network(parcel)
    return script(parcel, network, compiled(parcel), f"{network.name}.weights.h5")


def test_reads_as_a_keras_user_would_write_it() -> None:
    graph = chain(
        ("Input", {"shape": (6, 5, 1)}),
        ("Conv2D", {"filters": 3, "kernel_size": 3, "padding": "full", "kernel_regularizer": "L2"}),
        ("MaxPooling2D", {}),
        ("Dropout", {"rate": 0.25}),
        ("Flatten", {}),
        ("Dense", {"units": 4, "activation": "relu", "kernel_initializer": "he_normal"}),
        (
            "Dense",
            {"units": 2, "activation": "softmax", "bias_initializer": {"type": "random_normal", "stddev": 0.1}},
        ),
    ).labelled("conv2d", "Edges")
    settings = {"loss": "sparse_categorical_crossentropy", "metrics": ("accuracy",)}
    parcel = trainable(graph, optimizer={"type": "SGD", "momentum": 0.9}, **settings)
    named = Parcel(**{**vars(parcel), "name": "Letters", "classes": ("a", '"b"')})

    assert text_of(named) == LETTERS


def test_branches_are_written_as_calls() -> None:
    lines = text_of(parcel_of(NETWORKS["several inputs and outputs"])).splitlines()

    assert '    sum_ = layers.Add(name="sum")([a, b])' in lines  # sum means something else in Python
    assert '    both = layers.Concatenate(name="both")([b, sum_])' in lines
    assert "        inputs=[b, a, unused]," in lines
    assert "        outputs=[table, unused_output, left]," in lines


@pytest.mark.parametrize("name", NETWORKS)
def test_runs_with_layerlooms_layers(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parcel = trainable(NETWORKS[name])
    if obstacles(parcel):  # a new layer that Keras does not have
        return
    KerasCode().write(parcel, tmp_path)
    place = tmp_path / f"{keras_network(parcel).name}.py"
    samples, answers = tmp_path / "samples.npz", tmp_path / "answers.npz"
    np.savez(samples, *(parcel.samples[key] for key in parcel.graph.inputs))

    code = keras_again.main(place, str(samples), str(answers))

    kinds = {layer.kind for layer in keras_network(parcel).layers} - {"InputLayer"}
    if code:
        assert kinds - set(HANDLES)
        assert "Layerloom itself has no layer" in capsys.readouterr().err
        return
    with np.load(answers) as found:
        arrays = [found[key] for key in found.files]
    proof = compared(parcel, "Layerloom", dict(zip(parcel.graph.outputs, arrays, strict=True)))
    assert proof.holds, proof.text


def test_labels_never_become_code() -> None:
    graph = hostile()
    parcel = parcel_of(graph, "'''); import os  #\n", (*HOSTILE, "\u202e", "a\udc80b", "'\"\\"))
    text = text_of(parcel)
    tree = ast.parse(text)
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    (classes,) = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and _is(node, "CLASSES")]

    assert calls == {
        "Path", "Path(__file__).with_name", "keras.Sequential", "keras.Input", "layers.Dense", "make_model",
        "model.load_weights", "model.summary",
    }  # fmt: skip
    assert len(imports) == 3
    assert ast.literal_eval(classes) == list(parcel.classes)
    text.encode()


def _is(node: ast.Assign, name: str) -> bool:
    return isinstance(node.targets[0], ast.Name) and node.targets[0].id == name


@pytest.mark.parametrize("name", ["hostile labels", "several inputs and outputs", "gelu-set", "Conv2D-2"])
def test_lines_are_short(name: str) -> None:
    assert max(map(len, text_of(trainable(NETWORKS[name])).splitlines())) <= WIDTH + 20


def test_is_kept_and_says_who_ran_it(tmp_path: Path) -> None:
    parcel = trainable(NETWORKS["residual"])
    *_, done = export(KerasCode(), parcel, tmp_path / "residual")

    assert isinstance(done, Exported) and isinstance(done.proof, Proof)
    assert done.proof.by.startswith("Keras 3." if backend() else "Layerloom ")
    assert ("Keras is not installed here" in done.proof.by) is (backend() is None)
    assert sorted(p.name for p in done.place.iterdir()) == ["a_network.py", "a_network.weights.h5"]


@pytest.mark.skipif(backend() is not None, reason="Keras is installed and has this layer")
def test_says_when_it_cannot_be_compared(tmp_path: Path) -> None:
    parcel = parcel_of(NETWORKS["Conv2D-2"])
    KerasCode().write(parcel, tmp_path)
    (script,) = tmp_path.glob("*.py")
    text = script.read_text("utf-8")
    assert "layers.ZeroPadding2D(" in text
    script.write_text(text.replace("layers.ZeroPadding2D(", "layers.ConvLSTM2D("), "utf-8")

    found = KerasCode().prove(parcel, tmp_path)

    assert isinstance(found, Unproven)
    assert "Keras is not installed here, and Layerloom itself has no layer ConvLSTM2D" in found.text


def test_the_same_network_gives_the_same_files(tmp_path: Path) -> None:
    folders = tmp_path / "first", tmp_path / "second"
    for folder in folders:
        folder.mkdir()
        KerasCode().write(trainable(NETWORKS["residual"]), folder)
    first, second = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in folders)

    assert first == second
