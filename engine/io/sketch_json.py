"""What stands on the canvas beside the network, as JSON and back."""

from __future__ import annotations

from typing import Any

from engine.errors import FileError
from engine.io.graph_json import FARTHEST
from engine.io.section import Section
from engine.sketch import (
    COLOURS,
    LARGEST,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_BOOKMARKS,
    MOST_NOTES,
    SMALLEST,
    ZOOMS,
    Bookmark,
    Note,
    Sketch,
)

#: The most groups that can be folded.
MOST_FOLDED = 10_000


def sketch_to_json(sketch: Sketch) -> dict[str, Any]:
    """An object; empty for an empty sketch."""
    found: dict[str, Any] = {}
    if sketch.notes:
        found["notes"] = [_note_to_json(note) for note in sketch.notes]
    if sketch.bookmarks:
        found["bookmarks"] = [{"name": b.name, "centre": list(b.centre), "zoom": b.zoom} for b in sketch.bookmarks]
    if sketch.folded:
        found["folded"] = sorted(sketch.folded)
    return found


def _note_to_json(note: Note) -> dict[str, Any]:
    found: dict[str, Any] = {"key": note.key, "text": note.text}
    found |= {"position": list(note.position), "size": list(note.size), "colour": note.colour}
    return found | {"frame": True} if note.frame else found


def sketch_from_json(value: dict[str, Any], unknown: list[str]) -> Sketch:
    """The sketch; phrases about entries that were not understood are added to ``unknown``.

    Raises:
        FileError: too many notes, a key or a name twice, a number that is none, a text that is too long.
    """
    top = Section(value, "sketch")
    notes = tuple(_note(one, f"notes[{n}]", unknown) for n, one in enumerate(top.items("notes", MOST_NOTES, [])))
    marks = top.items("bookmarks", MOST_BOOKMARKS, [])
    bookmarks = tuple(_bookmark(one, f"bookmarks[{n}]", unknown) for n, one in enumerate(marks))
    folded = top.items("folded", MOST_FOLDED, [])
    for name in folded:
        if not isinstance(name, str) or len(name) > 10_000:
            raise FileError("sketch: 'folded' must list names of groups.")
    for what, names in (("notes", [note.key for note in notes]), ("bookmarks", [mark.name for mark in bookmarks])):
        if len(set(names)) < len(names):
            raise FileError(f"sketch: two {what} have the same name. Give one of them another.")
    unknown += top.unknown()
    return Sketch(notes, bookmarks, frozenset(folded))


def _note(value: Any, where: str, unknown: list[str]) -> Note:
    section = Section(value, where)
    colour = section.text("colour", COLOURS[0], LONGEST_NAME)
    width, height = _pair(section, "size", LARGEST, SMALLEST)
    note = Note(
        key=_name(section, "key"),
        text=section.text("text", "", LONGEST_NOTE),
        position=_pair(section, "position", FARTHEST, -FARTHEST),
        size=(width, height),
        colour=colour if colour in COLOURS else COLOURS[0],
        frame=section.boolean("frame", False),
    )
    unknown += section.unknown()
    return note


def _bookmark(value: Any, where: str, unknown: list[str]) -> Bookmark:
    section = Section(value, where)
    zoom = section.number("zoom", 1.0)
    low, high = ZOOMS
    if not low <= zoom <= high:
        raise FileError(f"{where}: 'zoom' must be a number from {low:g} to {high:g}; it is {zoom}.")
    found = Bookmark(_name(section, "name"), _pair(section, "centre", FARTHEST, -FARTHEST), zoom)
    unknown += section.unknown()
    return found


def _name(section: Section, key: str) -> str:
    found = section.text(key, limit=LONGEST_NAME)
    if not found.strip() or not found.isprintable():
        raise FileError(f"{section.where}: '{key}' must be a name of printable characters; it is {found[:60]!r}.")
    return found


def _pair(section: Section, key: str, high: float, low: float) -> tuple[float, float]:
    values = section.items(key, 2)
    if len(values) == 2 and all(type(n) in (int, float) and low <= n <= high for n in values):
        return float(values[0]), float(values[1])
    raise FileError(f"{section.where}: '{key}' must be two numbers from {low:,.0f} to {high:,.0f}.")
