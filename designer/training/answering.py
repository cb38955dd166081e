"""Answers for samples of one's own: read, answered, kept to be shown or written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.inputs import Samples, read_many
from engine.explain.answers import Cell, Table, answers, write_csv
from engine.explain.batches import Progress
from engine.graph import Graph
from engine.infer import infer
from engine.train.predictor import Predictor
from engine.train.state import Arrays

Array = npt.NDArray[Any]
#: Rows that are kept to be shown; a file gets all of them.
SHOWN = 10_000


@dataclass(frozen=True, eq=False)
class Asked:
    """What is to be answered.

    Attributes:
        graph, weights: the trained network.
        fields: the data field of an Input, where the project names one.
        paths: files, or one folder of pictures.
        invert: swap dark and light.
        classes: names of the classes.
    """

    graph: Graph
    weights: Arrays
    fields: tuple[tuple[str, str], ...]
    paths: tuple[Path, ...]
    invert: bool = False
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Answered:
    """Answers to show.

    Attributes:
        asked: what was asked.
        samples: what was read.
        columns, rows: the table; at most ``SHOWN`` rows.
        total: how many samples there were.
    """

    asked: Asked
    samples: Samples
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int

    def picture(self, row: int) -> Array | None:
        """A sample as (h, w, channels) if it is one."""
        values = np.asarray(next(iter(self.samples.inputs.values()))[row])
        return values if values.ndim == 3 and values.shape[2] in (1, 3, 4) and min(values.shape[:2]) > 1 else None


def answering(asked: Asked) -> Iterator[Progress | Answered]:
    """Read and answer; the table comes last.

    Raises:
        LayerloomError: the files cannot be read or do not fit the network.
    """
    predictor = Predictor(asked.graph, asked.weights)
    samples = _read(asked)
    columns: tuple[str, ...] = ()
    rows: list[tuple[Cell, ...]] = []
    total = len(next(iter(samples.inputs.values())))
    for item in answers(predictor, samples.inputs, asked.classes, names=samples.names):
        if isinstance(item, Table):
            columns = item.columns
            rows += item.rows[: SHOWN - len(rows)]
        else:
            yield item
    yield Answered(asked, samples, columns, tuple(rows), total)


@dataclass(frozen=True)
class Written:
    """The file stands."""

    place: Path


def writing(answered: Answered, place: Path) -> Iterator[Progress | Written]:
    """Answer again, all samples this time, into a CSV file that appears complete or not at all.

    Raises:
        FileError: it cannot be written.
    """
    asked, samples = answered.asked, answered.samples
    predictor = Predictor(asked.graph, asked.weights)
    yield from write_csv(place, answers(predictor, samples.inputs, asked.classes, names=samples.names))
    yield Written(place)


def _read(asked: Asked) -> Samples:
    inference = infer(asked.graph)
    shapes = {key: inference.outputs[key][0].shape for key in asked.graph.inputs}
    return read_many(asked.paths, shapes, dict(asked.fields), asked.invert)
