"""Optimizers by Keras's names, made from the registry."""

from __future__ import annotations

from typing import Any

from engine import (
    registry,
    schedules,  # noqa: F401 (Keras has them as keras.optimizers.schedules)
)
from engine.api.older_optimizers import optimizer_class
from engine.component import Component, resolved

for _cls in registry.optimizers:
    _face = optimizer_class(_cls)
    globals()[_cls.key] = _face
    globals().update(dict.fromkeys(getattr(_cls, "aliases", ()), _face))


def get(name: Any) -> Component:
    """The optimizer of that name (or JSON form, or the object itself).

    Raises:
        UnknownName: there is none; the text lists those that exist.
    """
    return resolved("optimizer", name)


def __getattr__(name: str) -> type[Component]:
    # Members registered later (plug-ins) are found too.
    if not name.startswith("_") and name in registry.optimizers:
        return registry.optimizers.get(name)
    known = ", ".join(sorted(cls.key for cls in registry.optimizers))
    raise AttributeError(f"engine.optimizers has no '{name}'; it has {known}")
