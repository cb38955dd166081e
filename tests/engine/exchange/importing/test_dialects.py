"""The words of every version of Keras, and what becomes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.catalogue.layers.missing import Missing
from engine.component import Component
from engine.infer import infer
from tests.engine.exchange.importing.legacy import layer_of, numbers, sequential, take


@pytest.mark.parametrize(
    ("version", "kind", "config", "expected"),
    [
        ("2.15.0", "Dense", {"units": 3, "activation": "hard_sigmoid"}, "hard_sigmoid_keras2"),
        ("1.2.2", "Activation", {"activation": "hard_sigmoid"}, "hard_sigmoid_keras2"),
        ("3.0.0", "Dense", {"units": 3, "activation": "hard_sigmoid"}, "hard_sigmoid"),
        ("3.0.0", "Dense", {"units": 3, "activation": None}, "linear"),
        ("2.4.0", "Activation", {"activation": "swish"}, "silu"),
        ("2.4.0", "Activation", {"activation": {"class_name": "function", "config": "relu6"}}, "relu6"),
        ("2.4.0", "LeakyReLU", {}, {"type": "leaky_relu", "negative_slope": 0.3}),
        ("2.4.0", "LeakyReLU", {"alpha": 0.30000001192092896}, {"type": "leaky_relu", "negative_slope": 0.3}),
        ("2.4.0", "LeakyReLU", {"alpha": {"type": "ndarray", "value": 0.25}}, {"negative_slope": 0.25}),
        ("3.1.0", "LeakyReLU", {"negative_slope": 0.1}, {"type": "leaky_relu", "negative_slope": 0.1}),
        ("3.1.0", "Dense", {"units": 2, "activation": {"class_name": "LeakyReLU", "config": {"negative_slope": 0.4}}},
         {"negative_slope": 0.4}),
        ("2.4.0", "ReLU", {"max_value": None, "negative_slope": 0.0, "threshold": 0.0}, "relu"),
        ("2.4.0", "ReLU", {"max_value": 6.0, "negative_slope": [0.0][0]}, "relu6"),
        ("2.4.0", "ReLU", {"negative_slope": 0.5}, {"negative_slope": 0.5}),
        ("2.4.0", "ELU", {"alpha": 0.5}, {"alpha": 0.5}),
        ("2.4.0", "Softmax", {"axis": -1}, "softmax"),
    ],
)  # fmt: skip
def test_activations(version: str, kind: str, config: dict[str, Any], expected: Any) -> None:
    activation: Component = layer_of(take(sequential((kind, config)), version=version)).activation

    if isinstance(expected, str):
        assert activation.key == expected
    else:
        assert expected.items() <= activation.to_json().items()


@pytest.mark.parametrize(
    ("kind", "config", "told"),
    [
        ("Activation", {"activation": "my_own"}, "activation 'my_own' is not known"),
        ("BatchNormalization", {"mode": 1}, "mode 1 of Keras 1"),
        ("BatchNormalization", {"renorm": True}, "renormalizes"),
        ("Lambda", {"function": "x"}, "replace it by an Activation or Expression"),
        ("Merge", {"mode": "cos"}, "mode 'cos' of Keras 1"),
        ("LayerNormalization", {"rms_scaling": True}, "setting 'rms_scaling' is not known here"),
        ("ReLU", {"stretch": 2.0}, "setting 'stretch' is not known here"),
        ("Dense", {"units": 4, "kernel_scaling": [0.5]}, "setting 'kernel_scaling' is not known here"),
        (
            "Dense",
            {"units": 4, "activation": {"class_name": "selu", "config": {"gain": 2.0}}},
            "the setting 'gain' of 'selu' is not known here",
        ),
    ],
)
def test_what_is_not_exact_stays_a_place_holder(kind: str, config: dict[str, Any], told: str) -> None:
    found = take(sequential((kind, config), ("Dense", {"units": 2})), {"l1": {"l1/kernel:0": numbers(4, 2)}})

    assert isinstance(layer_of(found), Missing)
    assert any(told in said for said in found.lost)
    assert "could not be read" in infer(found.project.graph).problems[0].text


@pytest.mark.parametrize(
    ("kind", "config", "expected"),
    [
        ("ReLU", {"max_value": 3.0}, {"max_value": 3.0, "threshold": 0.0}),
        ("ReLU", {"threshold": 1.0, "max_value": None}, {"max_value": None, "threshold": 1.0}),
        ("Softmax", {"axis": 1}, {"axis": [1]}),
        ("PReLU", {"shared_axes": None}, {"alpha_initializer": "zeros"}),
        ("LayerNormalization", {"axis": [1], "epsilon": 0.01}, {"axis": [1], "epsilon": 0.01}),
        ("GaussianNoise", {"sigma": 0.25}, {"stddev": 0.25}),
        ("RepeatVector", {"n": 3}, {"n": 3}),
        ("Rescaling", {"scale": 0.5, "offset": -1}, {"scale": 0.5, "offset": -1.0}),
    ],
)
def test_small_layers_keep_their_names(kind: str, config: dict[str, Any], expected: dict[str, Any]) -> None:
    layer = layer_of(take(sequential((kind, config))))

    assert layer.key == kind
    assert expected.items() <= layer.to_json().items()


@pytest.mark.parametrize("neutral", [None, False, 0, "", [], {}])
def test_unknown_settings_that_say_nothing_cost_nothing(neutral: Any) -> None:
    found = take(sequential(("Dense", {"units": 2, "future": neutral, "sparse": True, "dtype": "float32"})))

    assert layer_of(found).key == "Dense"
    assert not [said for said in found.lost if "future" in said or "sparse" in said]


def test_unknown_settings_of_training_cost_a_remark() -> None:
    found = take(sequential(("PReLU", {"future_constraint": {"class_name": "NonNeg", "config": {}}})))

    assert layer_of(found).key == "PReLU"
    assert "future_constraint of 'l0' was not carried. Only further training would notice." in found.lost


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("kernel_initializer", {"class_name": "GlorotUniform", "config": {"seed": 3, "gain": 2.0}}),
        ("kernel_regularizer", {"class_name": "OrthogonalRegularizer", "config": {"factor": 0.1, "gain": 2.0}}),
        ("kernel_constraint", {"class_name": "MaxNorm", "config": {"max_value": 2.0, "gain": 2.0}}),
    ],
)
def test_parts_with_unknown_settings_are_told(part: str, value: Any) -> None:
    found = take(sequential(("Dense", {"units": 2, part: value})))

    assert layer_of(found).key == "Dense"
    assert [said for said in found.lost if said.startswith(f"{part} of 'l0'") and "the setting 'gain'" in said]


def test_weights_behind_a_place_holder_are_carried() -> None:
    kernel, bias = numbers(4, 2), numbers(2)
    named = {"l1/bias:0": bias, "l1/kernel:0": kernel}
    found = take(sequential(("Mystery", {}), ("Dense", {"units": 2})), {"l1": named})

    assert found.state is not None
    assert np.array_equal(found.state.weights["dense"]["kernel"], kernel)
    assert np.array_equal(found.state.weights["dense"]["bias"], bias)


def test_initializers_and_regularizers() -> None:
    scaling = {
        "class_name": "VarianceScaling",
        "config": {"scale": 2.0, "mode": "fan_in", "distribution": "truncated_normal"},
    }
    config = {
        "units": 3, "kernel_initializer": scaling, "bias_initializer": "my_own",
        "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.1, "l2": 0.2}},
        "bias_regularizer": {"name": "WeightRegularizer", "l1": 0.0, "l2": 0.5},
        "kernel_constraint": {"class_name": "MaxNorm", "config": {"max_value": 3, "axis": 0}},
        "bias_constraint": {"name": "MaxNorm", "m": 2.0, "axis": 0}, "activity_regularizer": {"name": "L2", "l2": 0.3},
        "future_constraint": {"class_name": "Strange", "config": {}}, "trainable": False,
    }  # fmt: skip
    found = take(sequential(("Dense", config)))
    layer = layer_of(found)

    assert layer.kernel_initializer.key == "he_normal"
    assert layer.kernel_regularizer.to_json() == {"type": "L1L2", "l1": 0.1, "l2": 0.2}
    assert layer.bias_regularizer.to_json() == {"type": "L2", "l2": 0.5}
    assert [said for said in found.lost if "bias_initializer" in said and "'my_own' is not known" in said]
    assert layer.kernel_constraint.to_json() == {"type": "MaxNorm", "max_value": 3.0, "axis": [0]}
    assert layer.bias_constraint.max_value == 2.0
    assert layer.activity_regularizer.to_json() == {"type": "L2", "l2": 0.3}
    assert not [said for said in found.lost if "kernel_constraint" in said or "activity" in said]
    assert [said for said in found.lost if "future_constraint" in said]
    assert found.project.graph.frozen


@pytest.mark.parametrize("where", ["l0/gamma:0", "l0_gamma"])
def test_batch_normalization_of_every_version(where: str) -> None:
    old = where == "l0_gamma"
    words = ("l0_gamma", "l0_beta", "l0_running_mean", "l0_running_std") if old else tuple(
        f"l0/{word}:0" for word in ("gamma", "beta", "moving_mean", "moving_variance")
    )  # fmt: skip
    values = [numbers(4), numbers(4), numbers(4), np.abs(numbers(4)) + 0.1]
    found = take(sequential(("BatchNormalization", {"axis": [1]})), {"l0": dict(zip(words, values, strict=True))})

    assert found.state is not None
    (named,) = found.state.weights.values()
    for name, expected in zip(("gamma", "beta", "moving_mean", "moving_variance"), values, strict=True):
        assert np.array_equal(named[name], expected)


def test_weights_that_are_no_numbers_are_told() -> None:
    found = take(
        sequential(("Dense", {"units": 1, "use_bias": False})), {"l0": {"l0/kernel:0": numbers(4, 1) * np.inf}}
    )
    assert any("NaN or infinite" in said for said in found.lost)


def test_maxout_of_keras_1_comes_with_its_weights() -> None:
    config = {"output_dim": 2, "nb_feature": 3, "init": "he_normal", "bias": True, "W_regularizer": None}
    kernel, bias = numbers(3, 4, 2), numbers(3, 2)
    chain = sequential(("Dense", {"units": 4}), ("MaxoutDense", config))
    named = {"l0/kernel:0": numbers(4, 4), "l0/bias:0": numbers(4)}
    found = take(chain, {"l0": named, "l1": {"l1_W": kernel, "l1_b": bias}})
    layer = layer_of(found, "l1")

    assert (layer.key, layer.units, layer.features, layer.kernel_initializer.key) == ("Maxout", 2, 3, "he_normal")
    assert found.state is not None
    assert np.array_equal(found.state.weights["maxout"]["kernel"], kernel)
    assert np.array_equal(found.state.weights["maxout"]["bias"], bias)
