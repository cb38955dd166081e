"""Saving and opening: nothing changes on the way, old saves stay, newer and damaged ones get sentences."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.catalogue.layers.missing import Missing
from engine.catalogue.sources.missing import MissingSource
from engine.catalogue.sources.npz_file import NpzFile
from engine.errors import DataError, FileError
from engine.graph import Graph, Node
from engine.infer import infer
from engine.io import load_network, load_project, save_project
from engine.io.project_json import project_from_json, project_to_json
from engine.project import Project
from engine.registry import layers
from engine.templates import TEMPLATES
from engine.train.state import RunState
from tests.engine.io.samples import assert_same_state, full_project, small_graph, state_of

ROOT = Path("/nowhere/p.loom")


def edited(folder: Path, **changes: Any) -> None:
    """Change entries of a saved project.json by hand."""
    path = folder / "project.json"
    value = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(value | changes), "utf-8")


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_comes_back(tmp_path: Path, name: str) -> None:
    project = TEMPLATES[name].make()
    save_project(tmp_path / "p.loom", project, None)
    opened = load_project(tmp_path / "p.loom")
    assert opened.project == project
    assert opened.state is None
    assert opened.problems == ()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_everything_comes_back(tmp_path: Path, dtype: str) -> None:
    project = full_project()
    state = state_of(project.graph, 3, dtype)
    save_project(tmp_path / "p.loom", project, state)
    opened = load_project(tmp_path / "p.loom")
    assert opened.project == project
    assert opened.problems == ()
    assert opened.state is not None
    assert_same_state(opened.state, state)


def test_a_run_keeps_its_own_graph_while_the_project_was_edited(tmp_path: Path) -> None:
    state = state_of(small_graph(7))
    save_project(tmp_path / "p.loom", Project(small_graph(9)), state)
    opened = load_project(tmp_path / "p.loom")
    assert opened.project.graph == small_graph(9)
    assert opened.state is not None
    assert_same_state(opened.state, state)


def test_an_empty_state_and_odd_names_come_back(tmp_path: Path) -> None:
    graph = Graph()
    for key in ("a/b", "..", "%2E", "ünï cöde", "weights", "."):
        graph = graph.add(Node(key, layers.get("Input")(shape=(3,))))  # type: ignore[arg-type]
    weights = {key: {"x/y": np.zeros((2, 0), np.float32)} for key in graph.nodes}
    # Input owns no weights, so only the odd ids are of interest here.
    with pytest.raises(FileError, match="needs no such weight"):
        save_and_state(tmp_path, RunState(graph, weights))
    found = save_and_state(tmp_path, RunState(graph, {}))
    assert_same_state(found, RunState(graph, {}))
    odd = small_graph()
    node = odd.nodes["dense"]
    odd = Graph({"in/put": Node("in/put", odd.nodes["input"].layer), "d.": replace(node, id="d.")})
    odd = odd.connect(type(small_graph().edges[0])("in/put", "d."))
    assert_same_state(save_and_state(tmp_path, state_of(odd)), state_of(odd))


def save_and_state(folder: Path, state: RunState) -> RunState:
    """Save a state and return what opening gives; a problem is raised."""
    save_project(folder / "q.loom", Project(), state)
    opened = load_project(folder / "q.loom")
    if opened.problems:
        raise FileError(opened.problems[0].text)
    assert opened.state is not None
    return opened.state


def test_the_same_state_gives_the_same_bytes(tmp_path: Path) -> None:
    project = full_project()
    names = []
    for place in ("a.loom", "b.loom"):
        save_project(tmp_path / place, project, state_of(project.graph))
        names.append({path.name: path.read_bytes() for path in (tmp_path / place).iterdir()})
    assert names[0] == names[1]


def test_layout_stands_apart_and_last() -> None:
    project = full_project()
    before = project_to_json(project, None, ROOT).decode().splitlines()
    moved = project.with_graph(project.graph.moved(["dense"], (10, 20)))
    after = project_to_json(moved, None, ROOT).decode().splitlines()
    changed = [place for place, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert len(changed) == 1
    assert changed[0] > before.index('  "layout": {')
    assert list(json.loads("".join(before)))[-1] == "layout"


def test_moved_layers_do_not_touch_the_weights(tmp_path: Path) -> None:
    project = full_project()
    state = state_of(project.graph)
    save_project(tmp_path / "p.loom", project, state)
    weights = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "p.loom").glob("*.h5")}
    save_project(tmp_path / "p.loom", project.with_graph(project.graph.moved(["dense"], (1, 1))), state)
    assert set(weights) == {p.name for p in (tmp_path / "p.loom").glob("*.h5")}


def test_three_saves_are_kept_with_their_weights_and_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    graph = small_graph()
    states = [state_of(graph, seed) for seed in range(7)]
    for number, state in enumerate(states):
        save_project(folder, Project(graph).with_training(full_project().training.changed(seed=number)), state)
    assert len(list(folder.glob("*.h5"))) == 4
    for back in range(4):
        opened = load_project(folder, back)
        assert opened.project.training.seed == 6 - back
        assert opened.state is not None
        assert_same_state(opened.state, states[6 - back])
    assert sorted(p.name for p in folder.iterdir() if p.suffix != ".h5") == [
        "project.json", "project.json.bak-1", "project.json.bak-2", "project.json.bak-3",
    ]  # fmt: skip


def test_saving_the_same_again_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    project = full_project()
    for _ in range(3):
        save_project(folder, project, state_of(project.graph))
    assert sorted(p.suffix for p in folder.iterdir()) == [".h5", ".json"]


def test_files_of_others_in_the_folder_stay(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "weights-mine.h5").write_text("mine too")
    for seed in range(6):
        save_project(folder, Project(small_graph()), state_of(small_graph(), seed))
    assert (folder / "notes.txt").read_text() == "mine"
    assert (folder / "weights-mine.h5").read_text() == "mine too"


def test_a_newer_project_is_told_and_untouched(tmp_path: Path) -> None:
    save_project(tmp_path / "p.loom", full_project(), None)
    edited(tmp_path / "p.loom", version=7)
    before = (tmp_path / "p.loom" / "project.json").read_bytes()
    with pytest.raises(FileError, match=r"written by a newer Layerloom \(version 7 "):
        load_project(tmp_path / "p.loom")
    assert (tmp_path / "p.loom" / "project.json").read_bytes() == before


def test_what_is_no_project_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"holds no project\.json"):
        load_project(tmp_path)
    with pytest.raises(FileError, match="There is no project in 'gone'"):
        load_project(tmp_path / "gone")
    (tmp_path / "f").write_text("x")
    with pytest.raises(FileError, match="is a file, not a project"):
        load_project(tmp_path / "f")
    (tmp_path / "project.json").write_text("{}")
    with pytest.raises(FileError, match="not a Layerloom project"):
        load_project(tmp_path)


def test_a_damaged_project_names_the_save_before(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    for seed in (1, 2):
        save_project(folder, full_project().with_training(full_project().training.changed(seed=seed)), None)
    (folder / "project.json").write_bytes(b'{"format"')
    with pytest.raises(FileError, match=r"is damaged.*line 1.*kept beside it as project.json.bak-1"):
        load_project(folder)
    assert load_project(folder, 1).project.training.seed == 1


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    folder, other = tmp_path / "p.loom", tmp_path / "q.loom"
    save_project(other, full_project(), state_of(full_project().graph))
    folder.mkdir()
    (folder / "project.json").symlink_to(other / "project.json")
    with pytest.raises(FileError, match="symbolic link"):
        load_project(folder)
    (folder / "project.json").unlink()
    (folder / "project.json").write_bytes((other / "project.json").read_bytes())
    weights = next(other.glob("*.h5"))
    (folder / weights.name).symlink_to(weights)
    opened = load_project(folder)
    assert opened.state is None
    assert "symbolic link" in opened.problems[0].text


@pytest.mark.parametrize("name", ["../weights-" + "0" * 32 + ".h5", "/etc/passwd", "weights-x.h5", ""])
def test_weights_outside_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    save_project(tmp_path / "p.loom", full_project(), None)
    edited(tmp_path / "p.loom", weights={"file": name, "sha256": "0" * 64, "bytes": 1})
    with pytest.raises(FileError, match="not the name of a weights file"):
        load_project(tmp_path / "p.loom")


def test_missing_or_changed_weights_leave_the_network(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    project = full_project()
    save_project(folder, project, state_of(project.graph))
    weights = next(folder.glob("*.h5"))
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    opened = load_project(folder)
    assert (opened.project, opened.state) == (project, None)
    assert "is damaged: its bytes are not those that were saved" in opened.problems[0].text
    weights.unlink()
    opened = load_project(folder)
    assert (opened.project, opened.state) == (project, None)
    assert "no such file" in opened.problems[0].text


def test_unknown_layers_and_sources_are_kept_unharmed(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    project = full_project()
    save_project(folder, project, None)
    value = json.loads((folder / "project.json").read_text("utf-8"))
    wavelet = {"type": "Wavelet", "scales": [1, 2.5, None], "nested": {"deep": ["é", True]}}
    value["nodes"][2]["layer"] = wavelet
    value["nodes"].append({"id": "two", "layer": {"type": "Dense", "units": -5, "later": 1}})
    value["wires"].append({"from": ["dense", "detail"], "to": ["two", "query"]})
    value["data"] = {"type": "Telescope", "mirror": 3}
    (folder / "project.json").write_text(json.dumps(value), "utf-8")
    opened = load_project(folder)
    layer = opened.project.graph.nodes["dense"].layer
    assert isinstance(layer, Missing)
    assert [port.name for port in layer.outputs] == ["y", "detail"]
    texts = [problem.text for problem in infer(opened.project.graph).problems]
    assert texts[0].startswith("The layer type 'Wavelet' is not known here")
    broken = opened.project.graph.nodes["two"].layer
    assert isinstance(broken, Missing)
    assert "units must be a whole number from 1 to 1,000,000; received -5" in broken.reason or "later" in broken.reason
    assert isinstance(opened.project.source, MissingSource)
    save_project(folder, opened.project, None)
    again = json.loads((folder / "project.json").read_text("utf-8"))
    assert again["nodes"][2]["layer"] == wavelet
    assert again["nodes"][4]["layer"] == {"type": "Dense", "units": -5, "later": 1}
    assert again["wires"] == value["wires"]
    assert again["data"] == value["data"]
    assert load_project(folder).project == opened.project


def test_weights_behind_an_unknown_layer_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "p.loom"
    project = full_project()
    state = state_of(project.graph)
    save_project(folder, project, state)
    flatten = layers.get("Flatten")
    layers.remove("Flatten")  # as when a plug-in was taken away
    try:
        opened = load_project(folder)
    finally:
        layers.add(flatten)
    assert opened.problems == ()
    assert opened.state is not None
    save_project(folder, opened.project, opened.state)
    opened = load_project(folder)
    assert opened.project == project
    assert opened.state is not None
    assert_same_state(opened.state, state)


def test_entries_of_a_later_version_are_reported(tmp_path: Path) -> None:
    save_project(tmp_path / "p.loom", full_project(), None)
    edited(tmp_path / "p.loom", theme="dark", training={"epochs": 4, "warmup": 3})
    opened = load_project(tmp_path / "p.loom")
    assert opened.project.training.epochs == 4
    texts = " ".join(problem.text for problem in opened.problems)
    assert "'theme' in 'project.json' is not known" in texts
    assert "'warmup' in training is not known" in texts


def test_data_outside_the_folder_must_be_confirmed(tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", x=np.zeros((4, 2)), y=np.arange(4))
    folder = tmp_path / "p.loom"
    save_project(folder, Project(source=NpzFile(path=str(tmp_path / "d.npz"))), None)
    source = load_project(folder).project.source
    assert source is not None
    with pytest.raises(DataError, match="Locate…"):
        source.load(folder)
    assert source.confirmed().load(folder).samples == 4
    os.rename(tmp_path / "d.npz", folder / "d.npz")
    save_project(folder, Project(source=NpzFile(path=str(folder / "d.npz"))), None)
    assert json.loads((folder / "project.json").read_text())["data"]["path"] == "d.npz"
    source = load_project(folder).project.source
    assert source is not None
    assert source.load(folder).samples == 4


def test_a_network_too_large_to_build_is_told(tmp_path: Path) -> None:
    graph = small_graph().with_layer("dense", layers.get("Dense")(units=1_000_000))  # type: ignore[arg-type]
    graph = graph.with_layer("dense_1", layers.get("Dense")(units=1_000_000))  # type: ignore[arg-type]
    save_project(tmp_path / "p.loom", Project(graph), None)
    opened = load_project(tmp_path / "p.loom")
    assert "weights alone would take 4 TB" in opened.problems[0].text


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(
    label=NAMES,
    x=st.floats(-1e6, 1e6),
    y=st.floats(-1e6, 1e6),
    units=st.integers(1, 10**6),
    seed=st.integers(0, 2**63 - 1),
)
def test_any_project_comes_back(label: str, x: float, y: float, units: int, seed: int) -> None:
    graph = small_graph(units).labelled("dense", label).placed({"dense": (x, y)})
    project = full_project().with_graph(graph)
    project = project.with_training(project.training.changed(seed=seed))
    text = project_to_json(project, None, ROOT)
    assert project_from_json(text).project == project
    assert project_to_json(project_from_json(text).project, None, ROOT) == text


def test_the_network_alone_is_the_same_one(tmp_path: Path) -> None:
    folder, project = tmp_path / "p.loom", full_project()
    save_project(folder, project, state_of(project.graph))
    save_project(folder, project.with_source(NpzFile(path="/data/x.npz")), state_of(project.graph, 1))
    for backup in (0, 1):
        assert load_network(folder, backup) == load_project(folder, backup).project
    for path in folder.glob("weights-*.h5"):
        path.unlink()
    assert load_network(folder, 1) == project
    (folder / "project.json").write_text("{", "utf-8")
    with pytest.raises(FileError, match=r"project\.json\.bak-1"):
        load_network(folder)
    with pytest.raises(FileError, match="no project"):
        load_network(tmp_path / "gone.loom")
