"""compile and fit of pasted code are training settings."""

from __future__ import annotations

import pytest

from engine.exchange.snippets.snippet import read_snippet
from engine.project import Project, TrainConfig

NET = "model = Sequential([Dense(8, input_dim=4, activation='relu'), Dense(3, activation='softmax')])\n"


def test_everything_that_is_told_is_set_and_nothing_else() -> None:
    found = read_snippet(
        NET
        + "model.compile(loss='categorical_crossentropy', optimizer=keras.optimizers.RMSprop(1e-4), metrics=['acc'])\n"
        + "model.fit(x, y, batch_size=16, nb_epoch=7, validation_split=0.25, shuffle=False, verbose=2)"
    )
    before = Project(training=TrainConfig(seed=5))

    after = found.settled(before)

    assert (after.training.epochs, after.training.batch_size, after.training.seed) == (7, 16, 5)
    assert after.training.loss.key == "categorical_crossentropy"
    assert (after.training.optimizer.key, after.training.optimizer.learning_rate) == ("RMSprop", 1e-4)
    assert not after.training.shuffle
    assert after.split.validation == 0.25


def test_training_alone_is_enough() -> None:
    found = read_snippet("model.compile(loss='mean_squared_error', optimizer=SGD(lr=0.1, momentum=0.9, nesterov=True))")

    assert not found.graph.nodes
    assert found.training["optimizer"].nesterov
    assert found.training["loss"].key == "mean_squared_error"
    assert "epochs" not in found.training


@pytest.mark.parametrize(
    "call",
    [
        "model.compile('adam', 'mse', ['mae'])",
        "model.compile('adam', 'mse', metrics=[keras.metrics.MeanAbsoluteError()])",
    ],
)
def test_metrics_by_place_and_by_class(call: str) -> None:
    assert [metric.key for metric in read_snippet(NET + call).training["metrics"]] == ["mean_absolute_error"]


def test_callbacks_and_schedules() -> None:
    found = read_snippet(
        NET
        + "rate = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=100, decay_rate=0.9)\n"
        + "model.compile(optimizer=Adam(learning_rate=rate), loss='mse')\n"
        + "model.fit(x, y, epochs=2, callbacks=[EarlyStopping(monitor='loss', patience=4), Mine()])"
    )

    assert [callback.patience for callback in found.training["callbacks"]] == [4]
    assert found.training["optimizer"].learning_rate.decay_steps == 100
    assert any("callback" in note for note in found.notes)


def test_a_loss_that_nobody_knows_leaves_the_one_there_is() -> None:
    found = read_snippet(NET + "model.compile(loss='categorical crossentropy', optimizer='adam', metrics=['accuracy'])")

    assert "loss" not in found.training
    assert any("categorical crossentropy" in note for note in found.notes)


def test_losses_by_the_names_of_outputs() -> None:
    found = read_snippet(
        """
x = Input((4,))
a = Dense(1, name='price')(x)
b = Dense(3, activation='softmax', name='kind')(x)
model = Model(x, [a, b])
model.compile('adam', {'price': 'mse', 'kind': 'categorical_crossentropy'}, loss_weights={'price': 0.5, 'kind': 1})
"""
    )

    after = found.settled(Project(), {key: f"{key}_7" for key in found.graph.nodes})

    assert sorted((t.loss.key, t.weight) for t in after.targets if t.loss) == [
        ("categorical_crossentropy", 1.0), ("mean_squared_error", 0.5),
    ]  # fmt: skip
    assert all(target.node.endswith("_7") for target in after.targets)


def test_an_optimizer_alone_is_enough() -> None:
    found = read_snippet("keras.optimizers.SGD(lr=0.01, momentum=0.9, decay=0.9, nesterov=False)")

    assert found.training["optimizer"].momentum == 0.9
    assert found.training["optimizer"].learning_rate.decay_rate == 0.9
