"""Writes the golden model files, with Keras 3.15.1 and by hand in the dialects of older versions.

Run it where keras==3.15.1 and one of its backends are installed:
``KERAS_BACKEND=openvino python tests/engine/exchange/importing/make_golden.py``. The files and answers lie
beside it in ``golden``.
"""

from __future__ import annotations

import copy
import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
from keras import layers

HERE = Path(__file__).resolve().parent / "golden"
ROWS = 5


def dense() -> Any:
    return keras.Sequential(
        [
            keras.Input((6,)),
            layers.Dense(7, activation="gelu", kernel_regularizer="l2", name="first"),
            layers.Dropout(0.3),
            layers.BatchNormalization(epsilon=1e-2),
            layers.Dense(5, kernel_initializer="he_normal", use_bias=False),
            layers.LeakyReLU(negative_slope=0.15),
            layers.Dense(4),
            layers.ELU(alpha=0.7),
            layers.Dense(3),
            layers.Softmax(),
        ]
    )


def pictures() -> Any:
    return keras.Sequential(
        [
            keras.Input((9, 8, 2)),
            layers.ZeroPadding2D(2),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(scale=False),
            layers.MaxPooling2D(2),
            layers.ZeroPadding2D(((1, 1), (1, 1))),
            layers.Conv2D(6, 3, dilation_rate=1, activation="swish"),
            layers.Conv2D(4, (2, 3), strides=(2, 1), padding="same", groups=2),
            layers.ReLU(max_value=6),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


def branches() -> Any:
    one, two = keras.Input((6,), name="one"), keras.Input((4, 3), name="two")
    shared = layers.Dense(5, activation="tanh", name="shared")
    a = shared(one)
    b = layers.Dense(6, activation="relu", name="wide")(layers.Flatten()(two))
    b = shared(b)
    total = layers.Add(name="sum")([a, b, a])
    joined = layers.Concatenate(name="joined")([total, b])
    inner_in = keras.Input((10,), name="inner_in")
    inner = keras.Model(
        inner_in, layers.Dense(4, name="deep")(layers.Dense(8, "relu", name="hid")(inner_in)), name="inner"
    )
    y = inner(joined)
    first = layers.Dense(3, activation="softmax", name="classes")(y)
    second = layers.Dense(1, name="size")(y)
    return keras.Model([two, one], [second, first, y])


def channels_first() -> Any:
    """Described channels first; Keras computes it with the same weights channels last."""
    x = keras.Input((2, 6, 5))
    y = layers.Conv2D(4, 3, activation="relu", data_format="channels_first")(x)
    y = layers.BatchNormalization(axis=1)(y)
    y = layers.MaxPooling2D(2, data_format="channels_first")(y)
    y = layers.Concatenate(axis=1)([y, layers.Activation("tanh")(y)])
    y = layers.Flatten()(y)
    y = layers.BatchNormalization()(y)
    return keras.Model(x, layers.Dense(3)(y))


MODELS = {"dense": dense, "pictures": pictures, "branches": branches}


def fill(model: Any, random: Any) -> None:
    for variable in model.weights:
        values = random.normal(0.03, 0.25, variable.shape)
        if "variance" in variable.path:
            values = np.abs(values) + 0.3
        variable.assign(values.astype("float32"))


def compiled(model: Any) -> None:
    losses = (
        ["mse", keras.losses.CategoricalCrossentropy(label_smoothing=0.1), "mae"]
        if len(model.outputs) > 1
        else "categorical_crossentropy"
    )
    metrics = [["mae"], ["accuracy"], []] if len(model.outputs) > 1 else ["accuracy", keras.metrics.MeanSquaredError()]
    weights = [1.0, 0.5, 2.0] if len(model.outputs) > 1 else None
    model.compile(keras.optimizers.SGD(0.02, momentum=0.9), losses, metrics=metrics, loss_weights=weights)


def save_keras_3(name: str, model: Any, random: Any, answers: dict[str, Any]) -> list[Any]:
    fill(model, random)
    compiled(model)
    shapes = [tuple(tensor.shape[1:]) for tensor in model.inputs]
    given = [random.normal(0, 1, (ROWS, *shape)).astype("float32") for shape in shapes]
    outputs = model.predict(given if len(given) > 1 else given[0], verbose=0)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    answers |= {f"{name}/in{n}": x for n, x in enumerate(given)}
    answers |= {f"{name}/out{n}": y for n, y in enumerate(outputs)}
    model.save(HERE / f"{name}.keras")
    model.save(HERE / f"{name}.h5")
    shrink(HERE / f"{name}.keras")
    return given


def shrink(path: Path) -> None:
    """The same members without date, packed."""
    with zipfile.ZipFile(path) as archive:
        held = {info.filename: archive.read(info) for info in archive.infolist()}
    held["metadata.json"] = b'{"keras_version": "3.15.1", "date_saved": "2026-01-01@00:00:00"}'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


# -- by hand, after the formats of older versions ---------------------------------------------------


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


def keras_2_15(random: Any, answers: dict[str, Any]) -> None:
    """Functional, with nested lists, ``:0`` names, a Policy and the old hard_sigmoid."""
    kernel, bias = random.normal(size=(4, 3)).astype("f4"), random.normal(size=3).astype("f4")
    gamma, beta, mean = (random.normal(size=3).astype("f4") for _ in range(3))
    variance = np.abs(random.normal(size=3)).astype("f4") + 0.2
    policy = {
        "module": "keras.mixed_precision",
        "class_name": "Policy",
        "config": {"name": "float32"},
        "registered_name": None,
    }
    config = {
        "class_name": "Functional",
        "config": {
            "name": "model",
            "trainable": True,
            "layers": [
                {
                    "class_name": "InputLayer",
                    "config": {
                        "batch_input_shape": [None, 4],
                        "dtype": "float32",
                        "sparse": False,
                        "ragged": False,
                        "name": "in",
                    },
                    "name": "in",
                    "inbound_nodes": [],
                },
                {
                    "class_name": "Dense",
                    "config": {
                        "name": "d",
                        "dtype": policy,
                        "units": 3,
                        "activation": "hard_sigmoid",
                        "use_bias": True,
                    },
                    "name": "d",
                    "inbound_nodes": [[["in", 0, 0, {}]]],
                },
                {
                    "class_name": "BatchNormalization",
                    "config": {"name": "bn", "axis": [1], "momentum": 0.9, "epsilon": 0.001},
                    "name": "bn",
                    "inbound_nodes": [[["d", 0, 0, {}]]],
                },
                {
                    "class_name": "LeakyReLU",
                    "config": {"name": "l", "alpha": 0.30000001192092896},
                    "name": "l",
                    "inbound_nodes": [[["bn", 0, 0, {}]]],
                },
                {
                    "class_name": "Add",
                    "config": {"name": "a"},
                    "name": "a",
                    "inbound_nodes": [[["l", 0, 0, {}], ["d", 0, 0, {}]]],
                },
            ],
            "input_layers": [["in", 0, 0]],
            "output_layers": [["a", 0, 0]],
        },
        "keras_version": "2.15.0",
    }
    weights = {
        "in": {},
        "d": {"d/kernel:0": kernel, "d/bias:0": bias},
        "bn": {"bn/gamma:0": gamma, "bn/beta:0": beta, "bn/moving_mean:0": mean, "bn/moving_variance:0": variance},
        "l": {},
        "a": {},
    }
    write_legacy(HERE / "keras_2_15.h5", "2.15.0", "tensorflow", config, weights)
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


def keras_1_2(random: Any, answers: dict[str, Any]) -> None:
    """Theano's dialect: channels first, kernels (out, in, rows, columns) upside down, the old words."""
    filters, channels, rows, columns = 4, 2, 3, 2
    kernel = random.normal(0, 0.5, (filters, channels, rows, columns)).astype("f4")
    bias = random.normal(size=filters).astype("f4")
    height, width = 6 - rows + 1, 5 - columns + 1
    last = random.normal(size=(filters * height * width, 3)).astype("f4")
    config = {
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
                    "input_dim": filters * height * width,
                    "init": "uniform",
                    "activation": "hard_sigmoid",
                    "bias": False,
                    "W_regularizer": {"name": "WeightRegularizer", "l1": 0.0, "l2": 0.02},
                },
            },
        ],
    }
    weights = {
        "convolution2d_1": {"convolution2d_1_W": kernel, "convolution2d_1_b": bias},
        "flatten_1": {},
        "dense_1": {"dense_1_W": last},
    }
    write_legacy(HERE / "keras_1_2.h5", "1.2.2", "theano", config, weights)
    x = random.normal(0, 1, (ROWS, channels, 6, 5)).astype("f4")
    y = np.zeros((ROWS, filters, height, width), "f8")
    for i in range(height):
        for j in range(width):
            window = x[:, :, i : i + rows, j : j + columns]
            y[:, :, i, j] = np.tensordot(window, kernel[:, :, ::-1, ::-1], ((1, 2, 3), (1, 2, 3))) + bias
    z = np.maximum(y, 0).reshape(ROWS, -1) @ last
    answers |= {"keras_1_2/in0": x.transpose(0, 2, 3, 1), "keras_1_2/out0": np.clip(0.2 * z + 0.5, 0, 1)}


