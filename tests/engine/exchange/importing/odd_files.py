"""Builds files that no Keras writes: each bends one real file in one place."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import h5py
import numpy as np

GOLDEN = Path(__file__).parent / "golden"
KERNEL = "model_weights/dense/sequential/dense/kernel"


def legacy(target: Path, change: Callable[[Any], object], name: str = "dense.h5") -> Path:
    """A legacy file changed by h5py."""
    image = BytesIO((GOLDEN / name).read_bytes())
    with h5py.File(image, "r+") as file:
        change(file)
    target.write_bytes(image.getvalue())
    return target


def replaced(path: str, **made: Any) -> Callable[[Any], object]:
    """Another data set in the place of one."""

    def change(file: Any) -> None:
        del file[path]
        file.create_dataset(path, **made)

    return change


def members(name: str = "dense.keras") -> dict[str, bytes]:
    """The members of a golden archive."""
    with zipfile.ZipFile(GOLDEN / name) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def archive(target: Path, held: dict[str, bytes] | list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> Path:
    """An archive of these members; names may repeat."""
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", method) as made:
        warnings.simplefilter("ignore")  # names that repeat are wanted
        for name, data in held.items() if isinstance(held, dict) else held:
            made.writestr(zipfile.ZipInfo(name), data, method)
    return target


def configured(target: Path, change: Callable[[Any], object], name: str = "dense.keras") -> Path:
    """An archive whose configuration was changed."""
    held = members(name)
    config = json.loads(held["config.json"])
    change(config)
    return archive(target, held | {"config.json": json.dumps(config).encode()})


def text_changed(target: Path, old: bytes, new: bytes, name: str = "dense.keras") -> Path:
    """An archive whose configuration's text was changed in one place."""
    held = members(name)
    assert old in held["config.json"]
    return archive(target, held | {"config.json": held["config.json"].replace(old, new, 1)})


def external_storage(secret: Path) -> Callable[[Any], object]:
    """The kernel's values lie in another file."""

    def change(file: Any) -> None:
        shape = file[KERNEL].shape
        del file[KERNEL]
        size = 4 * int(np.prod(shape))
        file.create_dataset(KERNEL, shape, "f4", external=[(str(secret), 0, size)])

    return change


def virtual(secret: Path) -> Callable[[Any], object]:
    """The kernel's values are a view of another file's."""

    def change(file: Any) -> None:
        shape = file[KERNEL].shape
        layout = h5py.VirtualLayout(shape, "f4")
        layout[...] = h5py.VirtualSource(str(secret), "kernel", shape)
        del file[KERNEL]
        file.create_virtual_dataset(KERNEL, layout)

    return change
