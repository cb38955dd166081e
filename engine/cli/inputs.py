"""Samples from a file, in the shape the network takes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.fields import input_fields
from engine.data.idx import read_idx
from engine.data.npz import read_npy, read_npz, read_npz_headers
from engine.data.picture import ENDINGS, read_picture
from engine.errors import DataError
from engine.tensor_spec import Shape, shape_text

Array = npt.NDArray[Any]


def read_inputs(
    path: Path, shapes: Mapping[str, Shape], fields: Mapping[str, str], invert: bool
) -> tuple[dict[str, Array], tuple[str, ...]]:
    """Arrays by Input node id, and notes on what was done to them.

    Args:
        path: a .npy, .npz, IDX or picture file.
        shapes: what each Input takes.
        fields: the data field of an Input, where the project names one.
        invert: swap dark and light.

    Raises:
        FileError: the file cannot be read.
        DataError: it does not fit the network.
    """
    found: dict[str, Array] = {}
    notes: tuple[str, ...] = ()
    for key, array in _arrays(path, shapes, fields).items():
        rows = _rows(key, array, shapes[key])
        field, _, more = input_fields(key, rows)
        values = field.values.reshape(len(rows), *(n or 1 for n in shapes[key]))
        if invert:
            values = np.float32(1) - values
        found[key] = values
        notes += more
    return found, notes


def _arrays(path: Path, shapes: Mapping[str, Shape], fields: Mapping[str, str]) -> dict[str, Array]:
    if path.suffix.lower() == ".npz":
        return _from_npz(path, shapes, fields)
    if len(shapes) != 1:
        raise DataError(f"The network has {len(shapes)} inputs. Give it an .npz file with arrays {', '.join(shapes)}.")
    ((key, shape),) = shapes.items()
    if path.suffix.lower() == ".npy":
        return {key: read_npy(path)}
    if path.suffix.lower() in ENDINGS:
        sizes = [n or 1 for n in shape]
        if len(sizes) not in (2, 3):
            raise DataError(f"The network takes {shape_text(shape)}, which is no picture. Give it a .npy file.")
        height, width, *colours = sizes
        return {key: read_picture(path, height, width, colours[0] if colours else 1)[None]}
    return {key: read_idx(path)}


def _from_npz(path: Path, shapes: Mapping[str, Shape], fields: Mapping[str, str]) -> dict[str, Array]:
    headers = read_npz_headers(path)
    names: dict[str, str] = {}
    for key, shape in shapes.items():
        fitting = [name for name, header in headers.items() if _fits(header.shape, shape)]
        wanted = [fields.get(key, key), key, *(fitting if len(shapes) == 1 else ())]
        name = next((name for name in wanted if name in headers), None)
        if name is None:
            held = ", ".join(headers) or "none"
            raise DataError(
                f"'{path.name}' has no array for '{key}' ({shape_text(shape)}); it holds {held}. "
                f"Call one of them '{key}'."
            )
        names[key] = name
    arrays = read_npz(path, dict.fromkeys(names.values()))
    return {key: arrays[name] for key, name in names.items()}


def _fits(found: tuple[int, ...], shape: Shape) -> bool:
    """Whether an array holds samples of a shape, or is one; a last axis of 1 may be missing."""
    short = shape[:-1] if shape and shape[-1] == 1 else shape
    return found in (shape, short) or (len(found) > 0 and found[1:] in (shape, short))


def _rows(key: str, array: Array, shape: Shape) -> Array:
    if not _fits(array.shape, shape):
        raise DataError(
            f"'{key}' takes samples of {shape_text(shape)}, but the file holds {shape_text(array.shape)}. "
            "Its first axis must count the samples."
        )
    short = shape[:-1] if shape and shape[-1] == 1 else shape
    many = len(array.shape) > 0 and array.shape[1:] in (shape, short)
    return array if many else array[None]
