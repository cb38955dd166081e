"""The few attributes by which Keras names things in an HDF5 file; no others are ever opened."""

from __future__ import annotations

import re
from typing import Any

import h5py
import numpy as np

from engine.errors import FileError
from engine.io.hdf5 import BROKEN

#: Attributes that are one text, with the most bytes of each.
TEXTS = {
    "model_config": 16 * 2**20,
    "training_config": 2**20,
    "keras_version": 200,
    "backend": 200,
    "name": 2000,
}
#: Attributes that are lists of names; long ones are split: ``layer_names0``, ``layer_names1``.
LISTS = re.compile(r"(layer_names|weight_names)(\d{0,4})")
MOST_NAMES = 100_000
#: The most bytes of one stored list, and of all texts together.
LIST_BYTES, ALL_BYTES = 2**20, 48 * 2**20


class Names:
    """Collects attributes while a file is walked.

    Attributes:
        texts: by group and attribute.
        lists: by group and attribute, put together again.
    """

    def __init__(self) -> None:
        self.texts: dict[str, dict[str, str]] = {}
        self._parts: dict[str, dict[str, dict[int, list[str]]]] = {}
        self._left = ALL_BYTES

    def look(self, group: Any, path: str) -> None:
        """Read what is known of one group.

        Raises:
            FileError: a known attribute is of a kind that Keras does not write.
        """
        for place in range(h5py.h5a.get_num_attrs(group)):
            name = h5py.h5a.open(group, index=place).name.decode("utf-8", "replace")
            listed = LISTS.fullmatch(name)
            if listed is not None:
                parts = self._parts.setdefault(path, {}).setdefault(listed[1], {})
                parts[int(listed[2] or 0)] = self._read(group, place, LIST_BYTES, MOST_NAMES)
            elif name in TEXTS:
                values = self._read(group, place, TEXTS[name], 1)
                if values:
                    self.texts.setdefault(path, {})[name] = values[0]

    @property
    def lists(self) -> dict[str, dict[str, list[str]]]:
        """Names in their order, by group and attribute."""
        return {
            path: {name: [item for n in sorted(parts) for item in parts[n]] for name, parts in found.items()}
            for path, found in self._parts.items()
        }

    def _read(self, group: Any, place: int, limit: int, most: int) -> list[str]:
        attribute = h5py.h5a.open(group, index=place)
        kind, shape = attribute.get_type(), attribute.shape
        if shape is None or 0 in shape:
            return []  # a list without entries, which is written as one of numbers
        name = attribute.name.decode("utf-8", "replace")
        if kind.get_class() != h5py.h5t.STRING or len(shape) > 1 or (shape and shape[0] > most):
            raise FileError(f"The file is not usable: its attribute '{name}' is no text.")
        if attribute.get_storage_size() > max(limit, 64 * most if most > 1 else limit):
            raise FileError(f"The file is not usable: its attribute '{name}' is too long.")
        values = np.empty(shape, attribute.dtype)
        try:
            attribute.read(values)
        except BROKEN:
            raise FileError(f"The file is damaged: its attribute '{name}' cannot be read.") from None
        return [self._text(value, name, limit) for value in values.reshape(-1).tolist()]

    def _text(self, value: Any, name: str, limit: int) -> str:
        data = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(value)
        self._left -= len(data)
        if len(data) > limit or self._left < 0:
            raise FileError(f"The file is not usable: its attribute '{name}' is too long.")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise FileError(f"The file is damaged: its attribute '{name}' is not text in UTF-8.") from None
