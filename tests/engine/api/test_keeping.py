"""Weights and structures as files and texts, ours and Keras's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from engine import Input, Model, Sequential, load_model
from engine.errors import FileError, UsageError
from engine.exchange.yaml_text import value_of, yaml_of
from engine.layers import Activation, Add, BatchNormalization, Conv2D, Dense, Flatten, MaxPooling2D
from engine.models import model_from_json, model_from_yaml

X = np.random.default_rng(0).random((6, 8, 8, 1)).astype("float32")


def small(units: int = 5, seed: int = 0) -> Sequential:
    model = Sequential(
        [
            Conv2D(3, 3, input_shape=(8, 8, 1), name="look"),
            BatchNormalization(name="even"),
            MaxPooling2D(2, name="pool"),
            Flatten(name="row"),
            Dense(units, activation="softmax", name="answer"),
        ],
        seed=seed,
    )
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    model.fit(X, np.arange(6) % units, verbose=0)
    return model


def same(one: Any, other: Any) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.get_weights(), other.get_weights(), strict=True))


@pytest.mark.parametrize("name", ["net.h5", "net.hdf5", "net.weights.h5"])
@pytest.mark.parametrize("by_name", [False, True])
def test_weights_come_back(tmp_path: Path, name: str, by_name: bool) -> None:
    model, other = small(), small(seed=1)
    model.save_weights(tmp_path / name)
    assert not same(model, other)
    other.load_weights(tmp_path / name, by_name=by_name)

    assert same(model, other)
    assert np.array_equal(model.predict(X, verbose=0), other.predict(X, verbose=0))


@pytest.mark.parametrize("name", ["net.keras", "net.h5", "net.loom"])
def test_whole_models_come_back_and_give_their_weights(tmp_path: Path, name: str) -> None:
    model, other = small(), small(seed=1)
    model.save(tmp_path / name)
    again = load_model(tmp_path / name)
    other.load_weights(tmp_path / name)

    assert same(model, again) and same(model, other)
    assert again.evaluate(X, np.arange(6) % 5, verbose=0) == pytest.approx(
        model.evaluate(X, np.arange(6) % 5, verbose=0), rel=1e-5
    )
    with pytest.raises(UsageError, match="overwrite is False"):
        model.save(tmp_path / name, overwrite=False)


def test_metrics_of_each_output_come_back(tmp_path: Path) -> None:
    entry = Input((3,))
    model = Model(entry, [Dense(2, activation="softmax", name="kind")(entry), Dense(1, name="size")(entry)])
    losses = {"kind": "sparse_categorical_crossentropy", "size": "mse"}
    model.compile("sgd", losses, metrics={"size": ["mae"]}, weighted_metrics=[["accuracy"], None])
    names = ["loss", "kind_loss", "kind_accuracy", "size_loss", "size_mean_absolute_error"]
    model.save(tmp_path / "both.loom")
    back = load_model(tmp_path / "both.loom")
    assert back.metrics_names == names
    x, y = np.zeros((4, 3)), [np.zeros(4, int), np.zeros(4)]
    weights = np.array([1.0, 0.0, 2.0, 1.0])
    assert back.evaluate(x, y, verbose=0, sample_weight=weights) == model.evaluate(
        x, y, verbose=0, sample_weight=weights
    )
    common = Model(entry, model.outputs)
    common.compile("sgd", losses, metrics=["mae"])
    common.save(tmp_path / "common.loom")
    assert load_model(tmp_path / "common.loom").metrics_names == [names[0], names[1], *names[3:]]


def test_the_layout_is_keras(tmp_path: Path) -> None:
    small().save_weights(tmp_path / "net.h5")
    with h5py.File(tmp_path / "net.h5") as file:
        assert [name.decode() for name in file.attrs["layer_names"]][-1] == "answer"
        names = [name.decode() for name in file["answer"].attrs["weight_names"]]
        assert names == ["answer/kernel", "answer/bias"]
        assert file["answer"][names[0]].shape == (27, 5)
        assert len(file["even"].attrs["weight_names"]) == 4


@pytest.mark.parametrize("name", ["net.h5", "net.weights.h5"])
def test_weights_that_do_not_fit_are_refused_or_skipped(tmp_path: Path, name: str) -> None:
    small().save_weights(tmp_path / name)
    wide = small(units=4, seed=1)
    before = wide.get_weights()
    with pytest.raises(UsageError, match=r"'answer': kernel has the shape \(27, 4\); the file has \(27, 5\)"):
        wide.load_weights(tmp_path / name)
    assert all(np.array_equal(a, b) for a, b in zip(before, wide.get_weights(), strict=True))
    with pytest.warns(UserWarning, match="keeps its weights"):
        wide.load_weights(tmp_path / name, skip_mismatch=True)
    assert np.array_equal(wide.get_layer("look").get_weights()[0], small().get_layer("look").get_weights()[0])
    assert np.array_equal(wide.get_layer("answer").get_weights()[0], before[-2])


def test_layers_are_matched_by_name_alone_when_asked(tmp_path: Path) -> None:
    small().save_weights(tmp_path / "net.h5")
    other = Sequential([Flatten(input_shape=(8, 8, 1)), Dense(27, name="new"), Dense(5, name="answer")])
    kept = other.get_layer("new").get_weights()[0]
    with pytest.raises(UsageError, match="3 layers, but the model has 2"):
        other.load_weights(tmp_path / "net.h5")
    other.load_weights(tmp_path / "net.h5", by_name=True)

    assert np.array_equal(other.get_layer("answer").get_weights()[0], small().get_layer("answer").get_weights()[0])
    assert np.array_equal(other.get_layer("new").get_weights()[0], kept)


def branched() -> Model:
    entry = Input((4,), name="entry")
    left, right = Dense(3, activation="relu", name="left")(entry), Dense(3, name="right")(entry)
    return Model(entry, Activation("softmax", name="end")(Add(name="sum")([left, right])), name="branched")


@pytest.mark.parametrize("make", [branched, small])
def test_structures_come_back(make: Any) -> None:
    model = make()
    for again in (model_from_json(model.to_json(indent=1)), model_from_yaml(model.to_yaml())):
        for layer in model.layers:
            again.get_layer(layer.name).set_weights(layer.get_weights())
        rows = X[:, :4, 0, 0] if make is branched else X
        assert np.array_equal(again.predict(rows, verbose=0), model.predict(rows, verbose=0))
    assert json.loads(model.to_json())["class_name"] in ("Functional", "Sequential")


OLD_YAML = """\
class_name: Sequential
config:
- class_name: Convolution2D
  config:
    W_regularizer: null
    activation: relu
    batch_input_shape: !!python/tuple [null, 8, 8, 1]
    border_mode: same
    dim_ordering: tf
    name: convolution2d_1
    nb_col: 3
    nb_filter: 4
    nb_row: 3
    subsample: &id
