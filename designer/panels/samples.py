"""Single samples in words."""

from __future__ import annotations

from typing import Any

import numpy as np

from designer.panels.pictures import is_picture
from engine.catalogue.sources.base import Dataset, Field


def picture_field(dataset: Dataset) -> Field | None:
    """The first input whose samples are pictures."""
    return next((field for field in dataset.inputs.values() if is_picture(field)), None)


def label_of(dataset: Dataset, row: int) -> str:
    """What a sample is judged by, in words."""
    short = [field for field in dataset.targets.values() if field.spec.size <= 4]
    return ", ".join(cell_text(field, row) for field in short)


def cell_text(field: Field, row: int) -> str:
    """One field of one sample; class indexes by their names."""
    value = np.asarray(field.values[row]).reshape(-1)
    if field.classes and value.size == 1 and 0 <= int(value[0]) < len(field.classes):
        return field.classes[int(value[0])]
    return ", ".join(number_text(n) for n in value)


def number_text(value: Any) -> str:
    """A number in few characters."""
    return f"{value:.4g}" if isinstance(value, (float, np.floating)) else str(value)
