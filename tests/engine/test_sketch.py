"""Notes, bookmarks and folded groups as values."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from engine.io.project_json import project_from_json, project_to_json
from engine.project import Project
from engine.sketch import Bookmark, Note, Sketch


def test_notes_come_change_and_go() -> None:
    first = Sketch().with_note(Note("note_1", "a")).with_note(Note("note_2", "b"))
    changed = first.with_note(Note("note_1", "c"))
    assert [note.text for note in changed.notes] == ["c", "b"]
    assert [note.text for note in first.notes] == ["a", "b"]
    assert changed.note("note_2") == Note("note_2", "b") and changed.note("note_3") is None
    assert changed.fresh_key() == "note_3"
    left = changed.without_notes(["note_1", "nobody"])
    assert left.notes == (Note("note_2", "b"),) and left.fresh_key() == "note_1"


def test_a_bookmark_has_one_place() -> None:
    sketch = Sketch().with_bookmark(Bookmark("head")).with_bookmark(Bookmark("tail", (1.0, 2.0), 0.5))
    moved = sketch.with_bookmark(Bookmark("head", (9.0, 9.0)))
    assert [mark.name for mark in moved.bookmarks] == ["head", "tail"] and moved.bookmarks[0].centre == (9.0, 9.0)
    assert moved.without_bookmark("head").bookmarks == (Bookmark("tail", (1.0, 2.0), 0.5),)


def test_groups_fold_and_unfold() -> None:
    sketch = Sketch().fold("a").fold("b/c").fold("a")
    assert sketch.folded == {"a", "b/c"} and sketch.fold("a", False).folded == {"b/c"}


def test_a_project_without_a_sketch_is_written_as_before() -> None:
    written = json.loads(project_to_json(Project(), None, Path("/nowhere")))
    assert "sketch" not in written


def test_what_a_later_version_adds_is_told_and_colours_that_are_not_known_become_the_first() -> None:
    project = Project().with_sketch(Sketch((Note("n"),)))
    written = json.loads(project_to_json(project, None, Path("/nowhere")))
    written["sketch"]["notes"][0] |= {"colour": "gold", "shadow": 3}
    written["sketch"]["rulers"] = []
    found = project_from_json(json.dumps(written).encode())
    assert found.project == project
    assert found.unknown == ("'shadow' in notes[0]", "'rulers' in sketch")


def test_the_sketch_is_no_part_of_what_is_computed() -> None:
    project = Project()
    noted = project.with_sketch(Sketch((Note("n"),)))
    assert noted != project and replace(noted, sketch=Sketch()) == project and noted.graph is project.graph
