"""How an export says how it was trained."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import h5py
import pytest

from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.catalogue.optimizers.base import Optimizer
from engine.component import component, resolved
from engine.exchange.keras_archive import model_config, weights_file
from engine.exchange.keras_code import script
from engine.exchange.keras_network import keras_network
from engine.exchange.keras_target import KerasFile
from engine.exchange.keras_training import compiled, training_notes
from engine.exchange.parcel import Parcel
from engine.project import OutputTarget, TrainConfig
from engine.templates import chain
from tests.engine.exchange.networks import made, parcel_of, wired


def trained(**settings: Any) -> Parcel:
    graph = chain(("Input", {"shape": (3,)}), ("BatchNormalization", {}), ("Dense", {"units": 2}))
    return replace(parcel_of(graph), training=TrainConfig(**settings))


def compile_of(parcel: Parcel) -> Any:
    return model_config(keras_network(parcel), compiled(parcel)).get("compile_config")


def test_optimizer_loss_and_metrics_stand_in_the_file() -> None:
    optimizer = {"type": "SGD", "learning_rate": 0.02, "momentum": 0.9}
    loss = {"type": "sparse_categorical_crossentropy", "from_logits": True}
    found = compile_of(trained(optimizer=optimizer, loss=loss, metrics=("accuracy", "mae")))

    assert found["optimizer"] == {
        "module": "keras.optimizers", "class_name": "SGD", "registered_name": None,
        "config": {
            "learning_rate": 0.02, "momentum": 0.9, "nesterov": False, "weight_decay": None, "clipnorm": None,
            "clipvalue": None, "global_clipnorm": None, "use_ema": False, "ema_momentum": 0.99,
            "ema_overwrite_frequency": None,
        },
    }  # fmt: skip
    assert found["loss"]["class_name"] == "SparseCategoricalCrossentropy"
    assert found["loss"]["config"] == {"from_logits": True, "ignore_class": None}
    assert found["metrics"] == ["accuracy", "mean_absolute_error"]
    assert found["loss_weights"] is None


def test_every_output_has_its_loss_and_share() -> None:
    nodes = {"x": made("Input", shape=(3,)), "kind": made("Dense", units=4), "size": made("Dense", units=1)}
    mse: Any = resolved("loss", "mse")
    parcel = replace(
        parcel_of(wired(nodes, ("x", "kind"), ("x", "size"))),
        training=TrainConfig(),
        targets=(OutputTarget("size", "", mse, 0.5),),
    )
    found = compile_of(parcel)
    text = script(parcel, keras_network(parcel), compiled(parcel), "w.h5")
    mae: Any = (resolved("metric", "mae"),)
    own = replace(parcel, targets=(OutputTarget("size", "", mse, 0.5, mae, mae),))
    assert compile_of(own)["metrics"] == [["accuracy"], ["mean_absolute_error"]]
    assert compile_of(own)["weighted_metrics"] == [[], ["mean_absolute_error"]]
    written = script(own, keras_network(own), compiled(own), "w.h5")
    assert 'metrics=[["accuracy"], ["mean_absolute_error"]]' in written
    assert 'weighted_metrics=[[], ["mean_absolute_error"]]' in written

    assert found["loss"] == ["sparse_categorical_crossentropy", "mean_squared_error"]
    assert found["loss_weights"] == [1.0, 0.5]
    assert found["metrics"] == [["accuracy"], ["accuracy"]]
    assert 'loss=["sparse_categorical_crossentropy", "mean_squared_error"]' in text
    assert "loss_weights=[1.0, 0.5]" in text
    assert "# To go on training, with y, a list:\n    #   * class numbers of the shape (samples,)\n" in text


# What Keras 3.15.1 holds for a fresh optimizer of gamma (3,), beta (3,), kernel (3, 2) and bias (2,).
WEIGHTS = [(3,), (3,), (3, 2), (2,)]
PAIRS = [(3,), (3,), (3,), (3,), (3, 2), (3, 2), (2,), (2,)]
MEMORIES: list[tuple[Any, list[tuple[int, ...]]]] = [
    ("SGD", []),
    ({"type": "SGD", "momentum": 0.5}, WEIGHTS),
    ("RMSprop", WEIGHTS),
    ({"type": "RMSprop", "momentum": 0.5, "centered": True}, [*WEIGHTS, *WEIGHTS, *WEIGHTS]),
    ("Adam", [(3,), (3,), (3,), (3,), (3, 2), (3, 2), (2,), (2,)]),
    ({"type": "Adam", "amsgrad": True}, [(3,), (3,), (3,), (3,), (3, 2), (3, 2), (2,), (2,), *WEIGHTS]),
    ("AdamW", PAIRS),
    ("Adadelta", PAIRS),
    ("Adamax", PAIRS),
    ("Lion", WEIGHTS),
]
#: The same of optimizers that do not begin with zeros: the number in each place.
STARTS: list[tuple[Any, list[tuple[int, ...]], list[float]]] = [
    ("Adagrad", WEIGHTS, [0.1] * 4),
    ("Ftrl", PAIRS, [0.1, 0.0] * 4),
    ("Nadam", [*PAIRS, ()], [0.0] * 8 + [1.0]),
]


@pytest.mark.parametrize(("optimizer", "memory"), MEMORIES)
def test_a_fresh_optimizer_has_the_places_that_keras_fills(optimizer: Any, memory: list[tuple[int, ...]]) -> None:
    parcel = trained(optimizer=optimizer)
    content = weights_file(keras_network(parcel), compiled(parcel), remembers=True)

    with h5py.File(io.BytesIO(content)) as file:
        group = file["optimizer/vars"]
        found = [group[str(place)] for place in range(len(group))]
        assert [item.shape for item in found] == [(), (), *memory]
        assert (found[0].dtype, found[0][()]) == ("int32", 0)
        assert found[1][()] == pytest.approx(parcel.training.optimizer.learning_rate)  # type: ignore[union-attr]
        assert not any(item[()].any() for item in found[2:])


@pytest.mark.parametrize(("optimizer", "memory", "numbers"), STARTS)
def test_a_fresh_optimizer_begins_with_the_numbers_of_keras(optimizer: Any, memory: Any, numbers: list[float]) -> None:
    parcel = trained(optimizer=optimizer)
    content = weights_file(keras_network(parcel), compiled(parcel), remembers=True)

    with h5py.File(io.BytesIO(content)) as file:
        found = [file["optimizer/vars"][str(place)][()] for place in range(2, 2 + len(memory))]
    assert [item.shape for item in found] == memory
    assert [float(item.reshape(-1)[0]) for item in found] == pytest.approx(numbers)


def test_a_schedule_stands_in_file_and_script() -> None:
    rate = {"type": "ExponentialDecay", "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}
    parcel = trained(optimizer={"type": "SGD", "learning_rate": rate})

    told = compile_of(parcel)["optimizer"]["config"]["learning_rate"]
    text = script(parcel, keras_network(parcel), compiled(parcel), "w.h5")

    assert (told["module"], told["class_name"]) == ("keras.optimizers.schedules", "ExponentialDecay")
    assert told["config"] | {"decay_steps": 10.0, "decay_rate": 0.5} == told["config"]
    assert "learning_rate=keras.optimizers.schedules.ExponentialDecay(" in text
    with h5py.File(io.BytesIO(weights_file(keras_network(parcel), compiled(parcel), remembers=True))) as file:
        assert len(file["optimizer/vars"]) == 1  # the count of updates


def test_a_schedule_that_keras_lacks_is_left_out_with_a_note() -> None:
    rate = {"type": "LinearWarmup", "target_learning_rate": 0.1, "warmup_steps": 10}
    parcel = trained(optimizer={"type": "SGD", "learning_rate": rate})

    assert compiled(parcel) is None
    assert "Linear warm-up" in training_notes(parcel)[0]


def test_places_of_a_fresh_optimizer_take_no_room() -> None:
    graph = chain(("Input", {"shape": (300,)}), ("Dense", {"units": 300}))
    parcel = replace(parcel_of(graph), training=TrainConfig(optimizer="Adam"))  # type: ignore[arg-type]

    assert len(weights_file(keras_network(parcel), compiled(parcel), remembers=True)) < 300 * 300 * 4 + 20_000


@component
class Strange(Loss):
    """L = 0."""

    key: ClassVar[str] = "strange_loss"
    title: ClassVar[str] = "Strange loss"


@component
class Odd(Metric):
    """A figure that Keras does not have."""

    title: ClassVar[str] = "Odd figure"


@component
class Drift(Optimizer):
    """w = w."""

    def kernel(self) -> Callable[..., None]:
        return super().kernel()


@pytest.mark.parametrize(
    ("settings", "named"), [({"loss": Strange()}, "Strange loss"), ({"optimizer": Drift()}, "Drift")]
)
def test_what_keras_cannot_train_with_is_left_out_and_said(settings: Any, named: str) -> None:
    parcel = trained(**settings)

    assert compile_of(parcel) is None
    assert KerasFile().notes(parcel) == (
        f"Optimizer, loss and metrics are left out, because Keras does not have {named}.",
    )
    assert "model.compile" not in script(parcel, keras_network(parcel), compiled(parcel), "w.h5")


def test_a_metric_that_keras_lacks_is_left_out_and_said() -> None:
    parcel = trained(metrics=("accuracy", Odd()))

    assert compile_of(parcel)["metrics"] == ["accuracy"]
    assert KerasFile().notes(parcel) == ("The metric Odd figure is left out, because Keras does not have it.",)
