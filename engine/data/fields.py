"""Raw arrays to fields a network can take: pictures between 0 and 1, labels as class indexes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.sources.base import Field
from engine.errors import DataError

Array = npt.NDArray[Any]

#: Whole numbers up to here count as class indexes.
MOST_CLASSES = 1000


def input_fields(name: str, values: Array, test: Array | None = None) -> tuple[Field, Field | None, tuple[str, ...]]:
    """One input and its held-out part as float32, and notes on what was done.

    Bytes are pictures and are divided by 255; pictures without an axis for colours get one.

    Raises:
        DataError: no rows, or values that are not finite.
    """
    both = [values] if test is None else [values, test]
    notes = []
    divide = values.dtype == np.uint8 and max(int(part.max(initial=0)) for part in both) > 1
    grey = values.dtype == np.uint8 and values.ndim == 3
    if divide:
        notes.append(f"The bytes of '{name}' were divided by 255, so that they lie between 0 and 1.")
    if grey:
        size = f"{values.shape[1]} × {values.shape[2]} × 1"
        notes.append(f"The pictures of '{name}' got an axis for their one colour: {size}.")
    made = [_numbers(name, part, divide, grey) for part in both]
    return Field(made[0]), Field(made[1]) if test is not None else None, tuple(notes)


def _numbers(name: str, values: Array, divide: bool, grey: bool) -> Array:
    if values.ndim == 0 or len(values) == 0:
        raise DataError(f"'{name}' holds no samples. Choose an array with one row per sample.")
    numbers = values.astype(np.float32)
    if divide:
        numbers /= np.float32(255)
    if numbers.ndim == 1 or grey:
        numbers = numbers[..., None]
    faults = numbers.size - int(np.count_nonzero(np.isfinite(numbers)))
    if faults:
        raise DataError(
            f"'{name}' holds {faults:,} values that are missing, infinite or too large for float32. "
            "Replace or remove their rows."
        )
    return numbers


def target_fields(name: str, values: Array, test: Array | None = None) -> tuple[Field, Field | None, tuple[str, ...]]:
    """One target and its held-out part, and notes: class indexes as int64, all else as float32.

    Raises:
        DataError: no rows, or values that are not finite.
    """
    both = [values] if test is None else [values, test]
    classes = _classes(both)
    if not classes:
        plain = [Field(_numbers(name, part, False, False)) for part in both]
        return plain[0], plain[1] if test is not None else None, ()
    made = [Field(part.reshape(len(part)).astype(np.int64), classes) for part in both]
    note = (
        f"The whole numbers of '{name}' count as {len(classes)} classes, 0 to {len(classes) - 1}. "
        "To predict numbers instead, store them as real numbers."
    )
    return made[0], made[1] if test is not None else None, (note,)


def _classes(parts: list[Array]) -> tuple[str, ...]:
    """Names of the classes, or nothing when the values are no class indexes."""
    for part in parts:
        if part.dtype.kind not in "iub" or part.ndim == 0 or part.size != len(part) or not part.size:
            return ()
    low = min(int(part.min()) for part in parts)
    high = max(int(part.max()) for part in parts)
    if low < 0 or not 1 <= high < MOST_CLASSES:
        return ()
    return tuple(str(n) for n in range(high + 1))


def check_rows(fields: dict[str, Field], where: str) -> None:
    """Refuse fields of different lengths.

    Raises:
        DataError: naming the lengths.
    """
    lengths = {name: len(field) for name, field in fields.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"'{name}' has {count:,}" for name, count in lengths.items())
        raise DataError(f"Every sample needs an input and a target, but {where} the rows differ: {told}.")


def check_shapes(fields: dict[str, Field], test: dict[str, Field]) -> None:
    """Refuse a held-out part whose samples look different.

    Raises:
        DataError: naming the shapes.
    """
    for name, field in test.items():
        if field.spec.shape != fields[name].spec.shape:
            raise DataError(
                f"The samples of '{name}' are {fields[name].spec}, but those held out to judge by are {field.spec}. "
                "Both parts must have one shape."
            )
