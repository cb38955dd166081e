"""Impossible arguments end in a sentence, and Keras's short forms are taken."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Input, Model, Sequential
from engine.errors import DataError, UsageError
from engine.layers import Dense
from engine.utils import to_categorical

X = np.random.default_rng(0).standard_normal((10, 4)).astype("float32")
Y = np.arange(10) % 3


def small(**options: Any) -> Sequential:
    model = Sequential([Dense(3, activation="softmax", input_shape=(4,))], **options)
    model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
    return model


def test_none_is_a_batch_of_32_as_in_keras() -> None:
    x, y = np.tile(X, (7, 1)), np.tile(Y, 7)
    found = []
    for size in (None, 32):
        model = small()
        model.fit(x, y, batch_size=size, verbose=0)
        found.append([model.get_weights()[0], model.predict(x, batch_size=size, verbose=0)])
        assert model.evaluate(x, y, batch_size=size, verbose=0)
        assert model.step == 3

    assert all(np.array_equal(a, b) for a, b in zip(*found, strict=True))


@pytest.mark.parametrize("size", [0, -1, 2.5, "8", True, np.array([3])])
def test_impossible_batch_sizes_are_refused_everywhere(size: Any) -> None:
    for call in (
        lambda: small().fit(X, Y, batch_size=size, verbose=0),
        lambda: small().evaluate(X, Y, batch_size=size, verbose=0),
        lambda: small().predict(X, batch_size=size, verbose=0),
    ):
        with pytest.raises(UsageError, match="batch_size must be a whole number from 1"):
            call()


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"validation_split": "0.2"}, UsageError, "validation_split must be a number"),
        ({"validation_split": np.zeros(2)}, UsageError, "validation_split must be a number"),
        ({"validation_split": float("nan")}, UsageError, "validation_split must be a number"),
        ({"validation_split": 0.99}, DataError, "none to train on"),
        ({"validation_split": 1e-18}, DataError, "none to judge by"),
        ({"class_weight": [1, 2]}, UsageError, "class_weight must map"),
        ({"class_weight": {0: "heavy"}}, UsageError, "class_weight must map"),
        ({"class_weight": {"cat": 1.0}}, UsageError, "class_weight must map"),
        ({"sample_weight": np.ones(9)}, DataError, "one sample weight per sample"),
        ({"sample_weight": np.ones(20)}, DataError, "one sample weight per sample"),
        ({"sample_weight": ["a"] * 10}, DataError, "must be numbers"),
        ({"validation_data": (X,)}, UsageError, "a pair"),
        ({"validation_data": (X, Y, Y, Y)}, UsageError, "a pair"),
        ({"validation_data": 5}, UsageError, "a pair"),
        ({"validation_data": (X[:0], Y[:0])}, DataError, "no samples in validation_data"),
        ({"validation_data": (X, Y[:3])}, DataError, "one target per sample"),
        ({"epochs": 0}, UsageError, "epochs must be"),
        ({"epochs": "3"}, UsageError, "epochs must be"),
        ({"initial_epoch": -1}, UsageError, "initial_epoch must be"),
        ({"verbose": np.zeros(2)}, UsageError, "verbose must be"),
        ({"callbacks": [3]}, UsageError, "callbacks must be"),
    ],
)
def test_impossible_arguments_of_fit(options: dict[str, Any], error: type[Exception], words: str) -> None:
    model = small()
    before = model.get_weights()
    with pytest.raises(error, match=words):
        model.fit(X, Y, **({"verbose": 0} | options))

    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seed": -1}, "seed must be"),
        ({"seed": 2**63}, "seed must be"),
        ({"seed": 1.5}, "seed must be"),
        ({"seed": None}, "seed must be"),
        ({"dtype": "float16"}, "dtype must be 'float32' or 'float64'"),
        ({"dtype": "double precision"}, "dtype must be"),
        ({"dtype": None}, "dtype must be"),
    ],
)
def test_seed_and_dtype_are_checked_when_the_model_is_made(options: dict[str, Any], words: str) -> None:
    entry = Input((4,))
    with pytest.raises(UsageError, match=words):
        Sequential(**options)
    with pytest.raises(UsageError, match=words):
        Model(entry, Dense(3)(entry), **options)


def test_the_largest_seed_and_numpy_types_are_taken() -> None:
    model = small(seed=np.int64(2**63 - 1), dtype=np.float64)
    model.fit(X, Y, verbose=0)

    assert model.get_weights()[0].dtype == np.float64


def test_one_metric_may_be_a_plain_name() -> None:
    model, listed = small(), small()
    model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd", metrics="accuracy")

    assert model.evaluate(X, Y, verbose=0) == listed.evaluate(X, Y, verbose=0)


def test_every_output_has_metrics_losses_and_weights_of_its_own() -> None:
    x = Input((3,))
    model = Model(x, [Dense(2, name="a")(x), Dense(1, activation="sigmoid", name="b")(x)])
    data = np.ones((8, 3)), [np.zeros((8, 2)), np.ones((8, 1))]
    losses = {"a": "mse", "b": "binary_crossentropy"}
    for metrics in ([["mae"], ["accuracy"]], {"a": "mae", "b": ["accuracy"]}):
        model.compile("sgd", losses, loss_weights={"a": 0.5, "b": 2.0}, metrics=metrics)
        logs = model.evaluate(*data, verbose=0)
        names = [name for head in model.heads() for name in head.names]
        assert [len(head.names) for head in model.heads()] == [1, 1]
        assert [head.weight for head in model.heads()] == [0.5, 2.0]
        assert isinstance(logs, list)
        assert len(logs) >= 1 + len(names)
    model.compile("sgd", "mse", metrics=[[], ["mae"]])
    assert [len(head.metrics) for head in model.heads()] == [0, 1]


def test_of_one_list_every_output_takes_what_suits_it() -> None:
    x = Input((3,))
    model = Model(x, [Dense(4)(x), Dense(1, activation="sigmoid")(x)])
    model.compile("sgd", "mse", metrics=["mae", "binary_crossentropy"])

    assert "mean_absolute_error" in {metric.key for metric in model.heads()[0].metrics}
    assert len(model.heads()[1].metrics) == 2


def test_metrics_for_outputs_that_are_not_there_are_refused() -> None:
    x = Input((3,))
    model = Model(x, [Dense(2, name="a")(x), Dense(1, name="b")(x)])
    model.compile(loss="mse", metrics={"c": "mae"})
    with pytest.raises(UsageError, match="the outputs are a, b"):
        model.heads()
    model.compile(loss="mse", metrics=[["mae"], ["mse"], []])
    with pytest.raises(UsageError, match="has 2 outputs"):
        model.heads()


def test_weights_of_validation_samples_count() -> None:
    half = np.where(Y == 0, 1.0, 0.0)
    plain = small().fit(X, Y, verbose=0, validation_data=(X, Y)).history["val_loss"]
    weighted = small().fit(X, Y, verbose=0, validation_data=(X, Y, half)).history["val_loss"]
    doubled = small().fit(X, Y, verbose=0, validation_data=(X, Y, 2 * half)).history["val_loss"]

    assert plain != weighted
    assert doubled[0] == pytest.approx(2 * weighted[0], rel=1e-5)


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: Dense(3, input_shape="many"), "input_shape must be"),
        (lambda: Dense(3, input_shape=(None,)), "input_shape must be"),
        (lambda: Dense(3, input_dim=0), "input_shape must be"),
        (lambda: Model([1], [2]), "inputs of a model"),
        (lambda: small().compile("sgd", "mse", loss_weights="much"), "loss_weights must be"),
        (lambda: small().train_on_batch(X, None), "no target"),
        (lambda: small().set_weights(5), "has 2 weights"),
        (lambda: small().set_weights([np.zeros((4, 3)), ["a", "b", "c"]]), "must be numbers"),
        (lambda: small().set_weights([[[1], [1, 2]], [1]]), "one length"),
        (lambda: small().set_weights([np.zeros((4, 3)), np.zeros(4)]), "has the shape"),
        (lambda: small().layers[0].set_weights(5), "has 2 weights"),
        (lambda: small().get_layer(["dense"]), "no layer"),
        (lambda: Sequential(5), "a list of layers"),
        (lambda: Dense(3)([]), "received none"),
        (lambda: Dense(3)([Input((4,)), Input((4,))]), "takes 1 input"),
        (lambda: to_categorical(["a"]), "must be numbers"),
        (lambda: to_categorical(None), "must be numbers"),
        (lambda: to_categorical([[1], [1, 2]]), "one length"),
        (lambda: to_categorical([1.0, np.inf]), "whole numbers"),
        (lambda: to_categorical([0], "x"), "num_classes must be"),
        (lambda: to_categorical([0], -2), "num_classes must be"),
    ],
)
def test_other_mistakes(mistake: Any, words: str) -> None:
    with pytest.raises((UsageError, DataError), match=words):
        mistake()


def test_weights_that_are_refused_change_nothing() -> None:
    model = small()
    before = model.get_weights()
    with pytest.raises(DataError):
        model.set_weights([np.zeros((4, 3)), ["a", "b", "c"]])

    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_single_labels_are_categories_too() -> None:
    assert to_categorical(2).tolist() == to_categorical(np.array(2)).tolist() == [0, 0, 1]
