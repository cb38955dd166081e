"""Optimizers of scripts: their classes take older names of parameters and make today's declarations."""

from __future__ import annotations

from typing import Any

from engine.api.old_words import optimizer_today
from engine.component import Component


class _Face(type):
    """Makes declarations of the class that stands behind a face, which is an instance's real class."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        declared = cls.__bases__[0]
        return declared(*args, **optimizer_today(cls.__name__, kwargs))

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.__bases__[0])


def optimizer_class(declared: type[Component]) -> type[Component]:
    """The class that ``engine.optimizers`` offers for a declaration: ``SGD(lr=0.1, decay=1e-6)`` is understood."""
    members = {
        "__doc__": declared.__doc__, "__module__": "engine.optimizers", "key": declared.key, "title": declared.title,
    }  # fmt: skip
    face: Any = _Face(declared.key, (declared,), members)
    return face  # type: ignore[no-any-return]
