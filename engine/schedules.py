"""Learning-rate schedules by Keras's names, made from the registry."""

from __future__ import annotations

from typing import Any

from engine import registry
from engine.component import Component, resolved

for _cls in registry.schedules:
    globals()[_cls.key] = _cls
    globals().update(dict.fromkeys(getattr(_cls, "aliases", ()), _cls))


def get(name: Any) -> Component:
    """The schedule of that JSON form (or the object itself).

    Raises:
        UnknownName: there is none; the text lists those that exist.
    """
    return resolved("schedule", name)


def __getattr__(name: str) -> type[Component]:
    # Members registered later (plug-ins) are found too.
    if not name.startswith("_") and name in registry.schedules:
        return registry.schedules.get(name)
    known = ", ".join(sorted(cls.key for cls in registry.schedules))
    raise AttributeError(f"engine.schedules has no '{name}'; it has {known}")