def turned(random: Any, answers: dict[str, Any]) -> None:
    """A functional model that puts channels first, by Keras as far as its backends compute it."""
    model = channels_first()
    fill(model, random)
    model.save(HERE / "channels_first.h5")
    x = random.normal(0, 1, (ROWS, 2, 6, 5)).astype("float32")
    answers |= {"channels_first/in0": x.transpose(0, 2, 3, 1), "channels_first/out0": first_by_hand(model, x)}


def first_by_hand(model: Any, x: Any) -> Any:
    weights = [np.array(w).astype("f8") for w in model.weights]
    kernel, bias, gamma, beta, mean, variance = weights[:6]
    y = np.zeros((len(x), 4, 4, 3))
    for i in range(4):
        for j in range(3):
            y[:, :, i, j] = np.tensordot(x[:, :, i : i + 3, j : j + 3], kernel, ((2, 3, 1), (0, 1, 2))) + bias
    y = np.maximum(y, 0)
    column = (slice(None), None, None)
    y = gamma[column] * (y - mean[column]) / np.sqrt(variance[column] + 1e-3) + beta[column]
    y = y[:, :, :4, :2].reshape(len(x), 4, 2, 2, 1, 2).max(axis=(3, 5))
    y = np.concatenate([y, np.tanh(y)], axis=1).reshape(len(x), -1)
    gamma, beta, mean, variance, kernel, bias = weights[6:]
    return (gamma * (y - mean) / np.sqrt(variance + 1e-3) + beta) @ kernel + bias


