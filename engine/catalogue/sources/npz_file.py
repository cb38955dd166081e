"""NpzFile: arrays saved by NumPy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Self

from engine.catalogue.sources.base import Dataset, Field, Source
from engine.component import component, setting
from engine.constraints import Text
from engine.data.fields import Array, check_rows, check_shapes, input_fields, target_fields
from engine.data.npz import ArrayHeader, read_npz, read_npz_headers
from engine.data.paths import resolve
from engine.errors import DataError

#: Names under which inputs and targets are usually saved, most telling first; case is ignored.
USUAL = (
    ("x_train", "y_train"),
    ("train_x", "train_y"),
    ("x", "y"),
    ("train_images", "train_labels"),
    ("images", "labels"),
    ("image", "label"),
    ("inputs", "targets"),
    ("features", "labels"),
    ("data", "target"),
    ("data", "labels"),
)


@component
class NpzFile(Source):
    """Arrays of an .npz file, as ``numpy.savez`` writes them: inputs, targets, and perhaps a test set.

    ``x_train``, ``y_train``, ``x_test``, ``y_test`` and ``x``, ``y`` and their relatives are found
    by themselves; of just two arrays, the one with more axes is the input.
    """

    title: ClassVar[str] = "NumPy arrays"
    icon: ClassVar[str] = "mdi6.matrix"
    drops: ClassVar[str] = "an .npz file"

    path: Annotated[str, Text(4096)] = setting("", "The .npz file.")
    inputs: Annotated[str, Text(1000)] = setting(
        "", "Names of the arrays that enter the network, separated by commas. Empty: chosen by their names."
    )
    targets: Annotated[str, Text(1000)] = setting(
        "", "Names of the arrays it shall answer with, separated by commas. Empty: chosen by their names."
    )

    def paths(self) -> tuple[str, ...]:
        return ("path",)

    def load(self, folder: Path | None) -> Dataset:
        path = resolve(self.path, folder)
        headers = read_npz_headers(path)
        inputs, targets = self._names(headers, path.name)
        held = {name: held_out_name(name, headers) for name in (*inputs, *targets)}
        # A test set counts only when it is whole.
        tests = {name: other for name, other in held.items() if other} if all(held.values()) else {}
        arrays = read_npz(path, dict.fromkeys([*inputs, *targets, *tests.values()]))
        return _dataset(arrays, inputs, targets, tests)

    def _names(self, headers: Mapping[str, ArrayHeader], file: str) -> tuple[list[str], list[str]]:
        inputs, targets = _listed(self.inputs), _listed(self.targets)
        offered = ", ".join(f"'{name}'" for name in headers) or "none"
        for name in (*inputs, *targets):
            if name not in headers:
                raise DataError(f"'{file}' holds no array '{name}'; it holds {offered}. Choose one of them.")
        if both := set(inputs) & set(targets):
            raise DataError(f"'{min(both)}' is chosen both as input and as target. Choose another array for one.")
        if inputs and targets:
            return inputs, targets
        found = usual_names(headers)
        if found is None or found[0] in targets or found[1] in inputs:
            raise DataError(
                f"Which arrays of '{file}' enter the network and which shall it answer with? It holds {offered}. "
                "Name them in the Data panel."
            )
        return inputs or [found[0]], targets or [found[1]]

    @classmethod
    def accepts(cls, paths: list[Path]) -> Self | None:
        if len(paths) != 1 or paths[0].suffix.lower() != ".npz":
            return None
        return cls(path=str(paths[0].absolute()))

    def summary(self) -> str:
        return Path(self.path).name or self.title


def usual_names(headers: Mapping[str, ArrayHeader]) -> tuple[str, str] | None:
    """Input and target by their names, or of two arrays by their axes; ``None`` when unclear."""
    spelled = {name.lower(): name for name in headers}
    for first, second in USUAL:
        if first in spelled and second in spelled:
            return spelled[first], spelled[second]
    if len(headers) == 2:
        low, high = sorted(headers, key=lambda name: len(headers[name].shape))
        if len(headers[low].shape) < len(headers[high].shape):
            return high, low
    return None


def held_out_name(name: str, names: Iterable[str]) -> str:
    """The array that holds the test part of another, or nothing: ``x_test`` for ``x_train`` and ``x``."""
    if re.search("train", name, re.IGNORECASE):
        wanted = [re.sub("train", word, name, flags=re.IGNORECASE) for word in ("test", "val", "valid")]
    else:
        wanted = [f"{name}_test", f"test_{name}", f"{name}_val"]
    spelled = {other.lower(): other for other in names}
    return next((spelled[other.lower()] for other in wanted if other.lower() in spelled), "")


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _dataset(arrays: Mapping[str, Array], inputs: list[str], targets: list[str], tests: Mapping[str, str]) -> Dataset:
    fields: dict[str, Field] = {}
    held: dict[str, Field] = {}
    notes: tuple[str, ...] = ()
    for name in (*inputs, *targets):
        make = input_fields if name in inputs else target_fields
        field, test, said = make(name, arrays[name], arrays[tests[name]] if tests else None)
        fields[name] = field
        if test is not None:
            held[name] = test
        notes += said
    check_rows(fields, "in the file")
    check_rows(held, "in the test set")
    check_shapes(fields, held)
    return Dataset(
        {name: fields[name] for name in inputs},
        {name: fields[name] for name in targets},
        {name: held[name] for name in inputs if name in held},
        {name: held[name] for name in targets if name in held},
        notes,
    )
