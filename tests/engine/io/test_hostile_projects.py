"""project.json from anyone: every way of being wrong gets one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FileError
from engine.io.project_json import project_from_json, project_to_json
from engine.io.strict_json import JSON_LIMIT, parse
from engine.sketch import Bookmark, Note
from tests.engine.data.damage import cuts, mutants
from tests.engine.io.samples import full_project

GOOD = project_to_json(full_project(), None, Path("/nowhere/p.loom"))


def changed(**entries: Any) -> bytes:
    """The good project with some entries replaced."""
    return json.dumps(json.loads(GOOD) | entries).encode()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Expecting value in line 1"),
        (b"[1, 2", "line 1"),
        (b'{"a": NaN}', "NaN is not a number"),
        (b'{"a": -Infinity}', "Infinity is not a number"),
        (b'{"a": 1e400}', "too large"),
        (b'{"a": 123456789012345678901234567890}', "more than 63 bits"),
        (b'{"a": ' + b"1" * 5000 + b"}", "damaged"),
        (b'{"a": 1, "b": 2, "a": 3}', "'a' stands twice"),
        (b'{"a": "\\ud800"}', "half of a character"),
        (b'{"\\udc00": 1}', "half of a character"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 100_000, "nested more than 64"),
        (b"[" * 200 + b"]" * 200, "nested more than 64"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "nested more than 64"),
        (b" " * (JSON_LIMIT + 1), "at most 33.6 MB"),
    ],
)
def test_bad_json_gets_a_sentence(data: bytes, told: str) -> None:
    with pytest.raises(FileError, match=told):
        parse(data, "x.json")


def test_a_byte_order_mark_does_not_matter() -> None:
    assert project_from_json(b"\xef\xbb\xbf" + GOOD).project == full_project()


def node(key: str = "a", **layer: Any) -> dict[str, Any]:
    """One entry of nodes."""
    return {"id": key, "layer": {"type": "Dense", "units": 3} | layer}


def wire(*ends: str) -> dict[str, Any]:
    """One entry of wires, between ports y and x."""
    return {"from": [ends[0], "y"], "to": [ends[1], "x"]}


def note(key: str = "a", **entries: Any) -> dict[str, Any]:
    """One entry of the sketch's notes."""
    return {"key": key, "position": [0, 0], "size": [90, 90]} | entries


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"format": "other"}, "not a Layerloom project"),
        ({"version": 0}, "whole number"),
        ({"version": "1"}, "whole number"),
        ({"version": True}, "whole number"),
        ({"version": 2}, "newer Layerloom"),
        ({"nodes": {}}, "'nodes' must be a list"),
        ({"nodes": None}, "'nodes' must be a list"),
        ({"nodes": [3]}, r"nodes\[0\] must be an object"),
        ({"nodes": [{"id": "a"}]}, r"nodes\[0\] lacks 'layer'"),
        ({"nodes": [{"layer": {"type": "Flatten"}}]}, "lacks 'id'"),
        ({"nodes": [{"id": "", "layer": {"type": "Flatten"}}]}, "printable"),
        ({"nodes": [{"id": "a\n", "layer": {"type": "Flatten"}}]}, "printable"),
        ({"nodes": [{"id": "a" * 300, "layer": {"type": "Flatten"}}]}, "at most 200"),
        ({"nodes": [{"id": "a", "layer": {}}]}, "names no type"),
        ({"nodes": [{"id": "a", "layer": {"type": 3}}]}, "names no type"),
        ({"nodes": [{"id": "a", "layer": {"type": "X", "big": "x" * 200_000}}]}, "too long to be kept"),
        ({"nodes": [node(), node()], "wires": []}, "Two layers are called 'a'"),
        ({"nodes": [node(str(n)) for n in range(10_001)]}, "at most 10,000"),
        ({"nodes": [node("a"), node("b")], "wires": [wire("a", "b"), wire("b", "a")]}, "close a circle through 'a'"),
        ({"nodes": [node("a")], "wires": [wire("a", "a")]}, "close a circle"),
        ({"nodes": [node("a")], "wires": [wire("a", "ghost")]}, "ends at 'ghost', but there is no such layer"),
        ({"nodes": [node("a"), node("b")], "wires": [wire("a", "b")] * 2}, "another wire has taken"),
        (
            {"nodes": [node("a"), node("b"), node("c")], "wires": [wire("a", "c"), wire("b", "c")]},
            "another wire has taken",
        ),
        ({"nodes": [node("a"), node("b")], "wires": [{"from": ["a", "z"], "to": ["b", "x"]}]}, "output 'z'"),
        ({"nodes": [node("a"), node("b")], "wires": [{"from": ["a", "y"], "to": ["b", "z"]}]}, "input 'z'"),
        ({"wires": [{"from": ["a"], "to": ["b", "x"]}]}, "both ends"),
        ({"wires": [{"from": ["a", 3], "to": ["b", "x"]}]}, "both ends"),
        ({"wires": [{"from": ["a", "y y"], "to": ["b", "x"]}]}, "no name of a port"),
        ({"layout": {"dense": [1, "2"]}}, "position of 'dense'"),
        ({"layout": {"dense": [1, 1e300]}}, "position of 'dense'"),
        ({"training": {"epochs": 0}}, r"training: TrainConfig: epochs must be a whole number from 1"),
        ({"training": {"loss": "nonsense"}}, "nonsense"),
        ({"training": {"optimizer": {"type": "Adam", "learning_rate": -1}}}, "learning_rate"),
        ({"training": []}, "'training' must be an object"),
        ({"split": {"validation": 2}}, "validation must be"),
        ({"data": {}}, "names no type"),
        ({"data": 3}, "'data' must be an object"),
        ({"inputs": {"input": 3}}, "must be a name"),
        ({"targets": [{"node": "x", "loss": {"type": "no"}}]}, r"targets\[0\]"),
        ({"targets": [{"node": "x", "weight": "heavy"}]}, "must be a number"),
        ({"sketch": []}, "'sketch' must be an object"),
        ({"sketch": {"notes": [{"key": "a"}]}}, r"notes\[0\] lacks 'position'"),
        ({"sketch": {"notes": [note(size=["1", 90])]}}, "'size' must be two numbers from 40 to 100,000"),
        ({"sketch": {"notes": [note(size=[90])]}}, "'size' must be two numbers"),
        ({"sketch": {"notes": [note(position=[0, None])]}}, "'position' must be two numbers"),
        ({"sketch": {"notes": [note(position=[0, True])]}}, "'position' must be two numbers"),
        ({"sketch": {"notes": [note(text=3)]}}, "'text' must be a text"),
        ({"sketch": {"notes": [note("x" * 201)]}}, "at most 200"),
        ({"sketch": {"notes": [note(key=" ")]}}, "printable"),
        ({"sketch": {"notes": [note(), note()]}}, "two notes have the same name"),
        ({"sketch": {"notes": [note(str(n)) for n in range(1_001)]}}, "at most 1,000"),
        ({"sketch": {"bookmarks": [{"name": "a", "centre": [0, 0], "zoom": "1"}]}}, "'zoom' must be a number"),
        ({"sketch": {"bookmarks": [{"name": "a", "centre": [0, 0]}] * 2}}, "two bookmarks have the same name"),
        ({"sketch": {"folded": [3]}}, "names of groups"),
        ({"weights": {"file": "weights-" + "0" * 32 + ".h5", "sha256": "0" * 40, "bytes": 1}}, "64 hexadecimal"),
        ({"weights": {"file": "weights-" + "0" * 32 + ".h5", "sha256": "1" * 64, "bytes": 1}}, "not the name"),
    ],
)
def test_bad_entries_get_a_sentence(entries: dict[str, Any], told: str) -> None:
    with pytest.raises(FileError, match=told):
        project_from_json(changed(**entries))


