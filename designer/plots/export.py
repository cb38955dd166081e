"""Curves as numbers in a text file, and plots as pictures."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QSaveFile
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from designer.text import tr
from designer.training.curves import RunCurves, Table

COLUMNS = ("run", "curve", "update", "epoch", "seconds", "value")
#: What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ExportError(Exception):
    """A file could not be written; the text says why."""


def rows(runs: Sequence[RunCurves], figure: str) -> Iterator[tuple[object, ...]]:
    """All numbers behind a plot, one per row: every update's and every epoch's."""
    for run in runs:
        yield from _table_rows(run, run.batches, figure, f"{figure} of the update")
        yield from _table_rows(run, run.epochs, figure, f"{figure} of the epoch")
        yield from _table_rows(run, run.epochs, f"val_{figure}", f"val_{figure}")


def _table_rows(run: RunCurves, table: Table, figure: str, name: str) -> Iterator[tuple[object, ...]]:
    if figure not in table.figures:
        return
    columns = [table.axes[axis].values.tolist() for axis in ("updates", "epochs", "time")]
    unknown = run.timed_from if table is run.batches else 0
    for place, (update, epoch, time, value) in enumerate(
        zip(*columns, table.figures[figure].values.tolist(), strict=True)
    ):
        if not math.isnan(value):  # gaps have no row
            yield run.number, name, int(update), epoch, time if place >= unknown else "", value


def cell(value: object) -> object:
    """A cell that no spreadsheet runs as a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def csv_text(table: Iterable[Sequence[object]]) -> str:
    """A header and rows as comma-separated text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(COLUMNS)
    writer.writerows([cell(value) for value in row] for row in table)
    return out.getvalue()


def picture(widget: QWidget, scale: float = 2.0) -> QImage:
    """A widget as a picture, sharp enough for print."""
    image = QImage(widget.size() * scale, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(scale)
    image.fill(widget.palette().window().color())
    painter = QPainter(image)
    widget.render(painter, QPoint())
    painter.end()
    return image


def png_bytes(image: QImage) -> bytes:
    """A picture as the contents of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        ExportError: the place cannot be written.
    """
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly) or file.write(content) != len(content) or not file.commit():
        raise ExportError(f"'{path.name}' could not be written to '{path.parent}': {file.errorString()}.")


def saved_text(path: Path) -> str:
    """What is said once a file stands there."""
    return tr("Saved as {name} in {folder}.", name=path.name, folder=path.parent)
