"""CSVLogger: one line of figures per epoch in a table that every program reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from engine.catalogue.callbacks.base import Callback, Logs, Memory, Run
from engine.catalogue.callbacks.file_name import FileName
from engine.component import component, setting
from engine.constraints import Flag, Text
from engine.errors import ParameterError


@component
class CSVLogger(Callback):
    """Writes epoch (0 is the first) and all figures of every epoch as a line of a CSV file.

    Source: format of Keras 3, ``keras.callbacks.CSVLogger``: figures in alphabetical order, NA where one is missing.
    """

    title: ClassVar[str] = "CSV table"
    icon: ClassVar[str] = "mdi6.file-delimited-outline"
    starts: ClassVar[Mapping[str, Any]] = {"filename": "training.csv"}

    filename: Annotated[str, FileName()] = setting(help="Where the table is written, beside the project.")
    separator: Annotated[str, Text(1)] = setting(",", "What stands between two figures.", advanced=True)
    append: Annotated[bool, Flag()] = setting(
        False, "Go on with a table that is there, instead of beginning a new one."
    )

    def __post_init__(self) -> None:
        if len(self.separator) != 1 or self.separator in '"' or self.separator.isalnum():
            raise ParameterError(
                self.key,
                "separator",
                f"separator must be a single sign such as ',' or ';'; received {self.separator!r}",
            )

    def file_names(self) -> tuple[str, ...]:
        return (self.filename,)

    def start(self) -> Memory:
        return {"keys": ""}

    def begin(self, run: Run, memory: Memory) -> None:
        if not self.append:
            run.write(self.filename, b"")

    def end_epoch(self, run: Run, memory: Memory, epoch: int, logs: Logs) -> None:
        before = run.read(self.filename)
        keys = memory["keys"].split("\n") if memory["keys"] else _columns(logs)
        memory["keys"] = "\n".join(keys)
        lines = io.StringIO()
        table = csv.writer(lines, delimiter=self.separator)
        if not before:
            table.writerow(["epoch", *keys])
        table.writerow([epoch, *(logs.get(key, "NA") for key in keys)])
        run.write(self.filename, before + lines.getvalue().encode())


def _columns(logs: Logs) -> list[str]:
    """Sorted; validation that comes only every few epochs has its columns from the beginning."""
    keys = sorted(logs)
    return keys if any(key.startswith("val_") for key in keys) else [*keys, *(f"val_{key}" for key in keys)]
