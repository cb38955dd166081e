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
from golden_dialects import HERE, ROWS, keras_1_2, keras_2_2, keras_2_15
from golden_models import MODELS, channels_first, compiled, fill


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
