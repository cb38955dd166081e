"""Building a Sequential, freezing layers, single updates: what is kept and what is made anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Input, Model, Sequential
from engine.api.stepping import KEPT
from engine.errors import DataError, UsageError
from engine.layers import BatchNormalization, Concatenate, Conv2D, Dense, Dropout
from engine.optimizers import Adam
from engine.plan.parameters import Parameters
from engine.train.loop import Loop

RANDOM = np.random.default_rng(0)
X = RANDOM.standard_normal((40, 4)).astype("float32")
Y = np.arange(40) % 3


def small() -> Sequential:
    model = Sequential([Dense(8, activation="relu", input_shape=(4,)), Dense(3, activation="softmax")])
    model.compile(loss="sparse_categorical_crossentropy", optimizer=Adam(0.01), metrics=["accuracy"])
    return model


def same(one: Model, other: Model) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.get_weights(), other.get_weights(), strict=True))


# -- layers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [[Input((4,)), Dense(3)], [Dense(3, input_shape=(4,))]])
def test_a_sequential_lists_no_input_and_a_model_does(first: list[Any]) -> None:
    model = Sequential([*first, Dense(2)])
    entry = Input((4,))
    functional = Model(entry, Dense(2)(entry))

    assert [layer.name for layer in model.layers] == ["dense", "dense_1"]
    assert model.get_layer(index=0).name == "dense"
    assert model.get_layer(index=-1).name == "dense_1"
    with pytest.raises(UsageError):
        model.get_layer(index=2)
    assert [layer.name for layer in functional.layers] == ["input", "dense"]


def test_adding_makes_no_weights_until_they_are_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = []
    fill = Parameters.initialize
    monkeypatch.setattr(Parameters, "initialize", lambda self, seed: (made.append(seed), fill(self, seed))[1])
    model = Sequential([Dense(8, input_shape=(4,))])
    for _ in range(10):
        model.add(Dense(8))
    model.summary()

    assert "760" in capsys.readouterr().out.replace(",", "")
    assert model.count_params() == 40 + 10 * 72
    assert not made
    assert len(model.get_weights()) == 22
    assert len(made) == 1


def test_each_added_layer_is_inferred_once(monkeypatch: pytest.MonkeyPatch) -> None:
    declaration = Dense.layer_class
    asked: list[Any] = []
    infer = declaration.infer
    monkeypatch.setattr(declaration, "infer", lambda self, specs: (asked.append(self), infer(self, specs))[1])
    model = Sequential([Dense(8, input_shape=(4,))])
    for _ in range(20):
        model.add(Dense(8))

    assert len(asked) == 21


def test_a_layer_that_does_not_fit_leaves_the_model_as_it_was() -> None:
    model = small()
    for wrong in (Conv2D(2, 3), Concatenate(), Input((4,))):
        with pytest.raises(UsageError):
            model.add(wrong)
    odd = Sequential([Conv2D(2, 3)])
    odd.compile(loss="mse", optimizer="sgd")
    for _ in range(2):
        with pytest.raises((UsageError, DataError)):
            odd.fit(X, Y, verbose=0)
    odd.pop()
    odd.add(Dense(1))
    odd.fit(X, Y, verbose=0)
    model.add(Dense(2))

    assert [layer.name for layer in model.layers] == ["dense", "dense_1", "dense_2"]
    assert model.predict(X, verbose=0).shape == (40, 2)


def test_weights_stay_when_layers_come_and_go() -> None:
    model = small()
    model.fit(X, Y, verbose=0)
    before = model.get_weights()
    model.add(Dense(2))
    model.pop()

    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


# -- the optimizer's memory --------------------------------------------------------------------------


def memory_of(model: Model, node: str) -> list[np.ndarray]:
    return [array for by_node in model.state().slots.values() for array in by_node.get(node, {}).values()]


def test_freezing_and_thawing_keeps_the_optimizers_memory() -> None:
    model, plain = small(), small()
    for one in (model, plain):
        one.fit(X, Y, epochs=2, verbose=0)
    before = {node: [a.copy() for a in memory_of(model, node)] for node in ("dense", "dense_1")}
    model.layers[0].trainable = False
    assert all(np.array_equal(a, b) for a, b in zip(memory_of(model, "dense_1"), before["dense_1"], strict=True))
    model.layers[0].trainable = True

    assert any(a.any() for a in before["dense"])
    assert all(np.array_equal(a, b) for a, b in zip(memory_of(model, "dense"), before["dense"], strict=True))
    for one in (model, plain):
        one.fit(X, Y, epochs=4, initial_epoch=2, verbose=0)
    assert same(model, plain)


def test_adding_a_layer_keeps_the_optimizers_memory() -> None:
    model = small()
    model.fit(X, Y, epochs=2, verbose=0)
    before = memory_of(model, "dense")
    model.add(Dense(3, activation="softmax"))
    after = memory_of(model, "dense")

    assert before
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert not any(a.any() for a in memory_of(model, "dense_2"))


def test_compiling_again_forgets_it() -> None:
    model, plain = small(), small()
    model.fit(X, Y, epochs=2, verbose=0)
    model.layers[0].trainable = False
    model.compile(loss="sparse_categorical_crossentropy", optimizer=Adam(0.01))
    model.layers[0].trainable = True
    plain.set_weights(model.get_weights())
    for one in (model, plain):
        one.fit(X, Y, verbose=0, shuffle=False)

    assert same(model, plain)


# -- single updates ----------------------------------------------------------------------------------


def test_single_updates_equal_fit_whatever_happens_between_them() -> None:
    stepped, fitted = small(), small()
    sizes = (8, 8, 5, 8, 5)
    for place, size in enumerate(sizes):
        rows = slice(place, place + size)
        x = X[rows].astype("float64") if place == 3 else X[rows]
        stepped.train_on_batch(x, Y[rows])
        fitted.fit(x, Y[rows], batch_size=size, shuffle=False, verbose=0)
        assert same(stepped, fitted), place
        if place == 1:
            for model in (stepped, fitted):
                model.fit(X, Y, verbose=0)
        if place == 2:
            for model in (stepped, fitted):
                model.layers[0].trainable = False


def test_single_updates_leave_the_callers_arrays_alone() -> None:
    model = small()
    x, y, w = X[:8].copy(), Y[:8].copy(), np.ones(8, "float32")
    model.train_on_batch(x, y, w)
    kept = x.copy(), y.copy()
    model.train_on_batch(X[8:16], Y[8:16], 2 * w)

    assert np.array_equal(x, kept[0])
    assert np.array_equal(y, kept[1])
    assert np.array_equal(w, np.ones(8))


def test_single_updates_weigh_samples_and_draw_new_random_numbers() -> None:
    def noisy() -> Sequential:
        model = Sequential([Dense(8, input_shape=(4,)), BatchNormalization(), Dropout(0.5), Dense(3)])
        model.compile(loss="mse", optimizer="sgd")
        return model

    target, weight = RANDOM.standard_normal((40, 3)), np.linspace(0, 2, 40)
    stepped, fitted = noisy(), noisy()
    for epoch in range(3):
        stepped.train_on_batch(X, target, weight)
        fitted.fit(X, target, 40, epoch + 1, 0, shuffle=False, sample_weight=weight, initial_epoch=epoch)

    assert same(stepped, fitted)


def test_a_loop_is_built_once_for_a_form_of_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    begin = Loop.__init__
    monkeypatch.setattr(Loop, "__init__", lambda self, *a, **k: (built.append(1), begin(self, *a, **k))[1])
    model = small()
    for _ in range(5):
        model.train_on_batch(X[:8], Y[:8])
        model.train_on_batch(X[:3], Y[:3])
    assert len(built) == 2
    model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd")
    model.train_on_batch(X[:8], Y[:8])
    assert len(built) == 3
    for size in range(1, 2 * KEPT):
        model.train_on_batch(X[:size], Y[:size])

    assert len(model.steppers) == KEPT


def test_a_single_update_that_fails_keeps_the_weights() -> None:
    model = small()
    model.train_on_batch(X, Y)
    before = model.get_weights()
    with pytest.raises(DataError, match="Training stopped"):
        model.train_on_batch(np.sign(X) * np.float32(3e38), Y)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))

    assert model.train_on_batch(X, Y)
    assert model.step == 2
