"""The library of blocks: kept as files, one each, read with care."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from designer.model.clipboard import MAX_BYTES, block_from_text, block_to_text
from designer.model.groups import groups_of
from designer.model.library import BlockLibrary
from engine.errors import FileError, GraphError
from engine.graph import Graph
from tests.designer.canvas.stagehand import chain, layer


def network() -> Graph:
    graph = chain(layer("Input", shape=(4,)), *[layer("Dense", units=4)] * 3)
    return graph.labelled("dense", "enc/in/one").labelled("dense_1", "enc/in/two").labelled("dense_2", "enc/three")


def test_blocks_are_kept_and_found_again(qapp, tmp_path: Path) -> None:
    library = BlockLibrary(tmp_path / "blocks")
    assert library.blocks == () and not (tmp_path / "blocks").exists()
    told: list[int] = []
    library.changed.connect(lambda: told.append(len(library.blocks)))
    kept = library.keep("Coder", network(), ["dense", "dense_1"])
    whole = library.keep("all", network(), ["input", "dense"])
    assert told == [1, 2] and library.blocks == (whole, kept)
    assert [node.name for node in kept.graph.nodes.values()] == ["Coder/one", "Coder/two"]
    assert [node.name for node in whole.graph.nodes.values()] == ["all/input", "all/enc/in/one"]
    assert [group.name for group in groups_of(kept.graph)] == ["Coder"] and len(kept.graph.edges) == 1
    again = BlockLibrary(tmp_path / "blocks")
    assert [(block.name, block.graph) for block in again.blocks] == [(b.name, b.graph) for b in library.blocks]
    single = library.keep("one", network(), ["dense"])
    assert [node.name for node in single.graph.nodes.values()] == ["one"]


def test_two_windows_see_each_others_blocks_and_lose_none(qapp, tmp_path: Path) -> None:
    one, other = BlockLibrary(tmp_path), BlockLibrary(tmp_path)
    mine = one.keep("block", network(), ["dense", "dense_1"])
    theirs = other.keep("block", network(), ["dense_1", "dense_2"])
    one.refresh()
    assert {block.path for block in one.blocks} == {mine.path, theirs.path} and mine.path != theirs.path
    other.remove(mine)
    with pytest.raises(FileError, match="not there any more"):
        one.rename(mine, "new")
    assert [block.path for block in one.blocks] == [theirs.path]
    one.remove(mine)


def test_names_are_changed_in_the_file(qapp, tmp_path: Path) -> None:
    library = BlockLibrary(tmp_path)
    block = library.keep("a", network(), ["dense", "dense_1"])
    library.rename(block, " b/c ")
    assert [found.name for found in BlockLibrary(tmp_path).blocks] == ["b/c"]
    assert [node.name for node in library.blocks[0].graph.nodes.values()] == ["b/c/one", "b/c/two"]
    for act in (lambda: library.rename(library.blocks[0], "/"), lambda: library.keep("", network(), ["dense"])):
        with pytest.raises(GraphError, match="needs a name"):
            act()
    with pytest.raises(GraphError, match="Select the layers"):
        library.keep("x", network(), [])


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"layerloom": "layers"}', '{"layerloom": "block", "name": "x"}', "{" * 5000, '{"layerloom": 1}'],
)
def test_damaged_files_are_told_in_a_sentence_and_left_alone(qapp, tmp_path: Path, text: str) -> None:
    library = BlockLibrary(tmp_path)
    kept = library.keep("good", network(), ["dense", "dense_1"])
    bad = tmp_path / "bad.json"
    bad.write_text(text)
    library.refresh()
    assert library.blocks == (kept,) and bad.read_text() == text
    assert len(library.faults) == 1 and "'bad.json' cannot be read" in library.faults[0]
    assert library.faults[0].endswith((".", ")")) and "Traceback" not in library.faults[0]
    bad.unlink()
    library.refresh()
    assert library.faults == ()


def test_empty_nameless_and_huge_blocks_are_refused(qapp, tmp_path: Path) -> None:
    data = json.loads(block_to_text("x", network()))
    for change in ({"nodes": [], "wires": [], "layout": {}}, {"name": " "}, {"name": "n" * 300}):
        (tmp_path / "one.json").write_text(json.dumps({**data, **change}))
        library = BlockLibrary(tmp_path)
        assert library.blocks == () and len(library.faults) == 1, change
    (tmp_path / "one.json").write_bytes(b" " * (MAX_BYTES + 1))
    assert "larger than" in BlockLibrary(tmp_path).faults[0]
    assert block_from_text(block_to_text("x", network()).encode(), "f") == ("x", network())


def test_a_folder_that_cannot_be_written_is_told(qapp, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    library = BlockLibrary(tmp_path / "file")
    with pytest.raises(FileError, match="cannot be kept"):
        library.keep("x", network(), ["dense", "dense_1"])
    assert library.blocks == ()
