"""What courses of Keras's early years teach: their calls run, with a note where something is spelled anew today."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from engine import Input, Model, Sequential, backend, callbacks, layers, load_model, optimizers, regularizers
from engine.datasets import mnist
from engine.errors import OldSpellingNote, UsageError
from engine.models import model_from_json, model_from_yaml
from engine.utils import np_utils

RANDOM = np.random.default_rng(0)


@pytest.fixture
def older() -> Iterator[list[str]]:
    """The notes that older spellings bring."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found: list[str] = []
        yield found
        assert all(issubclass(item.category, OldSpellingNote) for item in caught), [str(i.message) for i in caught]
        found += [str(item.message) for item in caught]


def digits(train: int, test: int) -> Any:
    (x, y), (x_test, y_test) = mnist.load_data()
    x = x[:train].reshape(train, 784).astype("float32") / 255
    x_test = x_test[:test].reshape(test, 784).astype("float32") / 255
    return x, np_utils.to_categorical(y[:train], 10), x_test, np_utils.to_categorical(y_test[:test], 10)


def test_three_steps_with_two_hidden_layers() -> None:
    x, y, x_test, y_test = digits(1500, 500)
    model = Sequential()
    model.add(layers.Dense(input_dim=28 * 28, units=80, activation="relu"))
    model.add(layers.Dense(units=80))
    model.add(layers.Activation("relu"))
    model.add(layers.Dense(units=10, activation="softmax"))
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    model.fit(x, y, batch_size=50, epochs=3, verbose=0)
    score = model.evaluate(x_test, y_test, verbose=0)

    assert score[1] > 0.75
    assert model.predict(x_test, verbose=0).shape == (500, 10)


def test_the_same_in_the_words_of_keras_1(older: list[str]) -> None:
    x, y, *_ = digits(300, 10)
    model = Sequential([layers.Dense(output_dim=20, input_dim=784, init="uniform"), layers.Activation("sigmoid")])
    model.add(layers.Dense(output_dim=10, init="normal", W_regularizer=regularizers.l2(0.01), b_constraint="maxnorm"))
    model.add(layers.Activation("softmax"))
    model.compile(loss="mse", optimizer=optimizers.SGD(lr=0.1, momentum=0.9, decay=1e-6, nesterov=True))
    history = model.fit(x, y, batch_size=100, nb_epoch=2, verbose=0)

    assert len(history.history["loss"]) == 2
    assert model.optimizer is not None and model.optimizer.learning_rate == pytest.approx(0.1 / (1 + 6e-6))


def test_every_argument_of_convolution2d(older: list[str]) -> None:
    weights = [RANDOM.standard_normal((3, 3, 3, 4)), np.zeros(4)]
    model = Sequential()
    model.add(
        layers.Convolution2D(
            4, 3, 3, init="glorot_uniform", activation="linear", weights=weights, border_mode="same", subsample=(2, 2),
            dim_ordering="th", W_regularizer=regularizers.l1(0.01), b_regularizer=None, W_constraint=None, bias=True,
            input_shape=(3, 12, 10),
        )
    )  # fmt: skip
    model.add(layers.MaxPooling2D(pool_size=(2, 2), strides=None, border_mode="valid", dim_ordering="th"))
    model.add(
        layers.BatchNormalization(epsilon=1e-6, mode=0, axis=-1, momentum=0.9, beta_init="zero", gamma_init="one")
    )
    model.add(layers.Flatten())
    model.add(layers.Dense(2, activation="softmax"))
    x = RANDOM.random((5, 3, 12, 10))

    assert model.predict(x, verbose=0).shape == (5, 2)
    np.testing.assert_allclose(model.layers[0].get_weights()[0], weights[0], rtol=1e-6)
    turned = model.predict(np.moveaxis(x, 1, -1), verbose=0)
    np.testing.assert_array_equal(model.predict(x, verbose=0), turned)
    with pytest.raises(UsageError, match="dim_ordering must be"):
        layers.Convolution2D(4, 3, 3, dim_ordering="sideways")
    with pytest.raises(UsageError, match="given twice"):
        layers.Convolution2D(4, 3, 3, nb_filter=5)


def test_sequences(older: list[str]) -> None:
    x = RANDOM.standard_normal((6, 9, 4))
    conv = Sequential(
        [layers.Convolution1D(5, 3, input_dim=4, input_length=9, init="lecun_uniform", activation="tanh")]
    )
    conv.add(layers.MaxPooling1D(pool_length=2))
    dense = Sequential([layers.TimeDistributedDense(3, input_dim=4, input_length=9)])

    assert conv.predict(x, verbose=0).shape == (6, 3, 5)
    assert dense.predict(x, verbose=0).shape == (6, 9, 3)
    assert Sequential([layers.MaxoutDense(5, nb_feature=3, input_dim=4)]).count_params() == 4 * 5 * 3 + 15
    assert Sequential([layers.Permute((2, 1), input_shape=(9, 4))]).predict(x, verbose=0).shape == (6, 4, 9)
    words = Sequential([layers.Embedding(50, 8, input_length=9), layers.LSTM(output_dim=6, inner_init="orthogonal")])
    assert words.predict(RANDOM.integers(0, 50, (6, 9)), verbose=0).shape == (6, 6)


