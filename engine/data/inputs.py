"""Samples from a file, in the shape the network takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.fields import input_fields
from engine.data.idx import read_idx
from engine.data.npz import read_npy, read_npz, read_npz_headers
from engine.data.picture import ENDINGS, read_picture
from engine.errors import DataError, FileError
from engine.tensor_spec import Shape, shape_text

Array = npt.NDArray[Any]
#: Pictures that are read at once.
MOST_PICTURES = 10_000
DARK_ON_LIGHT = (
    "{what} dark on light. If the network learnt light on dark, as MNIST's digits are, swap them "
    "(--invert on the command line)."
)


@dataclass(frozen=True, eq=False)
class Samples:
    """What was read.

    Attributes:
        inputs: by Input node id, (samples, ...).
        names: what each sample is called, where files say so; else empty.
        notes: what was done to them or left out.
    """

    inputs: dict[str, Array]
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
        elif path.suffix.lower() in ENDINGS and _is_dark_on_light(values[0]):
            more += (DARK_ON_LIGHT.format(what=f"'{path.name}' is"),)
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


def read_many(paths: Sequence[Path], shapes: Mapping[str, Shape], fields: Mapping[str, str], invert: bool) -> Samples:
    """Samples from one file, or from several pictures or a folder of them.

    Args:
        paths: one file of any kind that ``read_inputs`` takes, or pictures, or one folder of pictures.
        shapes: what each Input takes.
        fields: the data field of an Input, where the project names one.
        invert: swap dark and light.

    Raises:
        FileError: nothing can be read.
        DataError: it does not fit the network.
    """
    files = [path for given in paths for path in (_pictures_in(given) if given.is_dir() else (given,))]
    if len(files) == 1:
        inputs, notes = read_inputs(files[0], shapes, fields, invert)
        count = len(next(iter(inputs.values())))
        return Samples(inputs, (files[0].name,) if count == 1 else (), notes)
    if not files:
        raise FileError("There are no pictures in that folder (.png, .jpg, .bmp, .gif). Choose another one.")
    strange = next((path for path in files if path.suffix.lower() not in ENDINGS), None)
    if strange is not None:
        raise FileError(f"Several files must all be pictures, but '{strange.name}' is none. Choose it alone.")
    found: list[dict[str, Array]] = []
    names, notes_of = [], []
    for path in files[:MOST_PICTURES]:
        try:
            inputs, _ = read_inputs(path, shapes, fields, invert)
        except FileError as error:
            notes_of.append(f"Left out: {error}")
            continue
        found.append(inputs)
        names.append(path.name)
    if not found:
        raise FileError(f"None of the {len(files)} pictures can be read. {notes_of[0]}")
    dark = sum(_is_dark_on_light(next(iter(inputs.values()))[0]) for inputs in found) if not invert else 0
    if dark:
        notes_of.append(DARK_ON_LIGHT.format(what="1 picture is" if dark == 1 else f"{dark:,} pictures are"))
    if len(files) > MOST_PICTURES:
        notes_of.append(f"Only the first {MOST_PICTURES:,} of {len(files):,} pictures were read.")
    joined = {key: np.concatenate([inputs[key] for inputs in found]) for key in found[0]}
    return Samples(joined, tuple(names), tuple(notes_of))


def _is_dark_on_light(picture: Array) -> bool:
    """Whether a grey picture has a light border, as ink on paper has."""
    if picture.ndim not in (2, 3) or (picture.ndim == 3 and picture.shape[2] != 1) or min(picture.shape[:2]) < 2:
        return False
    border = (picture[0], picture[-1], picture[:, 0], picture[:, -1])
    return float(np.median(np.concatenate([part.reshape(-1) for part in border]))) > 0.5


def _pictures_in(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.is_file()))
