"""What stands on the canvas beside the network, as JSON and back."""

from __future__ import annotations

from typing import Any

from engine.errors import FileError
from engine.io.graph_json import FARTHEST
from engine.io.section import Section
from engine.io.strict_json import JSON_LIMIT
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

    Nothing here is computed with, so places, sizes and texts beyond their limits are brought within them and told
    as well, rather than keeping the network from being read.

    Raises:
        FileError: too many notes, a key or a name twice, a number that is none, a key that is too long.
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
    note = Note(
        key=_name(section, "key", section.text("key", limit=LONGEST_NAME)),
        text=_cut(section, "text", section.text("text", "", JSON_LIMIT), LONGEST_NOTE, unknown),
        position=_pair(section, "position", -FARTHEST, FARTHEST, unknown),
        size=_pair(section, "size", SMALLEST, LARGEST, unknown),
        colour=colour if colour in COLOURS else COLOURS[0],
        frame=section.boolean("frame", False),
    )
    unknown += section.unknown()
    return note


def _bookmark(value: Any, where: str, unknown: list[str]) -> Bookmark:
    section = Section(value, where)
    name = _name(section, "name", section.text("name", limit=JSON_LIMIT))
    found = Bookmark(
        name=_cut(section, "name", name, LONGEST_NAME, unknown),
        centre=_pair(section, "centre", -FARTHEST, FARTHEST, unknown),
        zoom=_within(section, "zoom", [section.number("zoom", 1.0)], *ZOOMS, unknown)[0],
    )
    unknown += section.unknown()
    return found


def _name(section: Section, key: str, found: str) -> str:
    if not found.strip() or not found.isprintable():
        raise FileError(f"{section.where}: '{key}' must be a name of printable characters; it is {found[:60]!r}.")
    return found


def _cut(section: Section, key: str, text: str, most: int, unknown: list[str]) -> str:
    if len(text) > most:
        unknown.append(f"What '{key}' holds beyond {most:,} characters in {section.where}")
    return text[:most]


def _pair(section: Section, key: str, low: float, high: float, unknown: list[str]) -> tuple[float, float]:
    values = section.items(key, 2)
    if len(values) != 2 or any(type(n) not in (int, float) for n in values):
        raise FileError(f"{section.where}: '{key}' must be two numbers from {low:,.0f} to {high:,.0f}.")
    first, second = _within(section, key, values, low, high, unknown)
    return first, second


def _within(
    section: Section, key: str, values: list[float], low: float, high: float, unknown: list[str]
) -> list[float]:
    """Numbers, brought into a range."""
    if not all(low <= n <= high for n in values):
        unknown.append(f"A '{key}' that is not from {low:,g} to {high:,g} in {section.where}")
    return [float(max(low, min(high, n))) for n in values]
