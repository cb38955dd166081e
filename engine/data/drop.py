"""Which source reads the files that someone dropped."""

from __future__ import annotations

from pathlib import Path

from engine.catalogue.sources.base import Source
from engine.component import registry
from engine.errors import DataError


def source_of(paths: list[Path]) -> Source:
    """The first source that accepts the files.

    Raises:
        DataError: none does; it says what can be dropped.
    """
    kinds: list[type[Source]] = [cls for cls in registry("source") if issubclass(cls, Source)]
    for cls in kinds:
        found = cls.accepts(paths)
        if found is not None:
            return found
    offered = "; ".join(cls.drops for cls in kinds if cls.drops)
    names = ", ".join(f"'{path.name}'" for path in paths[:3]) + (" and others" if len(paths) > 3 else "")
    raise DataError(f"{names or 'Nothing'} cannot be used as data. What can: {offered}.")
