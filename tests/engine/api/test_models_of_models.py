"""Layers called twice, models used as layers, models made of other models' layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.callbacks import Callback
from engine.errors import LayerloomError, UsageError
from engine.layers import Add, BatchNormalization, Concatenate, Dense, Flatten, Input, Multiply
from engine.models import Model, Sequential, load_model

RANDOM = np.random.default_rng(3)
X = RANDOM.standard_normal((24, 4)).astype(np.float32)
Y = RANDOM.standard_normal((24, 1)).astype(np.float32)
SAME, ENDS = Dense(3), [Input((4,)), Input((5,))]


def base() -> Model:
    x = Input((4,))
    hidden = Dense(6, activation="tanh", name="hidden")(x)
    return Model(x, Dense(3, activation="tanh", name="code")(hidden), name="encoder")


def same(a: Any, b: Any) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_a_layer_called_twice_shares_its_weights() -> None:
    left, right, tower = Input((4,)), Input((4,)), Dense(3)
    model = Model([left, right], Dense(1)(Concatenate()([tower(left), tower(right)])))

    assert model.count_params() == 15 + 7
    assert list(model.graph.nodes) == ["input", "input_1", "dense", "dense@2", "concatenate", "dense_1"]
    assert len(model.get_weights()) == 4
    assert model.layers.count(tower) == 1
    model.compile("adam", "mse")
    model.fit([X, X[::-1]], Y, epochs=2, verbose=0)
    kernel, bias = tower.get_weights()
    out = model.get_layer("dense_1").get_weights()
    expected = np.concatenate([X @ kernel + bias, X[::-1] @ kernel + bias], axis=1) @ out[0] + out[1]
    np.testing.assert_allclose(model.predict([X, X[::-1]], verbose=0), expected, rtol=2e-5, atol=2e-6)


def test_a_tensor_times_itself() -> None:
    x = Input((4,))
    model = Model(x, Multiply()([x, x]))

    assert np.array_equal(model.predict(X, verbose=0), X * X)


def test_a_model_is_a_layer_of_another() -> None:
    encoder = base()
    model = Sequential([encoder, Dense(1, name="head")])

    assert model.layers == [encoder, model.get_layer("head")]
    assert [key for key in model.graph.nodes if key != "input"] == ["encoder/hidden", "encoder/code", "head"]
    assert model.get_layer("encoder") is encoder
    assert model.get_layer("hidden") is model.get_layer("encoder/hidden") is encoder.get_layer("hidden")
    assert model.input_shape == (None, 4)
    assert model.output_shape == (None, 1)
    before = encoder.predict(X, verbose=0)
    head = model.get_layer("head").get_weights()
    np.testing.assert_allclose(model.predict(X, verbose=0), before @ head[0] + head[1], rtol=2e-5, atol=1e-6)

    model.compile("sgd", "mse")
    model.fit(X, Y, epochs=3, verbose=0)

    after = encoder.predict(X, verbose=0)
    assert not np.array_equal(before, after)
    head = model.get_layer("head").get_weights()
    np.testing.assert_allclose(model.predict(X, verbose=0), after @ head[0] + head[1], rtol=2e-5, atol=1e-6)


def test_a_frozen_base_stays_and_thaws() -> None:
    encoder = base()
    model = Sequential([encoder, Dense(1)])
    assert len(model.trainable_weights) == 6
    encoder.trainable = False
    assert len(model.trainable_weights) == 2
    assert model.graph.frozen == {"encoder/hidden", "encoder/code"}
    model.compile("adam", "mse")
    before = encoder.get_weights()
    model.fit(X, Y, epochs=2, verbose=0)
    assert same(before, encoder.get_weights())

    encoder.get_layer("code").trainable = True
    model.fit(X, Y, epochs=2, verbose=0)

    assert same(before[:2], encoder.get_weights()[:2])
    assert not np.array_equal(before[2], encoder.get_weights()[2])


def test_a_model_used_twice_is_shared_twice() -> None:
    left, right, encoder = Input((4,)), Input((4,)), base()
    model = Model([left, right], Dense(1)(Add()([encoder(left), encoder(right)])))

    assert model.graph.nodes["encoder/hidden@2"].shares == "encoder/hidden"
    assert model.count_params() == encoder.count_params() + 4
    answer = model.predict([X, X[::-1]], verbose=0)
    kernel, bias = model.get_layer("dense").get_weights()
    both = encoder.predict(X, verbose=0) + encoder.predict(X[::-1], verbose=0)
    np.testing.assert_allclose(answer, both @ kernel + bias, rtol=2e-5, atol=1e-6)


def test_models_of_one_name_stay_apart() -> None:
    x = Input((4,))
    model = Model(x, Add()([Sequential([Dense(2)])(x), Sequential([Dense(2)])(x)]))

    assert [key for key in model.graph.nodes if "/" in key] == ["sequential/dense", "sequential_1/dense"]
    with pytest.raises(UsageError, match="no layer 'dense'"):
        model.get_layer("dense")  # there are two


def test_features_of_an_inner_layer() -> None:
    model = Sequential([Dense(5, activation="tanh", input_shape=(4,)), Dense(3), Flatten(), Dense(1)])
    features = Model(model.input, model.layers[1].output)

    assert features.output_shape == (None, 3)
    first = features.predict(X, verbose=0)
    model.compile("sgd", "mse")
    model.fit(X, Y, epochs=2, verbose=0)
    second = features.predict(X, verbose=0)
    assert not np.array_equal(first, second)
    kernel, bias = model.layers[3].get_weights()
    np.testing.assert_allclose(model.predict(X, verbose=0), second @ kernel + bias, rtol=2e-5, atol=1e-6)


def test_a_model_from_the_middle_to_the_end() -> None:
    model = Sequential([Dense(5, activation="tanh", input_shape=(4,)), Dense(3), Dense(1)])
    front = Model(model.input, model.layers[0].output)
    back = Model(model.layers[0].output, model.output)

    np.testing.assert_array_equal(back.predict(front.predict(X, verbose=0), verbose=0), model.predict(X, verbose=0))


def test_whoever_wrote_last_counts() -> None:
    encoder = base()
    one, two = Sequential([encoder, Dense(1)]), Sequential([encoder, Dense(2)])
    encoder.get_layer("code").set_weights([np.ones((6, 3)), np.zeros(3)])
    assert one.get_layer("encoder/code").get_weights()[0].min() == 1
    one.compile("sgd", "mse")
    two.compile("sgd", "mse")
    one.train_on_batch(X, Y)
    middle = encoder.get_weights()
    two.train_on_batch(X, np.repeat(Y, 2, axis=1))

    assert not same(middle, encoder.get_weights())
    assert same(encoder.get_weights(), two.get_weights()[:4])
    assert same(encoder.get_weights(), one.get_weights()[:4])
    one.train_on_batch(X, Y)
    assert same(encoder.get_weights(), one.get_weights()[:4])
    assert same(encoder.get_weights(), two.get_weights()[:4])


def test_a_generator_learns_through_a_frozen_judge() -> None:
    judge = Sequential([Dense(4, activation="tanh", input_shape=(4,)), Dense(1, activation="sigmoid")], name="judge")
    judge.compile("adam", "binary_crossentropy")
    maker = Sequential([Dense(4, input_shape=(2,))], name="maker")
    judge.trainable = False
    both = Sequential([maker, judge])
    both.compile("adam", "binary_crossentropy")
    noise, ones = RANDOM.standard_normal((24, 2)).astype(np.float32), np.ones((24, 1))
    kept, made = judge.get_weights(), maker.get_weights()
    both.train_on_batch(noise, ones)

    assert same(kept, judge.get_weights())
    assert not same(made, maker.get_weights())


def test_a_callback_may_ask_a_part_of_the_model_in_training() -> None:
    model = Sequential([Dense(5, activation="tanh", input_shape=(4,)), Dense(1)])
    front = Model(model.input, model.layers[0].output)
    seen = []

    class Asks(Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            seen.append(front.predict(X, verbose=0).sum())

    model.compile("sgd", "mse")
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[Asks()])

    assert len(set(seen)) == 3
    assert seen[-1] == front.predict(X, verbose=0).sum()


def test_nested_models_are_saved_and_opened(tmp_path: Path) -> None:
    left, right, encoder = Input((4,)), Input((4,)), base()
    encoder.get_layer("hidden").trainable = False
    model = Model([left, right], Dense(1)(Add()([encoder(left), encoder(right)])))
    model.compile("adam", "mse")
    model.fit([X, X[::-1]], Y, epochs=1, verbose=0)
    model.save(tmp_path / "pair.loom")
    again = load_model(tmp_path / "pair.loom")

    assert np.array_equal(again.predict([X, X[::-1]], verbose=0), model.predict([X, X[::-1]], verbose=0))
    assert again.get_layer("hidden").trainable is False
    assert len(again.trainable_weights) == 4
    code = Model(again.inputs[0], again.get_layer("code").output)
    np.testing.assert_allclose(code.predict(X, verbose=0), encoder.predict(X, verbose=0), rtol=1e-6)


def test_frozen_batch_normalization_uses_its_moving_statistics() -> None:
    model = Sequential([BatchNormalization(input_shape=(4,)), Dense(1)])
    model.layers[0].trainable = False
    model.compile("sgd", "mse")
    before = model.layers[0].get_weights()
    model.fit(X + 5, Y, epochs=1, verbose=0)

    assert same(before, model.layers[0].get_weights())
    assert [len(w) for w in (model.trainable_weights, model.non_trainable_weights)] == [2, 4]


def test_summary_counts_shared_and_frozen_weights_once(capsys: pytest.CaptureFixture[str]) -> None:
    x, tower = Input((4,)), Dense(4, trainable=False)
    Model(x, Dense(1)(tower(tower(x)))).summary()
    text = capsys.readouterr().out

    assert "as dense" in text
    for line in ("Total parameters: 25", "Trainable parameters: 5", "Non-trainable parameters: 20"):
        assert line in text


def test_popped_layers_may_join_another_model() -> None:
    model = Sequential([Dense(3, input_shape=(4,)), Dense(2), Dense(1)])
    last = model.layers[-1]
    model.pop()

    assert model.output_shape == (None, 2)
    assert Sequential([Dense(2, input_shape=(4,)), last]).output_shape == (None, 1)


def test_a_sequence_without_a_shape_takes_that_of_its_first_call() -> None:
    top = Sequential([Dense(3), Dense(1)])
    x = Input((4,))
    model = Model(x, top(x))

    assert top.input_shape == (None, 4)
    assert model.predict(X, verbose=0).shape == (24, 1)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda: base()(Input((5,))), "takes 4 per sample; received 5"),
        (lambda: base()([Input((4,)), Input((4,))]), "takes 1 input"),
        (lambda: Model(Input((4,)), base().output), "not among the model's inputs"),
        (lambda: Dense(3).output, "no output yet"),
        (lambda: Sequential([SAME, SAME]), "already part of the model"),
        (lambda: Model(ENDS, Add()([SAME(end) for end in ENDS])), "whose kernel is 4 × 3"),
    ],
)
def test_mistakes_are_sentences(act: Any, words: str) -> None:
    with pytest.raises(LayerloomError, match=words):
        act()
