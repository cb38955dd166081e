"""The document: one way to change, everything undone by one command."""

from __future__ import annotations

import gc
import random
import weakref
from collections.abc import Callable

import numpy as np
import pytest

from designer.model.diff import Diff, difference
from designer.model.document import MERGE_SECONDS, Document
from designer.model.selection import Selection
from designer.model.starting import offered, starting
from engine import registry
from engine.catalogue.sources.base import Dataset, Field
from engine.errors import GraphError
from engine.graph import Edge, Graph, Node
from engine.infer import infer
from engine.project import Project

pytestmark = pytest.mark.usefixtures("qapp")


def layer(key: str, **values: object) -> object:
    return registry.layers.get(key)(**values)


def chain() -> Graph:
    graph = Graph()
    for place, made in enumerate((layer("Input", shape=(4,)), layer("Dense", units=3), layer("Dense", units=2))):
        graph = graph.add(Node(graph.fresh_id(made), made, (0.0, 110.0 * place)))
    return graph.connect(Edge("input", "dense")).connect(Edge("dense", "dense_1"))


def random_edit(project: Project, dice: random.Random) -> Project:
    graph = project.graph
    keys = list(graph.nodes)
    kind = dice.choice(["add", "connect", "delete", "move", "label", "cut", "training", "parameter"])
    if kind == "add" or not keys:
        made = starting(dice.choice(offered()))
        return project.with_graph(graph.add(Node(graph.fresh_id(made), made, (dice.random() * 500, 8.0))))
    key = dice.choice(keys)
    if kind == "connect":
        other = dice.choice(keys)
        try:
            return project.with_graph(graph.connect(Edge(key, other)))
        except GraphError:
            return project
    changes: dict[str, Callable[[], Project]] = {
        "delete": lambda: project.with_graph(graph.without([key])),
        "move": lambda: project.with_graph(graph.moved([key], (8.0, -8.0))),
        "label": lambda: project.with_graph(graph.labelled(key, f"name {dice.random()}")),
        "cut": lambda: project.with_graph(graph.disconnected(graph.edges[:1])),
        "training": lambda: project.with_training(project.training.changed(epochs=dice.randint(1, 99))),
        "parameter": lambda: project.with_graph(graph.with_layer(key, starting(type(graph.nodes[key].layer)))),
    }
    return changes[kind]()


@pytest.mark.parametrize("seed", range(8))
def test_undo_all_is_the_start_and_redo_all_the_end(seed: int) -> None:
    dice = random.Random(seed)
    document = Document()
    states = [document.project]
    for _ in range(60):
        document.edit("step", random_edit(document.project, dice))
        if document.project is not states[-1]:
            states.append(document.project)
        assert document.inference == infer(document.project.graph)

    for expected in reversed(states[:-1]):
        document.undo()

        assert document.project == expected
        assert document.inference == infer(expected.graph)
    assert not document.stack.canUndo()
    assert not document.is_modified

    for expected in states[1:]:
        document.redo()

        assert document.project == expected
    assert not document.stack.canRedo()


def test_every_change_is_told_once_and_truly() -> None:
    document = Document(Project(graph=chain()))
    seen: list[Diff] = []
    document.changed.connect(seen.append)
    before = document.project

    document.edit("delete", before.with_graph(before.graph.without(["dense"])))
    document.undo()
    document.redo()

    assert [d.removed for d in seen] == [{"dense"}, frozenset(), {"dense"}]
    assert [d.added for d in seen] == [frozenset(), {"dense"}, frozenset()]
    assert set(seen[0].edges_removed) == set(before.graph.edges)
    assert set(seen[1].edges_added) == set(before.graph.edges)


def test_an_edit_to_the_same_value_does_nothing() -> None:
    document = Document(Project(graph=chain()))
    seen: list[Diff] = []
    document.changed.connect(seen.append)

    document.edit("nothing", Project(graph=chain()))

    assert seen == []
    assert not document.stack.canUndo()


def test_edits_with_one_merge_key_are_one_step() -> None:
    document = Document()
    start = document.project
    for epochs in (11, 12, 13):
        document.edit("Epochs", start.with_training(start.training.changed(epochs=epochs)), merge="epochs")

    assert document.stack.count() == 1
    document.undo()
    assert document.project == start
    document.redo()
    assert document.project.training.epochs == 13


