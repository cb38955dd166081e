"""MissingSource: keeps what a project says of data that are not known here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, ClassVar

from engine.catalogue.raw import RawJson
from engine.catalogue.sources.base import Dataset, Source
from engine.component import component, setting
from engine.constraints import Text
from engine.errors import DataError


@component
class MissingSource(Source):
    """A source of a plug-in that is not installed, or with parameters that are not understood.

    It loads nothing and is saved back exactly as it was read.
    """

    hidden: ClassVar[bool] = True

    raw: Annotated[str, RawJson()] = setting(help="The source as it stands in the file.")
    reason: Annotated[str, Text(1000)] = setting("", "Why it could not be used.")

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.raw)
        return found

    def load(self, folder: Path | None) -> Dataset:
        raise DataError(self.summary())

    def summary(self) -> str:
        kind = self.to_json().get("type")
        why = self.reason or "It may belong to a plug-in that is not installed."
        return f"The data source '{kind}' cannot be used here. {why} Choose other data, or install the plug-in."