def older_archive() -> None:
    """The dense model's archive as Keras 2.13 to 2.15 wrote it: other container, counts with gaps, no names."""
    with zipfile.ZipFile(HERE / "dense.keras") as archive:
        config = json.loads(archive.read("config.json"))
        image = archive.read("model.weights.h5")
    target = BytesIO()
    with h5py.File(BytesIO(image)) as source, h5py.File(target, "w", libver="earliest") as file:
        for path, group in source["layers"].items():
            kind, _, count = path.rpartition("_")
            number = int(count) if count.isdigit() else 0
            stem = kind if count.isdigit() else path
            # Layers with weights were listed twice, so every second number is missing.
            place = f"{stem}_{2 * number}" if number and len(group["vars"]) else path
            for name, values in group["vars"].items():
                file[f"_layer_checkpoint_dependencies/{place}/vars/{name}"] = values[()]
    config = copy.deepcopy(config)
    with zipfile.ZipFile(HERE / "keras_2_15.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        members = {
            "metadata.json": b'{"keras_version": "2.15.0"}',
            "config.json": json.dumps(config).encode(),
            "model.weights.h5": target.getvalue(),
        }
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def main() -> None:
    HERE.mkdir(exist_ok=True)
    random = np.random.default_rng(7)
    answers: dict[str, Any] = {}
    for name, make in MODELS.items():
        keras.utils.clear_session()
        keras.utils.set_random_seed(1)
        save_keras_3(name, make(), random, answers)
    keras.utils.clear_session()
    turned(random, answers)
    keras_2_15(random, answers)
    keras_2_2(random, answers)
    keras_1_2(random, answers)
    older_archive()
    np.savez_compressed(HERE / "answers.npz", **answers)


if __name__ == "__main__":
    main()
