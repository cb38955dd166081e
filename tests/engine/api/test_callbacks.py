"""Callbacks of the Python interface: Keras's names, moments and attributes."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Sequential, callbacks
from engine.callbacks import (
    BackupAndRestore,
    Callback,
    CSVLogger,
    EarlyStopping,
    LambdaCallback,
    LearningRateScheduler,
    ModelCheckpoint,
    ReduceLROnPlateau,
    TensorBoard,
    TerminateOnNaN,
)
from engine.catalogue.callbacks.event_records import crc32c, masked
from engine.errors import ParameterError, UsageError
from engine.layers import Dense
from engine.optimizers import SGD, Adam
from engine.schedules import ExponentialDecay

X = np.random.default_rng(0).standard_normal((40, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def small(optimizer: Any = None) -> Sequential:
    model = Sequential([Dense(1, input_shape=(3,))])
    model.compile(loss="mse", optimizer=optimizer or Adam(0.01), metrics=["mae"])
    return model


def test_early_stopping_has_keras_attributes_and_may_be_used_again() -> None:
    stop = EarlyStopping(monitor="loss", min_delta=100.0, patience=2, restore_best_weights=True)
    first = small().fit(X, Y, epochs=20, verbose=0, callbacks=[stop])
    noted = (stop.stopped_epoch, stop.best_epoch, stop.patience, stop.monitor)
    second = small().fit(X, Y, epochs=20, verbose=0, callbacks=[stop])

    assert noted == (2, 0, 2, "loss")
    assert first.epoch == second.epoch == [0, 1, 2]
    assert stop.best == pytest.approx(second.history["loss"][0])


def test_verbose_callbacks_print(capsys: pytest.CaptureFixture[str]) -> None:
    small().fit(X, Y, epochs=9, verbose=0, callbacks=[EarlyStopping("loss", 100.0, 1, 1)])
    assert "Epoch 2: early stopping" in capsys.readouterr().out


def test_a_figure_that_is_missing_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="waits for 'val_loss'"):
        small().fit(X, Y, epochs=2, verbose=0, callbacks=[EarlyStopping()])


def test_the_learning_rate_may_be_read_and_set_between_updates() -> None:
    model, seen = small(SGD(0.1)), []

    def lower(epoch: int, logs: Any) -> None:
        assert model.optimizer is not None
        seen.append(model.optimizer.learning_rate)
        model.optimizer.learning_rate = model.optimizer.learning_rate / 2

    model.fit(X, Y, batch_size=40, epochs=3, verbose=0, callbacks=[LambdaCallback(on_epoch_end=lower)])
    by_hand = small(SGD(0.1))
    for rate in (0.1, 0.05, 0.025):
        assert by_hand.optimizer is not None
        by_hand.optimizer.lr = rate
        by_hand.train_on_batch(X, Y)

    assert seen == [0.1, 0.05, 0.025]
    np.testing.assert_allclose(model.get_weights()[0], by_hand.get_weights()[0], rtol=1e-6)
    assert model.optimizer is not None and model.optimizer.learning_rate == 0.0125
    assert model.optimizer.momentum == 0.0 and model.optimizer.get_config()["learning_rate"] == 0.0125


def test_a_schedule_cannot_be_overruled() -> None:
    model = small(Adam(ExponentialDecay(0.1, 10, 0.5)))
    with pytest.raises(UsageError, match="follows a schedule"):
        model.fit(X, Y, verbose=0, callbacks=[LearningRateScheduler(lambda epoch: 0.1)])
    assert model.optimizer is not None
    with pytest.raises(UsageError, match="learning_rate can be set"):
        model.optimizer.momentum = 3
    with pytest.raises(UsageError, match="finite number"):
        plain = small()
        assert plain.optimizer is not None
        plain.optimizer.learning_rate = -1


@pytest.mark.parametrize("function", [lambda epoch: 0.1 / (epoch + 1), lambda epoch, lr: 0.1 if not epoch else lr / 2])
def test_a_function_may_be_the_schedule(function: Any) -> None:
    history = small().fit(X, Y, epochs=2, verbose=0, callbacks=[LearningRateScheduler(function)])
    assert history.history["learning_rate"] == pytest.approx([0.1, 0.05])


def test_a_plateau_lowers_the_rate_and_the_history_tells_it() -> None:
    fall = ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1, min_delta=100.0)
    history = small().fit(X, Y, epochs=4, verbose=0, callbacks=[fall])
    assert history.history["learning_rate"] == [0.01, 0.01, 0.005, 0.0025]


def test_checkpoints_and_tables_lie_where_the_script_says(tmp_path: Path) -> None:
    model = small()
    history = model.fit(
        X, Y, epochs=2, verbose=0, validation_data=(X, Y),
        callbacks=[
            ModelCheckpoint(str(tmp_path / "weights.{epoch:02d}-{val_loss:.2f}.hdf5")),
            CSVLogger(tmp_path / "log.csv"),
        ],
    )  # fmt: skip
    figures = history.history["val_loss"]

    names = {f"weights.{n + 1:02d}-{figure:.2f}.hdf5" for n, figure in enumerate(figures)}
    assert {p.name for p in tmp_path.glob("*.hdf5")} == names
    assert (tmp_path / "log.csv").read_text().splitlines()[0] == "epoch,loss,mae,val_loss,val_mae"


def test_a_loss_that_is_no_number_ends_fit_quietly_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    model = small(SGD(1e30))
    history = model.fit(X, Y, epochs=9, verbose=0, callbacks=[TerminateOnNaN()])

    assert model.stop_training and np.isnan(history.history["loss"][-1])
    assert np.isfinite(model.get_weights()[0]).all()
    assert "Training stopped" in capsys.readouterr().out


def test_a_torn_training_goes_on_from_its_backup(tmp_path: Path) -> None:
    class Tear(Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            assert self.model is not None
            if self.model.step == 7:
                raise KeyboardInterrupt

    torn, whole = small(), small()
    with pytest.raises(KeyboardInterrupt):
        torn.fit(X, Y, batch_size=10, epochs=4, verbose=0, callbacks=[BackupAndRestore(tmp_path, save_freq=2), Tear()])
    again = small()
    history = again.fit(X, Y, batch_size=10, epochs=4, verbose=0, callbacks=[BackupAndRestore(tmp_path, save_freq=2)])
    whole.fit(X, Y, batch_size=10, epochs=4, verbose=0)

    assert history.epoch == [1, 2, 3]
    assert np.array_equal(again.get_weights()[0], whole.get_weights()[0])
    assert not list(tmp_path.iterdir())


def records(content: bytes) -> list[bytes]:
    """The contents of an event file, every checksum compared."""
    found = []
    while content:
        (length,) = struct.unpack("<Q", content[:8])
        body = content[12 : 12 + length]
        assert struct.unpack("<I", content[8:12]) == (masked(crc32c(content[:8])),)
        assert struct.unpack("<I", content[12 + length : 16 + length]) == (masked(crc32c(body)),)
        found.append(body)
        content = content[16 + length :]
    return found


def test_event_files_are_records_that_tensorboard_reads(tmp_path: Path) -> None:
    assert crc32c(b"123456789") == 0xE3069283, "the check value of CRC-32C"
    history = small().fit(X, Y, epochs=2, verbose=0, validation_data=(X, Y), callbacks=[TensorBoard(tmp_path)])
    (train,), (judged,) = (list((tmp_path / part).iterdir()) for part in ("train", "validation"))

    assert train.name.startswith("events.out.tfevents.")
    first, *rest = records(train.read_bytes())
    assert b"brain.Event:2" in first and len(rest) == 2
    assert b"epoch_loss" in rest[0] and b"epoch_learning_rate" in rest[0]
    assert struct.pack("<f", history.history["loss"][1]) in rest[1]
    assert struct.pack("<f", history.history["val_mae"][0]) in records(judged.read_bytes())[1]


@pytest.mark.parametrize(
    ("mistake", "error", "words"),
    [
        (lambda: EarlyStopping(patience=-1), ParameterError, "patience must be"),
        (lambda: ReduceLROnPlateau(factor=1.0), ParameterError, "factor must be"),
        (lambda: ModelCheckpoint("net.txt"), ParameterError, "ends in .keras"),
        (lambda: ModelCheckpoint("net.keras", save_weights_only=True), ParameterError, "end in .weights.h5"),
        (lambda: ModelCheckpoint("{epoch.real}.h5"), ParameterError, "places"),
        (lambda: ModelCheckpoint("a.h5", save_freq="often"), ParameterError, "save_freq"),
        (lambda: CSVLogger("a.csv", separator="::"), ParameterError, "separator"),
        (lambda: LambdaCallback(on_epoch=print), UsageError, "there is no hook"),
        (lambda: LambdaCallback(on_epoch_end=3), UsageError, "must be a function"),
        (lambda: BackupAndRestore("a", save_freq=0), UsageError, "save_freq"),
        (lambda: TensorBoard("a", histogram_freq=1), ParameterError, "histogram_freq"),
        (lambda: LearningRateScheduler("no such"), ParameterError, "schedule"),
        (lambda: callbacks.NoSuch, AttributeError, "it has"),
    ],
)
def test_mistakes_get_a_sentence(mistake: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        mistake()
