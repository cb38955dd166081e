"""Words of Keras's losses, metrics and optimizers: names count, others may stand where they change nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Sequential, losses, metrics, models, optimizers, registry
from engine.api.callback import Callback
from engine.callbacks import EarlyStopping
from engine.component import parameters
from engine.errors import ParameterError
from engine.layers import Dense

X = np.random.default_rng(0).random((40, 5)).astype(np.float32)
Y = (X.sum(1) > 2.5).astype(np.float32)[:, None]


def judged_by(*given: Any, loss: Any = "binary_crossentropy") -> Sequential:
    model = Sequential([Dense(1, activation="sigmoid", input_shape=(5,))])
    model.compile(loss=loss, optimizer=optimizers.Adam(0.01, name="mine"), metrics=list(given))
    return model


def test_metrics_have_the_names_that_scripts_give_them(tmp_path: Path) -> None:
    class Seen(Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.logs = dict(logs)

    seen = Seen()
    model = judged_by(metrics.AUC(name="area"), metrics.Precision(0.3, name="low"), metrics.Precision(0.7, name="high"))
    stop = EarlyStopping(monitor="val_area", mode="max", patience=100, restore_best_weights=True)
    found = model.fit(X, Y, epochs=2, verbose=0, validation_data=(X, Y), callbacks=[seen, stop]).history
    wanted = ["loss", "area", "low", "high"]
    assert list(found) == wanted + [f"val_{name}" for name in wanted] == list(seen.logs)
    assert list(model.evaluate(X, Y, verbose=0, return_dict=True)) == wanted
    model.save(tmp_path / "m.keras")
    assert list(models.load_model(tmp_path / "m.keras").evaluate(X, Y, verbose=0, return_dict=True)) == wanted


def test_no_name_hides_the_loss() -> None:
    model = judged_by(metrics.BinaryAccuracy(name="loss"))
    found = model.fit(X, Y, epochs=1, verbose=0, validation_data=(X, Y)).history
    assert list(found) == ["loss", "loss_1", "val_loss", "val_loss_1"]
    assert found["loss"] != found["loss_1"]
    hidden = judged_by(metrics.AUC(name="val_loss")).fit(X, Y, epochs=1, verbose=0, validation_data=(X, Y)).history
    assert list(hidden) == ["loss", "val_loss_1", "val_loss", "val_val_loss_1"]


def test_names_that_nobody_gave_are_those_of_keras() -> None:
    usual = judged_by(metrics.FBetaScore(average="macro", threshold=0.5), metrics.LogCoshError(), metrics.Recall())
    found = usual.fit(X, Y, epochs=1, verbose=0).history
    assert list(found) == ["loss", "fbeta_score", "logcosh", "recall"]


@pytest.mark.parametrize("cls", list(registry.metrics), ids=lambda cls: cls.key)
def test_every_metric_takes_a_name_and_an_element_type(cls: Any) -> None:
    assert "name" in [p.name for p in parameters(cls)]
    made = cls(name="other", dtype="float32")
    assert made.label == "other" and cls.kind == "metric"
    assert cls(**{k: v for k, v in made.to_json().items() if k != "type"}) == made


@pytest.mark.parametrize("cls", list(registry.losses), ids=lambda cls: cls.key)
def test_every_loss_takes_the_words_of_keras_where_they_change_nothing(cls: Any) -> None:
    word = {} if "name" not in [p.name for p in parameters(cls)] else {"name": None}
    assert cls(reduction="sum_over_batch_size", axis=-1, dtype=None, **({"name": "x"} | word)) == cls()


def test_words_that_would_change_something_are_refused() -> None:
    with pytest.raises(
        ParameterError, match="reduction can only be 'sum_over_batch_size', 'mean', 'auto' here; received"
    ):
        losses.MeanSquaredError(reduction="sum")
    with pytest.raises(ParameterError, match="axis can only be -1 here; received 1"):
        losses.CategoricalCrossentropy(axis=1)
    with pytest.raises(ParameterError, match="axis can only be -1 here; received True"):
        losses.CategoricalCrossentropy(axis=True)
    with pytest.raises(ParameterError, match="thresholds can only be None here"):
        metrics.AUC(thresholds=[0.1, 0.5])
    with pytest.raises(ParameterError, match="gradient_accumulation_steps can only be None here; received 4"):
        optimizers.SGD(gradient_accumulation_steps=4)
    with pytest.raises(ParameterError, match="there is no parameter 'colour'"):
        losses.MeanSquaredError(colour="red")