@pytest.mark.parametrize("between", ["edit", "undo", "save", "pause"])
def test_merging_ends(between: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("designer.model.document.time.monotonic", lambda: now[0])
    document = Document()
    training = document.project.training
    document.edit("Epochs", document.project.with_training(training.changed(epochs=11)), merge="epochs")
    if between == "edit":
        document.edit("Seed", document.project.with_training(document.project.training.changed(seed=5)))
    elif between == "undo":
        document.edit("Seed", document.project.with_training(document.project.training.changed(seed=5)))
        document.undo()
    elif between == "save":
        document.mark_saved()
    else:
        now[0] += MERGE_SECONDS + 0.1
    count = document.stack.index()

    training = document.project.training
    document.edit("Epochs", document.project.with_training(training.changed(epochs=12)), merge="epochs")

    assert document.stack.index() == count + 1
    document.undo()
    assert document.project.training.epochs == 11


def test_a_merged_step_that_ends_where_it_began_leaves_nothing() -> None:
    document = Document()
    start = document.project
    document.edit("Epochs", start.with_training(start.training.changed(epochs=11)), merge="epochs")
    document.edit("Epochs", start, merge="epochs")

    assert document.project == start
    assert document.stack.count() == 0
    assert not document.is_modified


def test_a_dropped_step_does_not_take_the_one_before_with_it() -> None:
    document = Document()
    training = document.project.training
    document.edit("Seed", document.project.with_training(training.changed(seed=5)))
    for epochs in (training.epochs + 1, training.epochs, training.epochs + 2):
        changed = document.project.training.changed(epochs=epochs)
        document.edit("Epochs", document.project.with_training(changed), merge="epochs")

    document.undo()

    assert (document.project.training.seed, document.project.training.epochs) == (5, training.epochs)
    document.undo()
    assert document.project.training.seed == training.seed


def test_a_dropped_step_below_the_saved_place_does_no_harm() -> None:
    document = Document()
    start = document.project
    document.edit("Seed", start.with_training(start.training.changed(seed=5)))
    document.mark_saved()
    document.undo()
    for epochs in (1, 0, 1):
        changed = start.training.changed(epochs=start.training.epochs + epochs)
        document.edit("Epochs", start.with_training(changed), merge="epochs")

    assert document.project.training.epochs == start.training.epochs + 1
    assert document.is_modified
    document.undo()
    assert document.project == start


@pytest.mark.parametrize("seed", range(8))
def test_repeating_values_with_merge_keys_undo_exactly(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("designer.model.document.time.monotonic", lambda: now[0])
    dice = random.Random(seed)
    document = Document()
    start = document.project
    model, place = [start], 0  # what each place of the history must hold
    joined: str | None = None  # the merge key the last step can be joined by
    saved: Project | None = start  # what lies on disk, while the history still knows its place
    for _ in range(300):
        action = dice.choice(["edit"] * 8 + ["undo", "redo", "save", "wait"])
        if action == "edit":
            name, value = dice.choice(["epochs", "seed"]), dice.randint(1, 2)
            merge = dice.choice([name, name, None])
            project = document.project.with_training(document.project.training.changed(**{name: value}))
            clean = not document.is_modified
            document.edit(name, project, merge)
            if project == model[place]:
                continue
            if merge is not None and merge == joined and not clean:
                model[place] = project
                joined = merge
                if project == model[place - 1]:
                    del model[place]
                    place, joined = place - 1, None
            else:
                model, place, joined = [*model[: place + 1], project], place + 1, merge
        elif action in ("undo", "redo"):
            getattr(document, action)()
            after = max(place - 1, 0) if action == "undo" else min(place + 1, len(model) - 1)
            joined = joined if after == place else None
            place = after
        elif action == "save":
            document.mark_saved()
            saved = document.project
        else:
            now[0] += MERGE_SECONDS + 0.1
            joined = None

        assert document.project == model[place]
        assert document.stack.index() == place
        assert document.stack.count() == len(model) - 1
        assert document.is_modified or document.project == saved
    while place:
        document.undo()
        place -= 1
        assert document.project == model[place]
    assert document.project == start


def test_modified_follows_what_was_written() -> None:
    document = Document()
    before = document.project
    document.edit("Seed", before.with_training(before.training.changed(seed=5)))
    written = document.project

    document.undo()
    document.mark_saved(written)

    assert document.project == before
    assert document.is_modified  # the disk holds another project
    document.redo()
    document.mark_saved(document.project)
    assert not document.is_modified


def test_modified_follows_the_history() -> None:
    document = Document()
    assert not document.is_modified
    document.edit("a", document.project.with_graph(chain()))
    assert document.is_modified
    document.mark_saved()
    assert not document.is_modified
    document.undo()
    assert document.is_modified
    document.redo()
    assert not document.is_modified


def test_reset_forgets_history_and_tells_everything() -> None:
    document = Document()
    document.edit("a", document.project.with_graph(chain()))
    seen: list[Diff] = []
    document.changed.connect(seen.append)

    document.reset(Project())

    assert len(seen) == 1
    assert seen[0].everything
    assert seen[0].removed == {"input", "dense", "dense_1"}
    assert not document.stack.canUndo()
    assert not document.is_modified


def test_data_are_checked_but_not_undoable() -> None:
    document = Document(Project(graph=chain()))
    seen: list[Diff] = []
    document.changed.connect(seen.append)
    before = document.problems

    fields = Field(np.zeros((5, 7), np.float32)), Field(np.zeros((5, 2), np.float32))
    document.set_dataset(Dataset({"x": fields[0]}, {"y": fields[1]}))

    assert seen == [Diff(dataset=True)]
    assert not document.stack.canUndo()
    assert any(p.node == "input" and p not in before for p in document.problems)


def test_the_difference_of_a_graph_names_what_moved_and_what_changed() -> None:
    graph = chain()
    after = graph.moved(["dense"], (8, 0)).labelled("dense_1", "last")

    found = difference(Project(graph=graph), Project(graph=after))

    assert found == Diff(moved=frozenset({"dense"}), changed=frozenset({"dense_1"}))
    assert found.graph
    assert not found.structure


def test_the_order_of_wires_is_a_difference() -> None:
    graph = chain()

    found = difference(Project(graph=graph), Project(graph=Graph(graph.nodes, graph.edges[::-1])))

    assert found == Diff(reordered=True)


def test_the_selection_loses_what_the_document_loses() -> None:
    document = Document(Project(graph=chain()))
    selection = Selection(document)
    seen: list[Selection] = []
    selection.changed.connect(seen.append)
    edge = document.project.graph.edges[0]
    selection.set(["dense", "dense_1", "nobody"], [edge, Edge("a", "b")])

    assert selection.nodes == {"dense", "dense_1"}
    assert selection.edges == {edge}

    document.edit("delete", document.project.with_graph(document.project.graph.without(["dense"])))

    assert selection.nodes == {"dense_1"}
    assert selection.edges == frozenset()
    assert seen == [selection, selection]
    assert selection.only_node == "dense_1"


def test_the_oldest_steps_are_forgotten_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("designer.model.document.UNDO_LIMIT", 5)
    document = Document()
    states = [document.project]
    for seed in range(1, 10):
        document.edit("Seed", document.project.with_training(document.project.training.changed(seed=seed)))
        states.append(document.project)

    for expected in states[8:3:-1]:
        document.undo()
        assert document.project == expected
    assert not document.stack.canUndo()
    document.redo()
    assert document.project == states[5]
    document.edit("Seed", document.project.with_training(document.project.training.changed(seed=77)))
    document.undo()
    assert document.project == states[5]


def test_a_document_in_a_cycle_is_collected_without_harm() -> None:
    class Holder:
        document: Document

    for _ in range(20):
        holder = Holder()
        holder.document = document = Document()
        document.changed.connect(lambda _diff, holder=holder: None)
        for seed in range(1, 20):
            document.edit("Seed", document.project.with_training(document.project.training.changed(seed=seed)))
        for _ in range(10):
            document.undo()
        gone = weakref.ref(holder)
        document.changed.disconnect()
        del holder, document
        gc.collect()
        assert gone() is None


@pytest.mark.parametrize("edits", [0, 1])
def test_another_project_counts_as_unmodified_whatever_was_given_up(edits: int) -> None:
    document = Document(Project(chain()))
    document.stack.resetClean()  # as for work that was imported or brought back
    for seed in range(edits):
        document.edit("Seed", document.project.with_training(document.project.training.changed(seed=seed + 5)))
    assert document.is_modified
    document.reset(Project(chain()))

    assert not document.is_modified
