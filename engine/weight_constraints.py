"""Constraints of weights by Keras's names, made from the registry."""

from __future__ import annotations

from typing import Any

from engine import registry
from engine.component import Component, resolved

for _cls in registry.constraints:
    globals()[_cls.key] = _cls
    globals().update(dict.fromkeys(getattr(_cls, "aliases", ()), _cls))


def get(name: Any) -> Component:
    """The constraint of that JSON form (or the object itself).

    Raises:
        UnknownName: there is none; the text lists those that exist.
    """
    return resolved("constraint", name)


def __getattr__(name: str) -> type[Component]:
    # Members registered later (plug-ins) are found too.
    if not name.startswith("_") and name in registry.constraints:
        return registry.constraints.get(name)
    known = ", ".join(sorted(cls.key for cls in registry.constraints))
    raise AttributeError(f"engine.constraints has no '{name}'; it has {known}")
