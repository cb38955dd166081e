"""Every argument of ``fit``, ``evaluate`` and ``predict`` means what it means in Keras."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from engine import Sequential
from engine.callbacks import Callback, LambdaCallback
from engine.errors import DataError, OldSpellingNote, UsageError
from engine.layers import Dense

RANDOM = np.random.default_rng(0)
X = RANDOM.standard_normal((50, 4)).astype("float32")
Y = (X[:, :1] - X[:, 1:2] > 0).astype("float32")


def small(**options: Any) -> Sequential:
    model = Sequential([Dense(1, activation="sigmoid", input_shape=(4,))])
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["acc"], **options)
    return model


def weights(model: Sequential) -> bytes:
    return b"".join(w.tobytes() for w in model.get_weights())


def batches(size: int = 10, forever: bool = True) -> Iterator[tuple[Any, ...]]:
    while True:
        for start in range(0, len(X), size):
            yield X[start : start + size], Y[start : start + size]
        if not forever:
            return


def test_a_generator_trains_as_the_arrays_it_comes_from() -> None:
    by_arrays, by_batches = small(), small()
    one = by_arrays.fit(X, Y, batch_size=10, epochs=3, shuffle=False, verbose=0, validation_data=(X, Y))
    two = by_batches.fit(
        batches(), epochs=3, steps_per_epoch=5, verbose=0, validation_data=batches(), validation_steps=5
    )

    assert weights(by_arrays) == weights(by_batches)
    assert one.history.keys() == two.history.keys() == {"loss", "acc", "val_loss", "val_acc"}
    assert one.history["loss"] == pytest.approx(two.history["loss"])
    assert one.history["val_loss"] == pytest.approx(two.history["val_loss"])


def test_batches_of_a_generator_may_grow_and_have_weights() -> None:
    def growing() -> Iterator[tuple[Any, ...]]:
        for size in (3, 8, 5, 20):
            yield X[:size], Y[:size], np.full(size, 2.0)

    by_generator, by_hand = small(), small()
    by_generator.fit(growing(), steps_per_epoch=4, verbose=0)
    for x, y, w in growing():
        by_hand.train_on_batch(x, y, sample_weight=w)

    assert weights(by_generator) == weights(by_hand)
    assert by_generator.step == 4


def test_an_object_with_a_length_is_read_item_by_item() -> None:
    class Batches:
        def __len__(self) -> int:
            return 5

        def __getitem__(self, place: int) -> tuple[Any, Any]:
            return X[10 * place : 10 * place + 10], Y[10 * place : 10 * place + 10]

    by_object, by_arrays = small(), small()
    by_object.fit(Batches(), epochs=2, verbose=0)
    by_arrays.fit(X, Y, batch_size=10, epochs=2, shuffle=False, verbose=0)

    assert weights(by_object) == weights(by_arrays)
    assert by_object.evaluate(Batches(), verbose=0) == pytest.approx(by_arrays.evaluate(X, Y, verbose=0))
    np.testing.assert_allclose(by_object.predict(Batches(), verbose=0), by_arrays.predict(X, verbose=0), rtol=1e-6)


@pytest.mark.parametrize("shuffle", [False, "batch", True])
def test_hdf5_arrays_are_read_in_place(tmp_path: Path, shuffle: Any) -> None:
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"], file["y"] = X, Y
        on_disk, in_memory = small(), small()
        arguments: dict[str, Any] = {"batch_size": 8, "epochs": 2, "shuffle": shuffle, "validation_split": 0.2}
        one = on_disk.fit(file["x"], file["y"], verbose=0, **arguments)
        two = in_memory.fit(X, Y, verbose=0, **arguments)

        assert weights(on_disk) == weights(in_memory)
        assert one.history == two.history
        assert on_disk.evaluate(file["x"], file["y"], verbose=0) == in_memory.evaluate(X, Y, verbose=0)
        assert np.array_equal(on_disk.predict(file["x"], verbose=0), in_memory.predict(X, verbose=0))


def test_shuffled_batches_stay_together() -> None:
    seen: list[Any] = []

    class Order(Callback):
        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            assert self.model is not None and self.model.loop is not None
            seen.append(self.model.loop._order.wanted(self.model.loop.epoch, batch).tolist())

    small().fit(X[:25], Y[:25], batch_size=10, shuffle="batch", epochs=4, verbose=0, callbacks=[Order()])

    assert all(rows == list(range(rows[0], rows[0] + len(rows))) for rows in seen)
    assert all(len(seen[place]) == 5 for place in (2, 5, 8, 11))
    assert len({tuple(rows[0] for rows in seen[3 * n : 3 * n + 3]) for n in range(4)}) > 1


def test_steps_per_epoch_divide_the_samples_into_longer_and_shorter_epochs() -> None:
    short, whole = small(), small()
    one = short.fit(X, Y, batch_size=10, epochs=5, steps_per_epoch=2, shuffle=False, verbose=0)
    two = whole.fit(X, Y, batch_size=10, epochs=2, shuffle=False, verbose=0)

    assert weights(short) == weights(whole)
    assert (len(one.history["loss"]), len(two.history["loss"]), short.step) == (5, 2, 10)


def test_validation_may_be_rare_short_and_in_other_batches() -> None:
    rare = small().fit(X, Y, epochs=6, verbose=0, validation_data=(X, Y), validation_freq=3).history
    listed = small().fit(X, Y, epochs=6, verbose=0, validation_data=(X, Y), validation_freq=[1, 6]).history
    short = small().fit(X, Y, verbose=0, validation_data=(X, Y), validation_batch_size=7, validation_steps=2).history
    first = small().fit(X, Y, verbose=0, validation_data=(X[:14], Y[:14])).history

    assert (len(rare["loss"]), len(rare["val_loss"]), len(listed["val_loss"])) == (6, 2, 2)
    assert short["val_loss"] == pytest.approx(first["val_loss"])


def test_the_last_samples_judge_and_missing_classes_are_said() -> None:
    order = np.argsort(Y[:, 0], kind="stable")
    x, y = X[order], Y[order, 0].astype("int64")
    model = Sequential([Dense(2, activation="softmax", input_shape=(4,))])
    model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd")
    with pytest.warns(UserWarning, match=r"classes that the others lack \(1\)"):
        model.fit(x, y, validation_split=0.6, verbose=0)
    model.fit(x[::-1][np.arange(50) * 7 % 50], y[::-1][np.arange(50) * 7 % 50], validation_split=0.5, verbose=0)


def test_single_batches_agree_with_whole_calls() -> None:
    model = small()
    logs = model.test_on_batch(X, Y, return_dict=True)

    assert list(logs) == model.metrics_names == ["loss", "acc"]
    assert logs == pytest.approx(model.evaluate(X, Y, batch_size=50, verbose=0, return_dict=True))
    assert np.array_equal(model.predict_on_batch(X), model.predict(X, batch_size=50, verbose=0))
    assert model.train_on_batch(X, Y, return_dict=True)["loss"] == pytest.approx(logs["loss"], rel=1e-5)
    assert model.evaluate(X, Y, batch_size=10, steps=2, verbose=0) == pytest.approx(
        model.evaluate(X[:20], Y[:20], verbose=0)
    )
    weighted = model.evaluate(X, Y, verbose=0, sample_weight=np.r_[np.ones(20), np.zeros(30)])
    assert weighted[0] == pytest.approx(0.4 * model.evaluate(X[:20], Y[:20], verbose=0)[0], rel=1e-5)


def test_class_weights_count_in_single_batches() -> None:
    heavy, by_sample = small(), small()
    heavy.train_on_batch(X, Y, class_weight={1: 5.0})
    by_sample.train_on_batch(X, Y, sample_weight=np.where(Y[:, 0] == 1, 5.0, 1.0))

    assert weights(heavy) == weights(by_sample)


def test_hooks_of_judging_and_answering_come_in_keras_order() -> None:
    seen: list[str] = []
    names = [f"on_{what}_{when}" for what in ("test", "predict") for when in ("begin", "end")]
    noted = {name: (lambda logs, name=name: seen.append(name[3:])) for name in names}
    numbered = {
        f"on_{what}_batch_{when}": (lambda batch, logs, name=f"{what} {when}": seen.append(f"{name} {batch}"))
        for what in ("test", "predict")
        for when in ("begin", "end")
    }
    hooks = LambdaCallback(**noted, **numbered, on_epoch_end=lambda epoch, logs: seen.append(f"epoch {epoch}"))
    small().evaluate(X[:20], Y[:20], batch_size=10, verbose=0, callbacks=[hooks])
    judged = ["test_begin", "test begin 0", "test end 0", "test begin 1", "test end 1", "test_end"]
    assert seen == judged

    seen.clear()
    small().predict(X[:20], batch_size=10, verbose=0, callbacks=[hooks])
    assert seen == [word.replace("test", "predict") for word in judged]

    seen.clear()
    small().fit(X, Y, verbose=0, callbacks=[hooks], validation_data=(X[:20], Y[:20]), validation_batch_size=10)
    assert seen == [*judged, "epoch 0"]


def test_the_lines_of_verbose_2_and_1(capsys: pytest.CaptureFixture[str]) -> None:
    small().fit(X, Y, epochs=2, verbose=2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Epoch 1/2" and lines[2] == "Epoch 2/2"
    assert lines[1].startswith("2/2 - 0s") and "acc: " in lines[1] and "loss: " in lines[1]

    small().fit(X, Y, epochs=1, verbose=1)
    assert "━" in capsys.readouterr().out
    small().fit(X, Y, epochs=1, verbose=0)
    assert not capsys.readouterr().out


def test_a_stop_in_the_middle_ends_the_epoch_with_what_is_known() -> None:
    class Stop(Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            assert self.model is not None
            self.model.stop_training = batch == 1

    history = small().fit(X, Y, batch_size=10, epochs=5, verbose=0, callbacks=[Stop()])

    assert history.epoch == [0] and len(history.history["loss"]) == 1


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda m: m.fit(batches(), verbose=0), UsageError, "steps_per_epoch"),
        (lambda m: m.fit(batches(), Y, steps_per_epoch=2, verbose=0), UsageError, "y must be left out"),
        (lambda m: m.fit(batches(), steps_per_epoch=2, validation_split=0.1), UsageError, "validation_data instead"),
        (lambda m: m.fit(batches(forever=False), steps_per_epoch=9, verbose=0), DataError, "gave 5 batches"),
        (lambda m: m.fit(iter([]), steps_per_epoch=1, verbose=0), DataError, "gave 0 batches"),
        (lambda m: m.fit(iter([X]), steps_per_epoch=1, verbose=0), UsageError, "must give tuples"),
        (lambda m: m.fit(iter([(X, Y, Y, Y)]), steps_per_epoch=1, verbose=0), UsageError, "a tuple of 4"),
        (lambda m: m.fit(iter([(X[:0], Y[:0])]), steps_per_epoch=1, verbose=0), DataError, "empty batch"),
        (lambda m: m.fit(iter([(X, Y), (X, Y[:3])]), steps_per_epoch=2, verbose=0), DataError, "one target per sample"),
        (lambda m: m.fit(X, Y, steps_per_epoch=0), UsageError, "steps_per_epoch must be"),
        (lambda m: m.fit(X, Y, validation_steps=1.5), UsageError, "validation_steps must be"),
        (lambda m: m.fit(X, Y, validation_freq="often"), UsageError, "validation_freq must be"),
        (lambda m: m.fit(X, Y, validation_freq=[0]), UsageError, "validation_freq must be"),
        (lambda m: m.fit(X, Y, shuffle="rows"), UsageError, "shuffle must be"),
        (lambda m: m.fit(X, Y, shufle=True), UsageError, "fit has no argument 'shufle'"),
        (lambda m: m.fit(X, Y, callbacks=[Callback]), UsageError, "with brackets"),
        (lambda m: m.fit(np.where(X > 2, np.nan, X), Y), DataError, "no numbers"),
        (lambda m: m.fit(X, np.where(Y > 0, np.inf, Y)), DataError, "no numbers"),
        (lambda m: m.fit(X, Y, sample_weight=np.full(50, np.nan)), DataError, "no numbers"),
        (lambda m: m.evaluate(X, Y, steps=0), UsageError, "steps must be"),
        (lambda m: m.evaluate(X, Y, sample_weight=np.ones(3)), DataError, "one sample weight per sample"),
        (lambda m: m.predict(batches(), verbose=0), UsageError, "steps="),
        (lambda m: m.predict_on_batch(X[:0]), DataError, "batch is empty"),
        (lambda m: m.test_on_batch(X, None), UsageError, "no target"),
        (lambda m: m.train_on_batch(X[:0], Y[:0]), DataError, "no samples"),
        (lambda m: m.summary(line_length=3), UsageError, "line_length must be"),
    ],
)
def test_impossible_arguments_end_in_a_sentence(call: Any, error: type[Exception], words: str) -> None:
    model = small()
    with pytest.raises(error, match=words):
        call(model)
    assert np.isfinite(model.get_weights()[0]).all()


def test_arguments_of_older_versions_are_understood() -> None:
    model = small()
    with pytest.warns(OldSpellingNote, match="today it is epochs="):
        history = model.fit(X, Y, nb_epoch=2, verbose=0)
    assert len(history.epoch) == 2
    with pytest.warns(OldSpellingNote, match="left out"):
        small(class_mode="binary")
