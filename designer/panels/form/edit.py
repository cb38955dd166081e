"""What a form reports: one value at one place of a declaration."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

from engine.component import Component

Path = tuple[str | int, ...]


class _Mixed:
    """Stands for a value that differs among several targets."""

    def __repr__(self) -> str:
        return "MIXED"


MIXED: Final = _Mixed()


@dataclass(frozen=True)
class Edit:
    """One change made by the user.

    Attributes:
        path: where, from the outside in: ``("optimizer", "learning_rate")``, ``("metrics", 0, "k")``.
        value: the new value, already in the constraint's canonical form.
        visit: number of the field's visit by the focus; changes of one visit are one undo step.
    """

    path: Path
    value: Any
    visit: int = 0

    def within(self, step: str | int) -> Edit:
        """The same change seen from one level further out."""
        return dataclasses.replace(self, path=(step, *self.path))

    def applied(self, target: Any) -> Any:
        """A copy of the target with this change.

        Raises:
            ParameterError: the target refuses the combination of its parameters.
        """
        return changed(target, self.path, self.value)

    @property
    def key(self) -> str:
        """Text that is the same for all changes of one visit, for merging undo steps."""
        return f"{'-'.join(str(step) for step in self.path)}:{self.visit}"

    @property
    def label(self) -> str:
        """The changed parameter's name as words."""
        names = [step for step in self.path if isinstance(step, str)]
        return names[-1].replace("_", " ") if names else ""


def changed(target: Any, path: Path, value: Any) -> Any:
    """A copy of a declaration (or tuple of them, or a frozen dataclass) with one value replaced."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*target[:step], changed(target[step], rest, value), *target[step + 1 :])
    new = {step: changed(getattr(target, step), rest, value)}
    return target.changed(**new) if isinstance(target, Component) else dataclasses.replace(target, **new)


def common(values: list[Any]) -> Any:
    """The value that all share, or ``MIXED``."""
    first = values[0]
    return first if all(type(v) is type(first) and v == first for v in values) else MIXED