def test_notes_and_bookmarks_beyond_their_limits_do_not_lock_the_network() -> None:
    """They compute nothing: they are brought within the limits, and that is told."""
    far = note(size=[1, 110_000], position=[0, -1e300], text="x" * 10_001)
    mark = {"name": "b" * 300, "centre": [2**62, 5], "zoom": 0}
    found = project_from_json(changed(sketch={"notes": [far, note("b")], "bookmarks": [mark]}))
    good = full_project()
    assert found.project.graph == good.graph and found.project.training == good.training
    sketch = found.project.sketch
    assert sketch.notes[0] == Note("a", "x" * 10_000, (0.0, -1e7), (40.0, 100_000.0))
    assert sketch.bookmarks == (Bookmark("b" * 200, (1e7, 5.0), 0.01),)
    assert found.unknown == (
        "What 'text' holds beyond 10,000 characters in notes[0]",
        "A 'position' that is not from -1e+07 to 1e+07 in notes[0]",
        "A 'size' that is not from 40 to 100,000 in notes[0]",
        "What 'name' holds beyond 200 characters in bookmarks[0]",
        "A 'centre' that is not from -1e+07 to 1e+07 in bookmarks[0]",
        "A 'zoom' that is not from 0.01 to 10 in bookmarks[0]",
    )
    again = project_from_json(project_to_json(found.project, None, Path("/nowhere/p.loom")))
    assert again.project.sketch == sketch and again.unknown == ()


def test_files_cut_anywhere_are_refused() -> None:
    for part in cuts(GOOD.rstrip(), ()):
        with pytest.raises(FileError):
            project_from_json(part)


def assert_mutants_are_refused(count: int, seed: int) -> None:
    """Changed bytes give a project or a FileError, never anything else."""
    refused = 0
    for mutant in mutants(GOOD, count, seed):
        try:
            project_to_json(project_from_json(mutant).project, None, Path("/nowhere"))
        except FileError:
            refused += 1
    assert refused > count // 2


def test_changed_bytes_never_break_the_reader() -> None:
    assert_mutants_are_refused(500, 1)


@pytest.mark.long
def test_changed_bytes_never_break_the_reader_long() -> None:
    assert_mutants_are_refused(20_000, 2)
