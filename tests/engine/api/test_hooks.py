"""Hooks fire before the update they announce: what they do to the weights takes part in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Sequential
from engine.callbacks import Callback
from engine.errors import UsageError
from engine.layers import Dense
from engine.optimizers import Adam

X = np.random.default_rng(0).standard_normal((30, 4)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def small() -> Sequential:
    model = Sequential([Dense(1, input_shape=(4,))])
    model.compile(loss="mse", optimizer=Adam(0.01))
    return model


class Weights(Callback):
    """Notes the weights at every hook."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, bytes]] = []

    def note(self, name: str) -> None:
        assert self.model is not None
        self.seen.append((name, b"".join(w.tobytes() for w in self.model.get_weights())))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.note(f"epoch {epoch}")

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.note(f"batch {batch}")

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.note(f"after {batch}")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.note(f"end {epoch}")


def test_begin_hooks_see_the_weights_before_their_update() -> None:
    model, notes = small(), Weights()
    start = b"".join(w.tobytes() for w in model.get_weights())
    model.fit(X, Y, batch_size=10, epochs=2, verbose=0, callbacks=notes)

    one = ["batch 0", "after 0", "batch 1", "after 1", "batch 2", "after 2"]
    assert [name for name, _ in notes.seen] == ["epoch 0", *one, "end 0", "epoch 1", *one, "end 1"]
    weights = start
    for name, seen in notes.seen:
        if name.startswith("after"):
            assert seen != weights, name
            weights = seen
        assert seen == weights, name


@pytest.mark.parametrize("hook", ["on_train_begin", "on_epoch_begin", "on_train_batch_begin"])
def test_weights_set_by_a_hook_are_those_that_are_trained(hook: str) -> None:
    class Zero(Callback):
        def zero(self, *_: Any, **__: Any) -> None:
            assert self.model is not None
            self.model.set_weights([np.zeros((4, 1)), np.zeros(1)])

    setattr(Zero, hook, Zero.zero)
    by_hook, by_hand = small(), small()
    by_hook.fit(X, Y, batch_size=30, verbose=0, callbacks=[Zero()])
    by_hand.set_weights([np.zeros((4, 1)), np.zeros(1)])
    by_hand.fit(X, Y, batch_size=30, verbose=0)

    assert by_hand.get_weights()[0].any()
    assert all(np.array_equal(a, b) for a, b in zip(by_hook.get_weights(), by_hand.get_weights(), strict=True))


def test_a_stop_announced_before_an_update_prevents_it() -> None:
    class Stop(Callback):
        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            assert self.model is not None
            self.model.stop_training = batch == 1

    model = small()
    model.fit(X, Y, batch_size=10, epochs=5, verbose=0, callbacks=[Stop()])

    assert model.step == 1


def test_a_layer_frozen_by_a_hook_is_frozen_from_the_next_call_on() -> None:
    class Freeze(Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            assert self.model is not None
            self.model.layers[0].trainable = False
            self.model.get_weights()

    model, plain = small(), small()
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[Freeze()])
    plain.fit(X, Y, epochs=3, verbose=0)
    kept = model.get_weights()

    assert all(np.array_equal(a, b) for a, b in zip(kept, plain.get_weights(), strict=True))


def test_a_callback_that_fails_leaves_the_model_usable() -> None:
    class Fail(Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            raise UsageError("enough")

    model, plain = small(), small()
    with pytest.raises(UsageError, match="enough"):
        model.fit(X, Y, batch_size=30, verbose=0, callbacks=[Fail()])
    model.fit(X, Y, batch_size=30, verbose=0)
    plain.fit(X, Y, batch_size=30, epochs=2, shuffle=False, verbose=0)

    assert model.step == plain.step == 2
    np.testing.assert_allclose(model.get_weights()[0], plain.get_weights()[0], rtol=1e-5)
