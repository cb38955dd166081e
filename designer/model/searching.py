"""Which layers of a network are meant by a name, a type or a parameter, and which notes by a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.component import Component, parameters
from engine.graph import Graph, Node
from engine.sketch import Note


def found_nodes(graph: Graph, text: str) -> tuple[str, ...]:
    """The nodes that every word of a search fits, in the order in which data flow.

    A word fits by the layer's name, type or category (any part of them), by the value of a parameter (its beginning;
    numbers whole), or, written ``units=500``, by that parameter (the beginning of its name) and that value.
    """
    words = _words(text)
    if not words:
        return ()
    return tuple(key for key in graph.order if _fits(graph.nodes[key], words))


def found_notes(notes: Iterable[Note], text: str) -> tuple[str, ...]:
    """The keys of the notes and frames in which every word of a search is written."""
    words = text.casefold().split()
    return tuple(note.key for note in notes if words and all(word in note.text.casefold() for word in words))


def first_line(text: str, most: int = 60) -> str:
    """What a note is called by: its first line in which something is written, shortened."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _words(text: str) -> list[str]:
    """What is looked for; blanks about ``=`` and within shapes part nothing."""
    plain = re.sub(r"[()\[\]\"']", " ", text.casefold())
    return re.sub(r"\s*([=,×])\s*", r"\1", plain).replace("×", ",").strip(" ,").split()


def _fits(node: Node, words: list[str]) -> bool:
    layer = node.layer
    names = tuple(name.casefold() for name in (node.name, node.id, layer.title, layer.key, layer.category))
    values = [(name, list(_spelled(value))) for name, value in _parameters(layer)]
    return all(_word_fits(word, names, values) for word in words)


def _word_fits(word: str, names: tuple[str, ...], values: list[tuple[str, list[str]]]) -> bool:
    asked, equals, wanted = word.partition("=")
    if equals:
        return any(name.startswith(asked) and _value_fits(wanted, spelled) for name, spelled in values if asked)
    return any(word in name for name in names) or any(_value_fits(word, spelled) for _, spelled in values)


def _value_fits(wanted: str, spelled: list[str]) -> bool:
    """Words by their beginning, numbers only whole: 5 is not 500."""
    if not wanted or wanted[0].isdigit() or wanted[0] in "-.":
        return wanted in spelled
    return any(value.startswith(wanted) for value in spelled)


def _parameters(component: Component) -> Iterator[tuple[str, object]]:
    """The parameters, those of components within included."""
    for parameter in parameters(type(component)):
        value = getattr(component, parameter.name)
        yield parameter.name.casefold(), value
        if isinstance(value, Component):
            yield from _parameters(value)


def _spelled(value: object) -> Iterator[str]:
    """How people may write a value."""
    if isinstance(value, bool):
        yield from ("true", "yes") if value else ("false", "no")
    elif isinstance(value, int | float):
        yield f"{value:g}"
        yield str(value)
    elif isinstance(value, Component):
        yield value.key.casefold()
        yield value.title.casefold()
    elif isinstance(value, tuple):
        yield ",".join(str(item).casefold() for item in value)
        if value and all(item == value[0] for item in value) and isinstance(value[0], int):
            yield str(value[0])
    elif value is None:
        yield "none"
    else:
        yield str(value).casefold()