def test_merging(older: list[str]) -> None:
    left, right = Input(shape=(3,)), Input(shape=(3,))
    for mode, width in (("sum", 3), ("concat", 6), ("mul", 3), ("ave", 3), ("max", 3), ("dot", 1)):
        model = Model([left, right], layers.Merge(mode=mode)([left, right]))
        assert model.predict([np.ones((2, 3)), np.ones((2, 3))], verbose=0).shape == (2, width)
    with pytest.raises(UsageError, match="mode must be one of"):
        layers.merge([left, right], mode="melt")
    with pytest.raises(UsageError, match="no longer takes models"):
        layers.Merge([model, model])


def test_each_older_word_brings_one_note_that_names_todays() -> None:
    with pytest.warns(OldSpellingNote) as caught:
        layers.Dense(output_dim=3, init="uniform")
    assert [str(item.message) for item in caught] == [
        "Dense(output_dim=...) is an older Keras's spelling; today it is units=....",
        "Dense(init=...) is an older Keras's spelling; today it is kernel_initializer=....",
    ]
    assert all(item.filename == __file__ for item in caught), "the note stands at the line of the script"


def test_own_activations_over_the_backend() -> None:
    def capped(x: Any) -> Any:
        return backend.relu(x) - backend.relu(0.5 - backend.sigmoid(x))

    model = Sequential(
        [
            layers.Dense(4, input_dim=3),
            layers.Activation(capped),
            layers.Lambda(lambda x: backend.maximum(backend.relu(x), backend.sigmoid(x) - 0.5)),
        ]
    )
    x = RANDOM.standard_normal((5, 3))
    z = x @ model.get_weights()[0]
    relu, sigmoid = (lambda v: np.maximum(v, 0)), (lambda v: 1 / (1 + np.exp(-v)))
    first = relu(z) - relu(0.5 - sigmoid(z))

    np.testing.assert_allclose(
        model.predict(x, verbose=0), np.maximum(relu(first), sigmoid(first) - 0.5), rtol=1e-4, atol=1e-6
    )


def test_keeping_structure_and_weights(tmp_path: Path) -> None:
    model = Sequential([layers.Dense(32, input_dim=20), layers.Activation("relu"), layers.Dense(10)])
    for again in (model_from_json(model.to_json()), model_from_yaml(model.to_yaml())):
        model.save_weights(tmp_path / "my_model_weights.h5")
        again.load_weights(tmp_path / "my_model_weights.h5")
        x = RANDOM.standard_normal((4, 20))
        assert np.array_equal(model.predict(x, verbose=0), again.predict(x, verbose=0))
    model.save(tmp_path / "my_model.h5")
    with pytest.warns(UserWarning, match="does not tell how to train"):
        again = load_model(tmp_path / "my_model.h5")
    assert again.count_params() == model.count_params() and again.optimizer is None


def test_pictures_from_hdf5_in_six_classes(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "train_signs.h5", "w") as file:
        file["train_set_x"] = RANDOM.integers(0, 255, (60, 16, 16, 3), dtype=np.uint8)
        file["train_set_y"] = np.arange(60) % 6
        model = Sequential([layers.Flatten(input_shape=(16, 16, 3)), layers.Rescaling(1 / 255)])
        model.add(layers.Dense(25, activation="relu", kernel_initializer="glorot_normal"))
        model.add(layers.Dense(6, activation="softmax"))
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(
            file["train_set_x"], file["train_set_y"], batch_size=32, epochs=2, shuffle="batch", verbose=0
        )

    assert set(history.history) == {"loss", "accuracy"}


def test_checkpoints_by_a_pattern_and_best_only(tmp_path: Path, older: list[str]) -> None:
    x, y = RANDOM.standard_normal((40, 3)), RANDOM.standard_normal((40, 1))
    model = Sequential([layers.Dense(1, input_dim=3)])
    model.compile(loss="mean_squared_error", optimizer="sgd")
    place = str(tmp_path / "weights.{epoch:02d}-{val_loss:.2f}.hdf5")
    saver = callbacks.ModelCheckpoint(place, verbose=0, save_best_only=True)
    history = model.fit(x, y, nb_epoch=3, verbose=0, validation_split=0.25, callbacks=[saver], shuffle=True)
    best = np.minimum.accumulate(history.history["val_loss"])

    assert len(list(tmp_path.glob("weights.0*.hdf5"))) == len(set(best.tolist()))


def test_generators_with_steps(older: list[str]) -> None:
    def pictures() -> Iterator[Any]:
        while True:
            yield RANDOM.random((4, 10, 10, 3)), RANDOM.integers(0, 2, (4, 1))

    model = Sequential(
        [
            layers.Conv2D(4, (3, 3), activation="relu", input_shape=(10, 10, 3)),
            layers.MaxPooling2D((2, 2)),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(loss="binary_crossentropy", optimizer=optimizers.RMSprop(lr=1e-4), metrics=["acc"])
    history = model.fit_generator(
        pictures(), steps_per_epoch=3, epochs=2, validation_data=pictures(), validation_steps=2, verbose=0
    )

    assert set(history.history) == {"loss", "acc", "val_loss", "val_acc"}
    assert len(model.evaluate_generator(pictures(), steps=2)) == 2
    assert model.predict_generator(pictures(), steps=2).shape == (8, 1)