"""


def test_yaml_of_keras_1_is_understood() -> None:
    text = OLD_YAML.replace("&id\n", "!!python/tuple [2, 2]\n")
    text += "- class_name: Flatten\n  config: {name: flatten_1}\n"
    text += (
        "- class_name: Dense\n  config: {activation: softmax, name: 'dense_1', output_dim: 3,\n    input_dim: null}\n"
    )
    model = model_from_yaml(text)

    assert [w.shape for w in model.get_weights()] == [(3, 3, 1, 4), (4,), (64, 3), (3,)]
    assert model.predict(X, verbose=0).shape == (6, 3)


@pytest.mark.parametrize(
    "value",
    [
        {
            "a": [1, -2.5, None, True, "yes", "1", "", "a: b", "é\n'\""],
            "b": {"c": [], "d": {}},
            "e": [[1, [2]], {"f": 0}],
        },
        [[{"a": 1}, {"b": [1, 2]}], "x"],
        {"1e3": 1e-7, "null": "null", "- x": "# no comment"},
        3,
        "text",
    ],
)
def test_yaml_gives_back_what_it_was_given(value: Any) -> None:
    assert value_of(yaml_of(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: [1, 'two', {b: null, c: ~}]\n", {"a": [1, "two", {"b": None, "c": None}]}),
        ("d:\n- e\n- f: 1.5e-3\n  g: no\n", {"d": ["e", {"f": 0.0015, "g": "no"}]}),
        ("--- \na: x:y\n# remark\nb: 'it''s'\n", {"a": "x:y", "b": "it's"}),
        ("- - 1\n  - 2\n- !!python/tuple\n  - 3\n", [[1, 2], [3]]),
    ],
)  # fmt: skip
def test_yaml_as_people_write_it(text: str, value: Any) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: !!python/object/apply:os.system ['true']", "only plain values"),
        (OLD_YAML, "only plain values"),
        ("a: *alias", "only plain values"),
        ("a: 1\na: 2", "twice"),
        ("a: [1, 2", "not usable"),
        ("a: {b 1}", "not usable"),
        ("[" * 200, "nested"),
        ("\n".join(" " * n + "a:" for n in range(200)), "nested"),
        ("a: 1\n  b: 2\n", "not usable"),
    ],
)
def test_hostile_yaml_ends_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(FileError, match=words):
        value_of(text)


@pytest.mark.parametrize(
    ("mistake", "error", "words"),
    [
        (lambda: model_from_json("{}"), FileError, "names no layer class"),
        (lambda: model_from_json("[1"), FileError, "JSON"),
        (lambda: model_from_json(3), FileError, "received int"),
        (lambda: model_from_yaml(None), FileError, "received NoneType"),
        (lambda: model_from_yaml("just words"), FileError, "tells no model"),
        (lambda: small().save_weights("net.txt"), UsageError, "ends in .weights.h5"),
        (lambda: small().load_weights("no such.h5"), FileError, "no such"),
    ],
)
def test_mistakes_get_a_sentence(mistake: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        mistake()
