"""What a template is, and the headings it may stand under."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from engine.catalogue.sources.base import Source
from engine.project import Project, TrainConfig
from engine.registry import sources

#: Headings of the list of templates, in order.
BEGINNING = "From nothing"
DIGITS = "Handwritten digits"
POINTS = "Points and tables"
SEQUENCES = "Sequences and words"
BRANCHES = "Branches"
OWN_DATA = "With data of your own"


class Template(NamedTuple):
    """A way to begin.

    Attributes:
        key: its name on the command line.
        title: its name on the screen.
        description: one or two sentences.
        make: gives a fresh project.
        category: the heading it stands under.
        icon: its picture.
        needs: a sentence about the data that must be brought along; empty where it brings its own.
    """

    key: str
    title: str
    description: str
    make: Callable[[], Project]
    category: str
    icon: str
    needs: str = ""


def source(kind: str, **values: Any) -> Source:
    """A data source by its name in the registry."""
    made = sources.get(kind)(**values)
    assert isinstance(made, Source)
    return made


def settings(**values: Any) -> TrainConfig:
    """How to train, its parts by their names as in files."""
    return TrainConfig(**values)
