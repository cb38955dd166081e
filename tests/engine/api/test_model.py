"""A script written for Keras runs with only its import lines changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Input, Model, Sequential, load_model
from engine.callbacks import Callback
from engine.datasets import mnist
from engine.errors import DataError, ParameterError, ShapeError, UnknownName, UsageError
from engine.layers import Activation, BatchNormalization, Concatenate, Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from engine.optimizers import SGD, Adam
from engine.utils import np_utils, to_categorical


def blobs(samples: int = 300) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, samples)
    centres = np.array([[2, 0, 0, 1], [0, 2, 0, -1], [0, 0, 2, 0]])
    return (centres[labels] + 0.7 * random.standard_normal((samples, 4))).astype("float32"), labels


def small() -> Sequential:
    model = Sequential()
    model.add(Dense(input_dim=4, units=16, activation="relu"))
    model.add(Dense(units=3, activation="softmax"))
    model.compile(loss="categorical_crossentropy", optimizer=Adam(learning_rate=0.01), metrics=["accuracy"])
    return model


def test_the_three_steps(capsys: pytest.CaptureFixture[str]) -> None:
    x, y = blobs()
    model = small()
    history = model.fit(x, to_categorical(y, 3), batch_size=20, epochs=5, validation_split=0.2)
    result = model.evaluate(x, to_categorical(y, 3))
    answers = model.predict(x)

    assert set(history.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert len(history.history["loss"]) == 5
    assert isinstance(result, list)
    assert result[1] > 0.85
    assert answers.shape == (300, 3)
    np.testing.assert_allclose(answers.sum(axis=1), 1, rtol=1e-5)
    printed = capsys.readouterr().out
    assert "Epoch 5/5" in printed
    assert "12/12" in printed
    assert "val_accuracy" in printed


def test_digits_are_shipped_in_keras_form() -> None:
    (x_train, y_train), (x_test, y_test) = mnist.load_data()

    assert (x_train.shape, y_train.shape) == ((8000, 28, 28), (8000,))
    assert (x_test.shape, y_test.shape) == ((2000, 28, 28), (2000,))
    assert x_train.dtype == np.uint8
    assert set(np.unique(y_test)) == set(range(10))


def test_convolutions_learn_some_digits() -> None:
    (x, y), (x_test, y_test) = mnist.load_data()
    model = Sequential(
        [
            Conv2D(8, (3, 3), activation="relu", input_shape=(28, 28, 1)),
            MaxPooling2D((2, 2)),
            Flatten(),
            Dropout(0.2),
            Dense(10),
            Activation("softmax"),
        ]
    )
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    model.fit(x[:2000, ..., None] / 255, y[:2000], batch_size=50, epochs=2, verbose=0)

    assert model.evaluate(x_test[:500, ..., None] / 255, y_test[:500], verbose=0)[1] > 0.8


def test_functional_model_with_two_inputs_and_two_outputs() -> None:
    random = np.random.default_rng(0)
    a, b = random.standard_normal((200, 3)), random.standard_normal((200, 2))
    left, right = Input(shape=(3,), name="left"), Input(shape=(2,), name="right")
    joined = Concatenate()([Dense(8, activation="tanh")(left), BatchNormalization()(right)])
    total, sign = Dense(1, name="total")(joined), Dense(1, activation="sigmoid", name="sign")(joined)
    model = Model([left, right], [total, sign])
    model.compile(optimizer=Adam(0.02), loss={"total": "mse", "sign": "binary_crossentropy"}, loss_weights=[1.0, 0.5])
    want = a.sum(axis=1, keepdims=True) + b[:, :1]

    history = model.fit({"left": a, "right": b}, [want, want > 0], epochs=20, batch_size=20, verbose=0).history

    assert set(history) == {"loss", "total_loss", "sign_loss"}
    assert history["total_loss"][-1] < 0.3 * history["total_loss"][0]
    assert history["loss"][-1] == pytest.approx(history["total_loss"][-1] + 0.5 * history["sign_loss"][-1])
    assert [p.shape for p in model.predict([a, b], verbose=0)] == [(200, 1), (200, 1)]


def test_same_seed_same_weights_twice() -> None:
    x, y = blobs()
    found = []
    for _ in range(2):
        model = small()
        model.fit(x, to_categorical(y), epochs=2, verbose=0)
        found.append([w.tobytes() for w in model.get_weights()])

    assert found[0] == found[1]


def test_two_fits_go_on_like_one() -> None:
    x, y = blobs()
    once, twice = small(), small()
    once.fit(x, to_categorical(y), epochs=4, verbose=0)
    twice.fit(x, to_categorical(y), epochs=2, verbose=0)
    twice.fit(x, to_categorical(y), epochs=4, initial_epoch=2, verbose=0)

    assert all(np.array_equal(a, b) for a, b in zip(once.get_weights(), twice.get_weights(), strict=True))


def test_input_shape_may_come_with_the_data() -> None:
    x, y = blobs()
    model = Sequential([Dense(8, activation="relu"), Dense(3, activation="softmax")])
    model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd")
    model.fit(x, y, verbose=0)

    assert [w.shape for w in model.get_weights()] == [(4, 8), (8,), (8, 3), (3,)]


def test_frozen_layers_stay() -> None:
    x, y = blobs()
    model = small()
    before = model.get_layer("dense").get_weights()
    model.get_layer("dense").trainable = False
    model.fit(x, to_categorical(y), verbose=0)

    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_layer("dense").get_weights(), strict=True))
    assert model.get_layer("dense_1").get_weights()[0].any()


def test_weights_can_be_set_and_are_checked() -> None:
    model, other = small(), small()
    other.set_weights([w + 1 for w in model.get_weights()])

    np.testing.assert_allclose(other.get_weights()[0], model.get_weights()[0] + 1)
    with pytest.raises(UsageError, match="shape"):
        model.get_layer("dense").set_weights([np.zeros((3, 3)), np.zeros(16)])


def test_sample_and_class_weights_steer() -> None:
    x, y = blobs()
    plain, steered, by_sample = small(), small(), small()
    plain.fit(x, to_categorical(y), epochs=3, verbose=0)
    steered.fit(x, to_categorical(y), epochs=3, verbose=0, class_weight={0: 50.0})
    by_sample.fit(x, to_categorical(y), epochs=3, verbose=0, sample_weight=np.where(y == 0, 50.0, 1.0))

    assert (steered.predict(x, verbose=0).argmax(1) == 0).sum() > (plain.predict(x, verbose=0).argmax(1) == 0).sum()
    assert all(np.array_equal(a, b) for a, b in zip(steered.get_weights(), by_sample.get_weights(), strict=True))


def test_callbacks_are_called_at_keras_moments() -> None:
    class Notes(Callback):
        def __init__(self) -> None:
            super().__init__()
            self.seen: list[str] = []

        def on_train_begin(self, logs: Any = None) -> None:
            self.seen.append("begin")

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.seen.append(f"epoch {epoch}")

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.seen.append(f"batch {batch}")
            assert logs["loss"] > 0

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.seen.append(f"end {epoch}")
            assert self.model is not None
            self.model.stop_training = epoch == 1

        def on_train_end(self, logs: Any = None) -> None:
            self.seen.append("over")

    x, y = blobs(60)
    notes = Notes()
    small().fit(x, to_categorical(y), epochs=9, verbose=0, callbacks=[notes])

    assert notes.seen == [
        "begin", "epoch 0", "batch 0", "batch 1", "end 0", "epoch 1", "batch 0", "batch 1", "end 1", "over",
    ]  # fmt: skip


def test_train_on_batch_is_one_update() -> None:
    x, y = blobs(40)
    fitted, stepped = small(), small()
    fitted.fit(x, to_categorical(y), batch_size=40, epochs=1, shuffle=False, verbose=0)
    figures = stepped.train_on_batch(x, to_categorical(y))

    assert isinstance(figures, list)
    assert len(figures) == 2
    assert all(np.array_equal(a, b) for a, b in zip(fitted.get_weights(), stepped.get_weights(), strict=True))


def test_save_load_goes_on_exactly(tmp_path: Path) -> None:
    x, y = blobs()
    model = small()
    model.fit(x, to_categorical(y), epochs=2, verbose=0)
    model.save(tmp_path / "net.loom")
    again = load_model(tmp_path / "net.loom")

    assert np.array_equal(model.predict(x, verbose=0), again.predict(x, verbose=0))
    for m in (model, again):
        m.fit(x, to_categorical(y), epochs=3, initial_epoch=2, verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(model.get_weights(), again.get_weights(), strict=True))


def test_summary_counts(capsys: pytest.CaptureFixture[str]) -> None:
    small().summary()

    printed = capsys.readouterr().out
    assert "131" in printed
    assert "dense_1 (Dense)" in printed


@pytest.mark.parametrize(
    ("mistake", "error", "words"),
    [
        (lambda: Dense(0), ParameterError, "units must be a whole number from 1"),
        (lambda: Dense(3, activation="rellu"), ParameterError, "relu"),
        (lambda: Sequential([Dense(3)]).summary(), UsageError, "input shape"),
        (lambda: small().compile(optimizer="adamm", loss="mse"), UnknownName, "Adam"),
        (lambda: Sequential([Conv2D(3, 3, input_shape=(9,))]), UsageError, "Conv2D"),
        (lambda: small().fit(np.zeros((5, 3)), np.zeros((5, 3))), DataError, "expects samples of 4"),
        (lambda: small().predict(np.zeros(5)), DataError, "a single number for each. Reshape"),
        (lambda: small().predict(np.zeros(4)), DataError, r"One sample alone needs a first axis: x\[None\]"),
        (lambda: small().fit(np.zeros((5, 4)), np.zeros((4, 3))), DataError, "one target per sample"),
        (lambda: small().fit(np.zeros((5, 4)), np.zeros((5, 3)), batch_size=0), UsageError, "batch_size"),
        (lambda: small().fit(np.zeros((5, 4)), np.zeros((5, 3)), verbose=7), UsageError, "verbose"),
        (lambda: small().fit(np.array([["a"] * 4]), np.zeros((1, 3))), DataError, "must be numbers"),
        (lambda: np_utils.to_categorical([0, 5], 3), DataError, "0 to 2"),
        (lambda: Conv2D(4, 3)(Input(shape=(5,))), ShapeError, "height"),
        (lambda: SGD(learning_rate=-1), ParameterError, "learning_rate"),
        (lambda: small().get_layer("nothing"), UsageError, "dense"),
    ],
)
def test_mistakes_get_a_sentence(mistake: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words.replace("(", r"\(")):
        mistake()
