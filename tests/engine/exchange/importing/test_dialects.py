"""The words of every version of Keras, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from engine.catalogue.layers.missing import Missing
from engine.component import Component
from engine.errors import FileError
from engine.exchange.importing.importer import Imported, imported
from engine.exchange.importing.reading import Held, Stored
from engine.graph import Graph
from engine.infer import infer
from engine.train.predictor import Predictor

RANDOM = np.random.default_rng(3)


def numbers(*shape: int) -> Any:
    return RANDOM.normal(0, 0.5, shape).astype("f4")


def take(
    model: Any,
    weights: Mapping[str, Mapping[str, Any]] | None = None,
    version: str = "2.2.4",
    backend: str = "tensorflow",
    **more: Any,
) -> Imported:
    """Import a legacy model from its structure and the weights of its layers."""
    arrays: dict[str, Any] = {}
    lists: dict[str, dict[str, Sequence[str]]] = {"model_weights": {"layer_names": list(weights or {})}}
    for layer, named in (weights or {}).items():
        lists[f"model_weights/{layer}"] = {"weight_names": list(named)}
        arrays |= {f"model_weights/{layer}/{name}": values for name, values in named.items()}
    stored = {path: Stored(values.shape, values.dtype) for path, values in arrays.items()}
    texts = {"model_config": json.dumps(model).encode()} | {k: json.dumps(v).encode() for k, v in more.items()}
    named = {"": {"keras_version": version, "backend": backend}}
    return imported(Held(stored, texts, named, lists, lambda paths: {path: arrays[path] for path in paths}), "a.h5")


def sequential(*layers: tuple[str, dict[str, Any]], shape: Sequence[int | None] = (None, 4)) -> Any:
    found = [{"class_name": kind, "config": {"name": f"l{n}", **config}} for n, (kind, config) in enumerate(layers)]
    found[0]["config"]["batch_input_shape"] = list(shape)  # type: ignore[index]
    return {"class_name": "Sequential", "config": {"name": "s", "layers": found}}


def layer_of(found: Imported, name: str = "l0") -> Any:
    return next(node.layer for node in found.project.graph.nodes.values() if node.name == name)


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


@pytest.mark.parametrize(
    ("padding", "kernel", "strides", "expected"),
    [
        ([[2, 2], [1, 1]], [3, 2], [1, 1], "full"),
        (2, [3, 3], [2, 2], "full"),
        ([1, 1], [3, 3], [1, 1], "same"),
        ([[1, 1], [1, 1]], [3, 3], [2, 2], ""),
        ([[0, 1], [0, 1]], [3, 3], [2, 2], ""),
        ([3, 3], [3, 3], [1, 1], ""),
    ],
)
def test_zeros_around_pictures(padding: Any, kernel: list[int], strides: list[int], expected: str) -> None:
    conv = {"filters": 2, "kernel_size": kernel, "strides": strides, "padding": "valid"}
    found = take(sequential(("ZeroPadding2D", {"padding": padding}), ("Conv2D", conv), shape=(None, 6, 5, 1)))

    if expected:
        assert layer_of(found, "l1").padding == expected
        assert len(found.project.graph.nodes) == 2
    else:
        assert layer_of(found).key == "ZeroPadding2D"
        assert layer_of(found, "l1").padding == "valid"


def first(flatten: dict[str, Any], order: str) -> tuple[Imported, Any, Any]:
    """A model with channels first, its input as the file means it, and what Dense must see in which order."""
    pooling = {"pool_size": [1, 1], "strides": None, "data_format": "channels_first"}
    kernel = numbers(2 * 3 * 4, 5)
    model = sequential(
        ("MaxPooling2D", pooling), ("Flatten", flatten), ("Dense", {"units": 5, "use_bias": False}),
        shape=(None, 2, 3, 4),
    )  # fmt: skip
    found = take(model, {"l2": {"l2/kernel:0": kernel}})
    x = numbers(3, 2, 3, 4)
    rows = x if order == "chw" else x.transpose(0, 2, 3, 1)
    return found, x.transpose(0, 2, 3, 1), rows.reshape(3, -1) @ kernel


@pytest.mark.parametrize(
    ("flatten", "order"),
    [({}, "chw"), ({"data_format": "channels_last"}, "chw"), ({"data_format": "channels_first"}, "hwc")],
)
def test_flattened_channels_first(flatten: dict[str, Any], order: str) -> None:
    found, x, expected = first(flatten, order)
    assert found.state is not None
    predictor = Predictor(found.project.graph, found.state.weights, threads=1)
    (y,) = predictor.predict({"input": x}).values()

    assert np.allclose(y, expected, rtol=1e-5, atol=1e-6)
    assert any("channels" in said for said in found.notes)


def test_layers_that_channels_first_would_change_are_place_holders() -> None:
    pooling = {"data_format": "channels_first"}
    model = sequential(("MaxPooling2D", pooling), ("Dense", {"units": 5}), shape=(None, 2, 4, 4))
    found = take(model)
    assert isinstance(layer_of(found, "l1"), Missing)

    mixed = sequential(("MaxPooling2D", pooling), ("MaxPooling2D", {}), shape=(None, 2, 4, 4))
    assert any("mixes channels first" in said for said in take(mixed).lost)


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


def test_a_model_without_its_structure_is_refused() -> None:
    with pytest.raises(FileError, match="what enters and what leaves"):
        take(
            {
                "class_name": "Model",
                "config": {"layers": [{"class_name": "InputLayer", "config": {}}], "input_layers": []},
            }
        )


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


def put_in(found: Imported, x: Any) -> Any:
    """Answers of an imported model with one input."""
    assert found.state is not None
    graph = found.project.graph
    (answers,) = Predictor(graph, found.state.weights, threads=1).predict({graph.inputs[0]: x}).values()
    return answers


def losses(found: Imported) -> list[str]:
    """What was lost besides the settings of a training, which these files do not hold."""
    return [said for said in found.lost if "how to train" not in said]


@pytest.mark.parametrize("backend", ["tensorflow", "theano"])
@pytest.mark.parametrize("oldest", [False, True])
def test_sequences_of_keras_1_were_pictures(backend: str, oldest: bool) -> None:
    kernel, bias, x = numbers(3, 2, 5), numbers(5), numbers(4, 6, 2)
    kept = kernel[::-1] if backend == "theano" else kernel
    kept = kept.transpose(2, 1, 0)[..., None] if oldest else kept[:, None]
    config = {"nb_filter": 5, "filter_length": 3, "border_mode": "valid", "subsample_length": 1, "input_dim": 2}
    model = sequential(("Convolution1D", config), shape=(None, 6, 2))

    found = take(model, {"l0": {"l0_W": kept, "l0_b": bias}}, version="1.2.2", backend=backend)

    assert losses(found) == []
    expected = np.stack([np.tensordot(x[:, i : i + 3], kernel, ((1, 2), (0, 1))) for i in range(4)], 1) + bias
    np.testing.assert_allclose(put_in(found, x), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "config", "shape", "kernels"),
    [
        ("DepthwiseConv2D", {"depth_multiplier": 2, "filters": None}, (5, 5, 2), ((2, 2, 2, 2), (4,))),
        ("SeparableConv2D", {"filters": 3}, (5, 5, 2), ((2, 2, 2, 1), (1, 1, 2, 3), (3,))),
        ("Conv2DTranspose", {"filters": 3, "output_padding": None}, (5, 5, 2), ((2, 2, 3, 2), (3,))),
    ],
)
def test_what_keras_2_inherited_says_nothing(kind: str, config: Any, shape: Any, kernels: Any) -> None:
    names = ["depthwise_kernel", "pointwise_kernel"] if kind == "SeparableConv2D" else ["depthwise_kernel"]
    names = [*(["kernel"] if kind == "Conv2DTranspose" else names), "bias"]
    inherited: dict[str, Any] = {"groups": 1, "dilation_rate": [1, 1], "strides": [1, 1], "padding": "valid"}
    if kind != "Conv2DTranspose":
        inherited["kernel_initializer"] = {"class_name": "GlorotUniform", "config": {"seed": None}}
    told = sequential((kind, {"kernel_size": [2, 2], **config, **inherited}), shape=(None, *shape))
    weights = {f"l0/{name}:0": numbers(*size) for name, size in zip(names, kernels, strict=True)}

    found = take(told, {"l0": weights}, version="2.11.0")

    assert losses(found) == []
    assert layer_of(found).key == kind
    assert found.state is not None
    held = next(iter(found.state.weights.values()))
    assert all(np.array_equal(a, b) for a, b in zip(held.values(), weights.values(), strict=True))


def test_groups_that_a_class_does_not_have_are_no_trifle() -> None:
    found = take(sequential(("DepthwiseConv2D", {"kernel_size": 2, "groups": 2}), shape=(None, 5, 5, 2)))

    assert isinstance(layer_of(found), Missing)
    assert "groups" in found.lost[0]


@pytest.mark.parametrize("kind", ["Conv1D", "Conv1DTranspose", "Conv3D"])
def test_sequences_and_volumes_with_channels_first_are_not_guessed(kind: str) -> None:
    config = {"filters": 2, "kernel_size": 1, "data_format": "channels_first"}
    shape = (None, 4, 4, 4, 2) if kind == "Conv3D" else (None, 4, 2)

    found = take(sequential((kind, config), shape=shape))

    assert isinstance(layer_of(found), Missing)
    assert "channels first" in found.lost[0]


@pytest.mark.parametrize(("zeros", "padding"), [([2, 2], "full"), ([1, 1], "same"), ([2, 1], None)])
def test_zeros_around_sequences_are_the_convolutions(zeros: list[int], padding: str | None) -> None:
    told = sequential(
        ("ZeroPadding1D", {"padding": zeros}), ("Conv1D", {"filters": 2, "kernel_size": [3]}), shape=(None, 6, 2)
    )

    found = take(told)

    if padding is None:
        assert layer_of(found).key == "ZeroPadding1D"
    else:
        assert layer_of(found, "l1").padding == padding
