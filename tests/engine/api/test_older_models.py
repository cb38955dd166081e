"""Models as Keras 1 and 2 wrote them, and what such scripts ask of them."""

from __future__ import annotations

import numpy as np
import pytest

from engine import layers
from engine.errors import OldSpellingNote, UsageError
from engine.layers import Dense, Input
from engine.models import Model, Sequential

X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(4, 3)


def test_input_and_output_are_inputs_and_outputs() -> None:
    a = Input((3,))
    b = Dense(2)(a)
    with pytest.warns(OldSpellingNote, match="inputs=|outputs="):
        model = Model(input=[a], output=[b])
    np.testing.assert_array_equal(model.predict(X, verbose=0), Model(a, b).predict(X, verbose=0))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"outputs": 1}, "inputs"),
        ({"foo": 1}, "has no argument 'foo'"),
        ({"inputs": 1, "input": 2}, "give inputs only"),
    ],
)
def test_what_a_model_is_not_made_of(given: dict[str, int], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Model(**given)


@pytest.mark.parametrize(("units", "activation"), [(3, "softmax"), (1, "sigmoid")])
def test_classes_and_likelihoods(units: int, activation: str) -> None:
    model = Sequential([Input((3,)), Dense(units, activation=activation)])
    answers = model.predict(X, verbose=0)
    with pytest.warns(OldSpellingNote, match="predict"):
        np.testing.assert_array_equal(model.predict_proba(X), answers)
    with pytest.warns(OldSpellingNote, match="argmax"):
        classes = model.predict_classes(X)
    np.testing.assert_array_equal(classes, answers.argmax(axis=-1) if units > 1 else answers > 0.5)


def test_samples_of_an_epoch_are_batches_now() -> None:
    model = Sequential([Input((3,)), Dense(1)])
    model.compile("sgd", "mse")
    with pytest.warns(OldSpellingNote), pytest.raises(UsageError, match="steps_per_epoch counts batches"):
        model.fit_generator(iter([(X, X[:, :1])]), samples_per_epoch=8)


def test_everything_by_a_star_holds_the_older_names() -> None:
    assert {"Convolution2D", "Dense", "Input"} <= set(layers.__all__)
    assert all(getattr(layers, name) is not None for name in layers.__all__)


def test_weights_of_classes_do_not_reach_what_judges() -> None:
    y = np.array([0, 1, 0, 1])
    model = Sequential([Input((3,)), Dense(2, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    history = model.fit(X, y, validation_split=0.5, class_weight={0: 1.0, 1: 10.0}, verbose=0).history
    loss, accuracy = model.evaluate(X[2:], y[2:], verbose=0)
    assert history["val_loss"] == [pytest.approx(loss)]
    assert history["val_accuracy"] == [pytest.approx(accuracy)]


@pytest.mark.parametrize("name", ["net.foo", "net.json", "net.onnx"])
def test_a_file_of_no_kind_is_not_written(tmp_path, name: str) -> None:
    model = Sequential([Input((3,)), Dense(1)])
    with pytest.raises(UsageError, match="ends like no model"):
        model.save(tmp_path / name)
    assert not list(tmp_path.iterdir())
    model.save(tmp_path / "net.v2")  # a version, so a folder
    assert (tmp_path / "net.v2").is_dir()
