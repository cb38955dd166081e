"""A network's answers to many samples as a table, and the table as a CSV file."""

from __future__ import annotations

import contextlib
import csv
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.files import reason
from engine.errors import DataError, FileError
from engine.explain.batches import Progress, Stop, batches
from engine.explain.classes import ClassOutput, class_output
from engine.train.predictor import Predictor

Array = npt.NDArray[Any]
Cell = int | str | np.floating[Any]
#: What makes a spreadsheet take a text for a formula, ordinary and full width.
FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


@dataclass(frozen=True)
class Table:
    """Some rows of a table.

    Attributes:
        columns: the same for every part of a table.
        rows: one tuple per sample: whole numbers, texts, and numbers of the network's own precision.
        start: which sample the first row belongs to.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    start: int


@dataclass(frozen=True)
class _Column:
    """What is written about one output."""

    key: str
    told: ClassOutput | None
    names: Sequence[str]
    size: int

    def heads(self, alone: bool) -> list[str]:
        """Headings; with the output's id in front unless it is the only one."""
        values = self.names if len(self.names) == self.size else [f"value {n}" for n in range(self.size)]
        named = ["class", "class name"] if self.names else ["class"]
        words = [*(([*named, "confidence"]) if self.told else []), *values]
        return list(words) if alone else [f"{self.key}: {word}" for word in words]

    def cells(self, values: Array) -> Iterator[list[Cell]]:
        flat = values.reshape(len(values), -1)
        if self.told is None:
            yield from (list(row) for row in flat)
            return
        found = self.told.verdicts(flat)
        for row, chosen, confidence in zip(flat, found.classes, found.confidence, strict=True):
            name = [self.names[chosen]] if self.names else []
            yield [int(chosen), *name, flat.dtype.type(confidence), *row]


def answers(
    predictor: Predictor,
    inputs: Mapping[str, Array],
    class_names: Sequence[str] | Mapping[str, Sequence[str]] = (),
    batch_size: int = 256,
    stop: Stop | None = None,
    names: Sequence[str] = (),
) -> Iterator[Progress | Table]:
    """Answer samples: for every batch a part of the table, then how far it is.

    Columns: ``row`` (from 1), ``name`` if names are given, and for every output the class, its name and how
    probable the network finds it (if the output tells classes), then all its values.

    Args:
        predictor: the trained network.
        inputs: by Input node, (samples, ...).
        class_names: names of the classes, for all outputs that tell as many or by output node.
        batch_size: samples at a time.
        stop: asked before every batch; once it says yes, the iteration ends.
        names: what the samples are called, such as their files.

    Raises:
        DataError: the inputs do not fit, or there is not one name for each sample.
    """
    counts = {len(values) for values in inputs.values()}
    if counts == {0}:
        raise DataError("There are no samples to answer. Give at least one.")
    if names and counts != {len(names)}:
        raise DataError(
            f"There must be one name per sample: received {len(names)} for {max(counts, default=0)} samples."
        )
    columns = [_column(predictor, key, class_names) for key in predictor.graph.outputs]
    alone = len(columns) == 1
    heads = ["row", *(["name"] if names else []), *(word for column in columns for word in column.heads(alone))]
    for batch in batches(predictor, inputs, predictor.graph.outputs, batch_size, stop):
        parts = [list(column.cells(batch.values[column.key])) for column in columns]
        rows = []
        for place in range(len(parts[0])):
            row: list[Cell] = [batch.start + place + 1]
            if names:
                row.append(names[batch.start + place])
            rows.append(tuple(row + [cell for part in parts for cell in part[place]]))
        yield Table(tuple(heads), tuple(rows), batch.start)
        yield Progress(batch.start + len(rows), batch.total)


def _column(predictor: Predictor, key: str, class_names: Sequence[str] | Mapping[str, Sequence[str]]) -> _Column:
    told = class_output(predictor.graph, predictor.inference, key)
    names = class_names.get(key, ()) if isinstance(class_names, Mapping) else class_names
    fitting = tuple(names) if told.count and len(names) == told.count else ()
    # Plain numbers are classes only if somebody says so: they may as well be measurements.
    tells = told.count > 0 and (bool(told.squashed) or bool(fitting))
    return _Column(key, told if tells else None, fitting, predictor.inference.outputs[key][0].size)


def write_csv(path: Path, answered: Iterable[Progress | Table]) -> Iterator[Progress]:
    """Write a table as UTF-8 with commas, passing its progress on.

    The file appears under its name in one step when it is complete (``done`` equals ``total``). Until then, and
    when the table ends early or the iteration is given up, whatever stood there stays. Numbers have all their
    digits; texts that a spreadsheet would run as formulas begin with an apostrophe.

    Raises:
        FileError: it cannot be written.
    """
    temporary = path.with_name(f".{os.getpid()}-{id(answered):x}.csv.tmp")
    last = Progress(0, 1)
    try:
        with open(temporary, "x", encoding="utf-8", errors="backslashreplace", newline="") as file:
            writer = csv.writer(file)
            for item in answered:
                if isinstance(item, Progress):
                    last = item
                    yield item
                    continue
                if item.start == 0:
                    writer.writerow([_cell(word) for word in item.columns])
                writer.writerows([_cell(cell) for cell in row] for row in item.rows)
            file.flush()
            os.fsync(file.fileno())
        if last.done == last.total:
            os.replace(temporary, path)
    except OSError as error:
        raise FileError(f"'{path.name}' cannot be written: {reason(error)}. Choose another place.") from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _cell(value: Cell) -> str:
    """What is written: the shortest number that reads back as the same, or a text that is no formula."""
    return safe_text(value) if isinstance(value, str) else str(value)


def safe_text(text: str) -> str:
    """A text for a cell that no spreadsheet takes for a formula: such texts begin with an apostrophe."""
    text = text.replace("\0", "\ufffd")
    return f"'{text}" if text.startswith(FORMULA) else text
