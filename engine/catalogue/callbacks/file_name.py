"""Names of files that a run writes, with places for figures in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.constraints import Text

#: One place: the name of a figure and how it is written. Nothing else is understood, so a project of a stranger
#: can neither reach into objects nor ask for texts of any length.
_PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?::(0?\d{0,2}(?:\.\d{1,2})?[dfegG%]?))?\}")


@dataclass(frozen=True)
class FileName(Text):
    """The name of a file, which may hold places such as ``{epoch:02d}`` or ``{val_loss:.2f}``.

    Attributes:
        endings: what the name may end with; empty for anything.
        places: whether it may hold places.
    """

    limit: int = 1000
    endings: tuple[str, ...] = ()
    places: bool = False

    @property
    def rule(self) -> str:
        ends = f" that ends in {', '.join(self.endings)}" if self.endings else ""
        holds = ", with places only such as {epoch:02d} or {val_loss:.2f}" if self.places else ""
        return f"the name of a file{ends}{holds}"

    def check(self, value: Any) -> str:
        name = super().check(str(value) if hasattr(value, "__fspath__") else value)
        plain = _PLACE.sub("", name) if self.places else name
        wrong = self.endings and not name.lower().endswith(self.endings)
        if not name.strip() or wrong or (self.places and ("{" in plain or "}" in plain)):
            raise self.refuse(value)
        return name

    def bad_values(self) -> tuple[Any, ...]:
        bad: list[Any] = [*super().bad_values(), "", "  "]
        bad += ["net.txt"] if self.endings else []
        bad += [f"{{epoch.__class__}}{self.endings[0]}", f"{{0}}{self.endings[0]}"] if self.places else []
        return tuple(bad)


def filled(pattern: str, figures: Mapping[str, float]) -> str:
    """A pattern with its figures.

    Raises:
        KeyError: there is no figure of a name.
        ValueError: a figure cannot be written so.
    """
    return _PLACE.sub(lambda found: format(figures[found[1]], found[2] or ""), pattern)
