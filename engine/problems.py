"""What is wrong with a network, said so that a person can act on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.graph import Graph


@dataclass(frozen=True)
class Fix:
    """An edit that mends a problem; the label is the button's text."""

    label: str
    apply: Callable[[Graph], Graph]


@dataclass(frozen=True)
class Problem:
    """One fault.

    Attributes:
        text: one plain sentence, or two.
        node: id of the guilty node, or ``None`` when it concerns the whole.
        severity: ``"error"`` prevents training, ``"warning"`` does not; ``"advice"`` says how to learn better.
        fix: an offered edit, or ``None``.
    """

    text: str
    node: str | None = None
    severity: str = "error"
    fix: Fix | None = None
