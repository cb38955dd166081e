"""States that live on from batch to batch in the Python API, by Keras's rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Sequential, layers
from engine.callbacks import LambdaCallback
from engine.errors import DataError, UsageError

ROWS = 4


def model(**settings: Any) -> Sequential:
    made = Sequential([layers.Input((5, 3)), layers.LSTM(4, stateful=True, name="keeper"), layers.Dense(1)], seed=3)
    made.compile("sgd", "mse", **settings)
    return made


def data(samples: int = 2 * ROWS) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    return random.standard_normal((samples, 5, 3)).astype("float32"), random.standard_normal((samples, 1))


def asked(one: Sequential, x: np.ndarray) -> np.ndarray:
    found: np.ndarray = one.predict(x, batch_size=ROWS, verbose=0)
    return found


@pytest.mark.parametrize("how", ["reset_states", "reset_state"])
def test_answers_go_on_until_the_states_are_reset(how: str) -> None:
    one, (x, _) = model(), data()
    first, second = asked(one, x), asked(one, x)
    assert not np.array_equal(first, second)

    getattr(one, how)()
    np.testing.assert_array_equal(asked(one, x), first)
    getattr(one.get_layer("keeper"), how)()
    np.testing.assert_array_equal(asked(one, x), first)


def test_a_sequence_in_pieces_is_answered_as_a_whole() -> None:
    one = model()
    whole = Sequential([layers.Input((10, 3)), layers.LSTM(4), layers.Dense(1)])
    whole.set_weights(one.get_weights())
    x = np.random.default_rng(2).standard_normal((ROWS, 10, 3)).astype("float32")

    one.predict_on_batch(x[:, :5])
    np.testing.assert_allclose(one.predict_on_batch(x[:, 5:]), whole.predict_on_batch(x), rtol=1e-6, atol=1e-7)


def test_training_judging_and_answering_share_the_states() -> None:
    one, (x, y) = model(), data()
    one.fit(x, y, batch_size=ROWS, shuffle=False, verbose=0)
    after_fit = one.state().carried["keeper"]["state_h"].copy()
    one.evaluate(x, y, batch_size=ROWS, verbose=0)
    after_judging = one.state().carried["keeper"]["state_h"].copy()
    one.train_on_batch(x[:ROWS], y[:ROWS])
    one.test_on_batch(x[:ROWS], y[:ROWS])

    assert after_fit.shape == (ROWS, 4)
    assert not np.array_equal(after_fit, after_judging)
    assert not np.array_equal(after_judging, one.state().carried["keeper"]["state_h"])


def test_a_callback_resets_between_epochs() -> None:
    x, y = data()
    kept, fresh = model(), model()
    kept.fit(x, y, batch_size=ROWS, epochs=3, shuffle=False, verbose=0)
    fresh.fit(
        x, y, batch_size=ROWS, epochs=3, shuffle=False, verbose=0,
        callbacks=[LambdaCallback(on_epoch_begin=lambda epoch, logs: fresh.reset_states())],
    )  # fmt: skip
    again = model()
    for epoch in range(3):
        again.reset_states()
        again.fit(x, y, batch_size=ROWS, initial_epoch=epoch, epochs=epoch + 1, shuffle=False, verbose=0)

    assert not np.array_equal(kept.get_weights()[0], fresh.get_weights()[0])
    np.testing.assert_array_equal(again.get_weights()[0], fresh.get_weights()[0])


def test_batches_of_other_sizes_are_told() -> None:
    one, (x, y) = model(), data()
    with pytest.raises(DataError, match="6 samples in batches of 4 end with a batch of 2"):
        one.fit(x[:6], y[:6], batch_size=ROWS, shuffle=False, verbose=0)
    asked(one, x)
    for call in (lambda: asked(one, x[:6]), lambda: one.predict(x, batch_size=8, verbose=0)):
        with pytest.raises(DataError, match=r"batches of 4 rows, or call reset_states\(\)"):
            call()
        one.reset_states()
        asked(one, x)
    with pytest.raises(UsageError, match="keeps states of batches of 4 rows; now batches of 8"):
        one.fit(x, y, batch_size=8, shuffle=False, verbose=0)
    one.reset_states()
    assert one.predict(x, batch_size=1, verbose=0).shape == (8, 1)


def test_shuffling_brings_a_warning() -> None:
    x, y = data()
    with pytest.warns(UserWarning, match="'keeper' is stateful, but fit shuffles"):
        model().fit(x, y, batch_size=ROWS, verbose=0)


def test_a_layer_without_states_has_none_to_reset() -> None:
    with pytest.raises(UsageError, match="is not stateful"):
        model().get_layer("dense").reset_states()
