"""Random editing: whatever happens, the form shows the document, and undo leads back to the start."""

from __future__ import annotations

import random

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.form.edit import MIXED, common
from designer.panels.form.slot import SlotEditor
from designer.panels.inspector import Inspector
from designer.theme import DARK, LIGHT, apply_theme, current_theme
from engine import registry
from engine.component import Slot
from engine.component import registry as of_kind
from engine.constraints import Choice, Constraint, Flag, Number, Whole
from engine.graph import Graph, Node
from engine.project import Project
from tests.designer.panels.conftest import chain


def mixed_graph() -> Graph:
    """A chain, and one more node of every layer that can be had."""
    graph = chain(
        ("Input", {"shape": (12, 12, 1)}),
        ("Conv2D", {"filters": 4, "kernel_size": 3}),
        ("Flatten", {}),
        ("Dense", {"units": 5}),
        ("Dense", {"units": 6, "activation": "tanh"}),
    )
    for cls in registry.layers:
        if cls.examples and not getattr(cls, "hidden", False):
            layer = cls(**cls.examples[0].parameters)
            graph = graph.add(Node(graph.fresh_id(layer), layer, (300.0, 0.0)))
    return graph


def some_value(rule: Constraint, chance: random.Random) -> object:
    if chance.random() < 0.3:
        return chance.choice(rule.bad_values())
    match rule:
        case Whole():
            return chance.randint(rule.low, min(rule.high, rule.low + 9))
        case Number():
            return rule.low + chance.random() * (min(rule.high, rule.low + 1.0) - rule.low)
        case Flag():
            return chance.random() < 0.5
        case Choice():
            return chance.choice(rule.options)[0]
        case Slot():
            return chance.choice([cls.key for cls in of_kind(rule.kind)])
    return None


@pytest.mark.parametrize("seed", range(3))
def test_the_form_always_shows_the_document(qtbot: QtBot, seed: int) -> None:
    chance = random.Random(seed)
    document = Document(Project(graph=mixed_graph()))
    selection = Selection(document)
    inspector = Inspector(document, selection)
    qtbot.addWidget(inspector)
    start, edits, rounds = document.project, 0, 0
    keys = list(start.graph.nodes)
    while edits < 50:  # many layers have nothing to edit, and are chosen too
        rounds += 1
        assert rounds < 2000
        action = chance.random()
        if action < 0.3:
            selection.set(chance.sample(keys, chance.choice((1, 1, 1, 2, 3))))
        elif action < 0.4:
            document.undo()
        elif action < 0.5:
            document.redo()
        elif inspector.node_page is not None and inspector.node_page.form.rows:
            inspector.node_page.form.unfold(chance.random() < 0.5)
            row = inspector.node_page.form.row(chance.choice(list(inspector.node_page.form.rows)))
            row.editor.offer(some_value(row.parameter.constraint, chance))
            edits += 1
        check_shown(document, selection, inspector)
    while document.stack.canUndo():
        document.undo()
    assert document.project == start
    check_shown(document, selection, inspector)


def check_shown(document: Document, selection: Selection, inspector: Inspector) -> None:
    page = inspector.node_page
    if page is None:
        return
    layers = [document.project.graph.nodes[key].layer for key in selection.nodes]
    for name, row in page.form.rows.items():
        wanted = common([getattr(layer, name) for layer in layers])
        assert row.editor.value() == wanted or row.editor.value() is wanted is MIXED
        if isinstance(row.editor, SlotEditor) and wanted is not MIXED and not row.fault.text():
            assert row.editor.combo.currentData() == (None if wanted is None else wanted.key)


def test_the_panels_follow_the_theme(qtbot: QtBot, dressed: QApplication, document: Document) -> None:
    selection = Selection(document)
    inspector = Inspector(document, selection)
    qtbot.addWidget(inspector)
    inspector.resize(320, 700)
    inspector.show()
    selection.set({"dense"})
    page = inspector.node_page
    assert page is not None
    page.problems.tell(document.problems)
    try:
        apply_theme(dressed, "dark")
        assert current_theme() is DARK
        image = page.form.row("units").editor.grab().toImage()
        assert image.pixelColor(100, image.height() // 2).lightness() < 90
        assert DARK.error_ground in page.problems._cards[0].styleSheet()
    finally:
        apply_theme(dressed, "light")
    assert LIGHT.error_ground in page.problems._cards[0].styleSheet()
