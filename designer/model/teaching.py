"""What a declaration says about itself in one line."""

from __future__ import annotations

from engine.component import Component


def formula(cls: type[Component]) -> str:
    """The first line of a declaration's description, which is its formula."""
    return (cls.__doc__ or "").strip().split("\n")[0]
