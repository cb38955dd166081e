"""Golden files written by hand in the dialects of older versions of Keras."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import h5py
import numpy as np

HERE = Path(__file__).resolve().parent / "golden"
ROWS = 5


def write_legacy(path: Path, version: str | None, backend: str, model: Any, weights: dict[str, dict[str, Any]]) -> None:
    image = BytesIO()
    with h5py.File(image, "w", libver="earliest") as file:
        if version is not None:
            file.attrs["keras_version"] = version.encode()
            file.attrs["backend"] = backend.encode()
        file.attrs["model_config"] = json.dumps(model).encode()
        root = file.create_group("model_weights")
        root.attrs["layer_names"] = [name.encode() for name in weights]
        for layer, named in weights.items():
            group = root.create_group(layer)
            group.attrs["weight_names"] = [name.encode() for name in named]
            for name, values in named.items():
                group[name] = values
    path.write_bytes(image.getvalue())


def node(kind: str, config: dict[str, Any], *sources: str) -> dict[str, Any]:
    """A layer of a functional model as Keras 2 wrote it."""
    inbound = [[[source, 0, 0, {}] for source in sources]] if sources else []
    return {"class_name": kind, "config": config, "name": config["name"], "inbound_nodes": inbound}


def functional_of_2_15() -> dict[str, Any]:
    """Nested lists, a Policy and the old hard_sigmoid."""
    policy = {
        "module": "keras.mixed_precision",
        "class_name": "Policy",
        "config": {"name": "float32"},
        "registered_name": None,
    }
    start = {"batch_input_shape": [None, 4], "dtype": "float32", "sparse": False, "ragged": False, "name": "in"}
    dense = {"name": "d", "dtype": policy, "units": 3, "activation": "hard_sigmoid", "use_bias": True}
    layers = [
        node("InputLayer", start),
        node("Dense", dense, "in"),
        node("BatchNormalization", {"name": "bn", "axis": [1], "momentum": 0.9, "epsilon": 0.001}, "d"),
        node("LeakyReLU", {"name": "l", "alpha": 0.30000001192092896}, "bn"),
        node("Add", {"name": "a"}, "l", "d"),
    ]
    ends = {"input_layers": [["in", 0, 0]], "output_layers": [["a", 0, 0]]}
    config = {"name": "model", "trainable": True, "layers": layers, **ends}
    return {"class_name": "Functional", "config": config, "keras_version": "2.15.0"}


def keras_2_15(random: Any, answers: dict[str, Any]) -> None:
    """Functional, with ``:0`` names of weights."""
    kernel, bias = random.normal(size=(4, 3)).astype("f4"), random.normal(size=3).astype("f4")
    gamma, beta, mean = (random.normal(size=3).astype("f4") for _ in range(3))
    variance = np.abs(random.normal(size=3)).astype("f4") + 0.2
    weights = {
        "in": {},
        "d": {"d/kernel:0": kernel, "d/bias:0": bias},
        "bn": {"bn/gamma:0": gamma, "bn/beta:0": beta, "bn/moving_mean:0": mean, "bn/moving_variance:0": variance},
        "l": {},
        "a": {},
    }
    write_legacy(HERE / "keras_2_15.h5", "2.15.0", "tensorflow", functional_of_2_15(), weights)
    x = random.normal(0, 2, (ROWS, 4)).astype("f4")
    d = np.clip(0.2 * (x @ kernel + bias) + 0.5, 0, 1)
    y = gamma * (d - mean) / np.sqrt(variance + 1e-3) + beta
    answers |= {"keras_2_15/in0": x, "keras_2_15/out0": np.where(y > 0, y, 0.3 * y) + d}


def keras_2_2(random: Any, answers: dict[str, Any]) -> None:
    """Sequential as a bare list, the shape on the first layer, the names of the time."""
    kernel, bias, second = (
        random.normal(size=(3, 5)).astype("f4"),
        random.normal(size=5).astype("f4"),
        random.normal(size=(5, 2)).astype("f4"),
    )
    scaling = {
        "class_name": "VarianceScaling",
        "config": {"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None},
    }
    config = {
        "class_name": "Sequential",
        "config": [
            {
                "class_name": "Dense",
                "config": {
                    "name": "dense_1",
                    "trainable": True,
                    "batch_input_shape": [None, 3],
                    "dtype": "float32",
                    "units": 5,
                    "activation": "tanh",
                    "use_bias": True,
                    "kernel_initializer": scaling,
                    "bias_initializer": {"class_name": "Zeros", "config": {}},
                    "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.009999999776482582}},
                    "bias_regularizer": None,
                    "activity_regularizer": None,
                    "kernel_constraint": None,
                    "bias_constraint": None,
                },
            },
            {
                "class_name": "Dropout",
                "config": {"name": "dropout_1", "trainable": True, "rate": 0.5, "noise_shape": None, "seed": None},
            },
            {
                "class_name": "Dense",
                "config": {"name": "dense_2", "trainable": True, "units": 2, "activation": "linear", "use_bias": False},
            },
        ],
    }
    weights = {
        "dense_1": {"dense_1/kernel:0": kernel, "dense_1/bias:0": bias},
        "dropout_1": {},
        "dense_2": {"dense_2/kernel:0": second},
    }
    write_legacy(HERE / "keras_2_2.h5", "2.2.2", "tensorflow", config, weights)
    x = random.normal(0, 1, (ROWS, 3)).astype("f4")
    answers |= {"keras_2_2/in0": x, "keras_2_2/out0": np.tanh(x @ kernel + bias) @ second}


def sequential_of_1_2(kernel: Any, flat: int) -> dict[str, Any]:
    """A convolution and Dense in the old words."""
    filters, channels, rows, columns = kernel.shape
    return {
        "class_name": "Sequential",
        "config": [
            {
                "class_name": "Convolution2D",
                "config": {
                    "name": "convolution2d_1",
                    "trainable": True,
                    "batch_input_shape": [None, channels, 6, 5],
                    "input_dtype": "float32",
                    "nb_filter": filters,
                    "nb_row": rows,
                    "nb_col": columns,
                    "init": "glorot_uniform",
                    "activation": "relu",
                    "border_mode": "valid",
                    "subsample": [1, 1],
                    "dim_ordering": "th",
                    "bias": True,
                    "W_regularizer": None,
                    "b_regularizer": None,
                    "activity_regularizer": None,
                    "W_constraint": None,
                    "b_constraint": None,
                },
            },
            {"class_name": "Flatten", "config": {"name": "flatten_1", "trainable": True}},
            {
                "class_name": "Dense",
                "config": {
                    "name": "dense_1",
                    "trainable": True,
                    "output_dim": 3,
                    "input_dim": flat,
                    "init": "uniform",
                    "activation": "hard_sigmoid",
                    "bias": False,
                    "W_regularizer": {"name": "WeightRegularizer", "l1": 0.0, "l2": 0.02},
                },
            },
        ],
    }


def keras_1_2(random: Any, answers: dict[str, Any]) -> None:
    """Theano's dialect: channels first, kernels (out, in, rows, columns) upside down, the old words."""
    filters, channels, rows, columns = 4, 2, 3, 2
    kernel = random.normal(0, 0.5, (filters, channels, rows, columns)).astype("f4")
    bias = random.normal(size=filters).astype("f4")
    height, width = 6 - rows + 1, 5 - columns + 1
    last = random.normal(size=(filters * height * width, 3)).astype("f4")
    weights = {
        "convolution2d_1": {"convolution2d_1_W": kernel, "convolution2d_1_b": bias},
        "flatten_1": {},
        "dense_1": {"dense_1_W": last},
    }
    write_legacy(HERE / "keras_1_2.h5", "1.2.2", "theano", sequential_of_1_2(kernel, len(last)), weights)
    x = random.normal(0, 1, (ROWS, channels, 6, 5)).astype("f4")
    y = np.zeros((ROWS, filters, height, width), "f8")
    for i in range(height):
        for j in range(width):
            window = x[:, :, i : i + rows, j : j + columns]
            y[:, :, i, j] = np.tensordot(window, kernel[:, :, ::-1, ::-1], ((1, 2, 3), (1, 2, 3))) + bias
    z = np.maximum(y, 0).reshape(ROWS, -1) @ last
    answers |= {"keras_1_2/in0": x.transpose(0, 2, 3, 1), "keras_1_2/out0": np.clip(0.2 * z + 0.5, 0, 1)}
