"""Models within models, shapes and ways of training in files of every version of Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.errors import FileError
from engine.graph import Graph
from engine.infer import infer
from engine.train.predictor import Predictor
from tests.engine.exchange.importing.legacy import numbers, sequential, take


def functional(version: str, count_from: int) -> tuple[Any, dict[str, dict[str, Any]]]:
    """A model whose inner model is used twice, counted from 0 or 1 as versions do."""
    inner = {
        "class_name": "Model", "name": "m",
        "config": {
            "name": "m",
            "layers": [
                {"class_name": "InputLayer", "name": "mi", "config": {"name": "mi"}, "inbound_nodes": []},
                {"class_name": "Dense", "name": "md", "config": {"name": "md", "units": 4},
                 "inbound_nodes": [[["mi", 0, 0, {}]]]},
            ],
            "input_layers": [["mi", 0, 0]], "output_layers": [["md", 0, 0]],
        },
        "inbound_nodes": [[["in", 0, 0, {}]], [["m", count_from, 0, {}]]],
    }  # fmt: skip
    start = {"batch_input_shape": [None, 4], "name": "in"}
    model = {
        "class_name": "Model",
        "config": {
            "name": "outer",
            "layers": [
                {"class_name": "InputLayer", "name": "in", "config": start, "inbound_nodes": []},
                inner,
                {"class_name": "Add", "name": "a", "config": {},
                 "inbound_nodes": [[["m", count_from, 0, {}], ["m", count_from + 1, 0, {}]]]},
            ],
            "input_layers": [["in", 0, 0]], "output_layers": [["a", 0, 0]],
        },
    }  # fmt: skip
    weights = {"in": {}, "m": {"md/kernel:0": numbers(4, 4), "md/bias:0": numbers(4)}, "a": {}}
    return model, weights


@pytest.mark.parametrize(("version", "count_from"), [("2.2.4", 1), ("2.15.0", 1), ("2.15.0", 0)])
def test_models_within_are_written_out(version: str, count_from: int) -> None:
    model, weights = functional(version, count_from)
    found = take(model, weights, version)
    kernel, bias = weights["m"].values()
    x = numbers(3, 4)
    once = x @ kernel + bias

    assert found.state is not None
    (y,) = Predictor(found.project.graph, found.state.weights, threads=1).predict({"input": x}).values()
    assert np.allclose(y, once + once @ kernel + bias, rtol=1e-5, atol=1e-6)
    assert [node.name for node in found.project.graph.nodes.values()] == ["in", "m/md", "m/md (2)", "a"]
    assert [node.shares for node in found.project.graph.nodes.values()] == ["", "", "dense", ""]
    assert not any("used several times" in said for said in found.lost)


def test_shapes_may_be_told_in_several_places() -> None:
    dense = {"class_name": "Dense", "config": {"name": "d", "units": 3}}
    inner = {
        "class_name": "Sequential",
        "config": [dense | {"config": dense["config"] | {"batch_input_shape": [None, 6]}}],
    }  # type: ignore[operator]
    for model in (
        {
            "class_name": "Sequential",
            "config": [dense | {"config": dense["config"] | {"batch_input_shape": [None, 6]}}],
        },  # type: ignore[operator]
        {"class_name": "Sequential", "config": {"layers": [dense], "build_input_shape": [None, 6]}},
        {"class_name": "Sequential", "config": {"layers": [dense | {"build_config": {"input_shape": [None, 6]}}]}},
        {"class_name": "Sequential", "config": {"layers": [inner]}},
    ):
        graph: Graph = take(model).project.graph
        assert infer(graph).outputs[graph.outputs[0]][0].shape == (3,)
    unknown = take({"class_name": "Sequential", "config": {"layers": [dense]}})
    assert "nothing connected" in infer(unknown.project.graph).problems[0].text


def test_a_model_without_its_structure_is_refused() -> None:
    with pytest.raises(FileError, match="what enters and what leaves"):
        take(
            {
                "class_name": "Model",
                "config": {"layers": [{"class_name": "InputLayer", "config": {}}], "input_layers": []},
            }
        )


def test_how_to_train() -> None:
    model = sequential(("Dense", {"units": 3}))
    mae = {"class_name": "MeanMetricWrapper", "config": {"name": "mae", "fn": "mean_absolute_error"}}
    speed = {"lr": 0.0020000000949949026, "rho": 0.8, "decay": 0.1}
    config = {
        "optimizer_config": {"class_name": "RMSprop", "config": speed},
        "loss": {"class_name": "BinaryCrossentropy", "config": {"from_logits": True, "label_smoothing": 0.1}},
        "metrics": [["acc", mae, "gain"]],
    }  # fmt: skip
    found = take(model, training_config=config)
    training = found.project.training

    slower = {"initial_learning_rate": 0.002, "decay_steps": 1.0, "decay_rate": 0.1, "staircase": False}
    rate = {"type": "InverseTimeDecay"} | slower
    assert training.optimizer.to_json() | {"rho": 0.8, "learning_rate": rate} == training.optimizer.to_json()
    assert training.loss.to_json() == {"type": "binary_crossentropy", "from_logits": True, "label_smoothing": 0.1}
    assert [metric.key for metric in training.metrics] == ["accuracy", "mean_absolute_error"]
    assert [said for said in found.lost if "metric 'gain'" in said]
    assert not [said for said in found.lost if "the loss" in said.lower()]
    summed = {"class_name": "MeanSquaredError", "config": {"reduction": "sum", "name": "mse", "axis": -1}}
    told = take(model, training_config={"optimizer_config": None, "loss": summed, "metrics": None}).lost
    assert "The loss 'MeanSquaredError' was carried without these settings: reduction." in told
    odd = take(model, training_config={"optimizer_config": {"class_name": "Ranger"}, "loss": "mine", "metrics": None})
    assert any("The optimizer 'Ranger' is not known" in said for said in odd.lost)
    assert any("The loss 'mine' was not carried" in said for said in odd.lost)
    assert odd.project.training.metrics == ()


def test_schedules_of_the_learning_rate() -> None:
    def rate_of(schedule: Any, **more: Any) -> tuple[Any, list[str]]:
        optimizer = {"class_name": "Nadam", "config": {"learning_rate": schedule} | more}
        found = take(
            sequential(("Dense", {"units": 3})), training_config={"optimizer_config": optimizer, "loss": "mse"}
        )
        return found.project.training.optimizer.learning_rate, [text for text in found.lost if "schedule" in text]

    values = {"initial_learning_rate": 0.1, "decay_steps": 40, "alpha": 0.25, "name": "CosineDecay"}
    wave, lost = rate_of({"class_name": "CosineDecay", "config": values, "registered_name": None})
    assert (wave.key, wave.decay_steps, wave.alpha, lost) == ("CosineDecay", 40.0, 0.25, [])
    own, lost = rate_of({"class_name": "Mine>Saw", "config": {"initial_learning_rate": 0.1}})
    assert own == 0.1 and "'Saw' is not known" in lost[0]
    assert rate_of(0.2, decay=0.0) == (0.2, [])
