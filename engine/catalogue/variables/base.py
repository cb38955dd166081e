"""What every variable of a formula declares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from engine.component import Component


class Variable(Component):
    """A name in a formula that stands for numbers which training changes."""

    kind: ClassVar[str] = "variable"
    category: ClassVar[str] = "Variables"
    name: str

    def beside(self, others: Iterable[Any]) -> Variable:
        """Itself under a name that no other has: a1, a2, a3 ..."""
        taken = {other.name for other in others}
        stem = self.name.rstrip("0123456789")
        number, name = 1, self.name
        while name in taken:
            name, number = f"{stem}{number}", number + 1
        return self.changed(name=name)
