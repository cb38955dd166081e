"""Formulas in the window: written, explained while they are written, drawn, and begun from examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.form.curve import CurveView, curve
from designer.panels.form.form import Form, make_form
from designer.panels.form.formula_line import formula_line, formula_slope, formula_words
from designer.panels.inspector import Inspector
from designer.panels.node_page import NodePage
from engine import registry
from engine.expression.functions import FUNCTIONS
from engine.project import Project
from tests.designer.panels.conftest import Typist, chain


@pytest.fixture
def document() -> Document:
    return Document(Project(graph=chain(("Input", {"shape": (4, 3)}), ("Expression", {}), ("Dense", {"units": 2}))))


@pytest.fixture
def page(qtbot: QtBot, document: Document, selection: Selection) -> Iterator[NodePage]:
    inspector = Inspector(document, selection)
    qtbot.addWidget(inspector)
    inspector.resize(340, 900)
    inspector.show()
    qtbot.waitExposed(inspector)
    inspector.activateWindow()
    qtbot.waitUntil(inspector.isActiveWindow)
    selection.set(["expression"])
    assert inspector.node_page is not None
    yield inspector.node_page


def line(page: QWidget, name: str) -> QLineEdit:
    found = page.findChild(QLineEdit, f"param-{name}")
    assert found is not None
    return found


def expression(document: Document) -> Any:
    return document.project.graph.nodes["expression"].layer


def test_a_formula_is_written_in_its_line(page: NodePage, document: Document, type_into: Typist) -> None:
    type_into(line(page, "numbers"), "k = 0.5")
    type_into(line(page, "expression"), "tanh(k*x)")

    assert expression(document).expression == "tanh(k*x)"
    assert expression(document).numbers == (("k", 0.5),)
    assert line(page, "numbers").text() == "k = 0.5"
    document.undo()
    document.undo()
    assert expression(document) == registry.layers.get("Expression")()


@pytest.mark.parametrize(
    ("text", "words"), [("tanh(", "ends where"), ("tanhh(x)", "did you mean tanh"), ("q*x", "'q' is not known here")]
)
def test_what_is_wrong_is_said_while_writing(
    page: NodePage, document: Document, qtbot: QtBot, text: str, words: str
) -> None:
    before = expression(document)
    field = line(page, "expression")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)

    fault = page.form.row("expression").fault
    qtbot.waitUntil(lambda: words in fault.text())

    assert fault.text().startswith("Expression cannot be")
    assert expression(document).expression == before.expression
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == before.expression


def test_functions_are_listed_and_inserted(page: NodePage, document: Document) -> None:
    editor: Any = page.form.row("expression").editor
    assert all(name in line(page, "expression").toolTip() for name in FUNCTIONS)
    actions = {action.text(): action for action in editor.functions.menu().actions()}
    assert set(actions) == {function.takes for function in FUNCTIONS.values()}
    editor.line.selectAll()

    actions["tanh(x)"].trigger()

    assert expression(document).expression == "tanh(relu(x) - relu(0.5 - sigmoid(x)))"


def test_examples_replace_the_layer_in_one_step(page: NodePage, document: Document) -> None:
    assert page.presets is not None
    actions = page.presets.menu().actions()
    assert len(actions) == 4

    actions[-1].trigger()

    found = expression(document)
    assert [variable.name for variable in found.trained] == ["a1", "a2"]
    assert document.inference.parameter_count("expression") == (24, 0)
    document.undo()
    assert expression(document).trained == ()


def test_trained_parameters_are_added_under_names_of_their_own(page: NodePage, document: Document) -> None:
    editor: Any = page.form.row("trained").editor

    editor._add("Trained")
    editor._add("Trained")

    assert [variable.name for variable in expression(document).trained] == ["a1", "a2"]


def test_the_curve_and_its_derivative_are_drawn(page: NodePage, document: Document, type_into: Typist) -> None:
    assert page.curve is not None
    before = page.curve.grab().toImage()

    type_into(line(page, "expression"), "sin(x)")

    x, y = curve(expression(document))
    np.testing.assert_allclose(y, np.sin(x))
    np.testing.assert_allclose(formula_slope(expression(document), x), np.cos(x))
    assert page.curve.grab().toImage() != before
    assert "cos(x)" in page.curve.toolTip()


@pytest.mark.parametrize("kind", ["activation", "loss", "metric", "regularizer"])
def test_every_kind_of_formula_shows_its_curve(qtbot: QtBot, kind: str) -> None:
    made = registry.registry(kind).get("Expression")()
    view = CurveView()
    qtbot.addWidget(view)

    view.set_activation(made)

    x = np.linspace(-4, 4, 9)
    assert np.isfinite(formula_line(made, x)).all()
    assert "Derivative by" in formula_words(made)
    assert not view.grab().isNull()


def test_an_activation_is_written_where_one_is_chosen(qtbot: QtBot, type_into: Typist) -> None:
    form: Form = make_form(registry.layers.get("Dense"))
    qtbot.addWidget(form)
    given = registry.layers.get("Dense")(units=3, activation="Expression")
    form.set(given)
    form.show()
    qtbot.waitExposed(form)
    reported: list[Any] = []
    form.edited.connect(reported.append)

    type_into(line(form, "activation-expression"), "x*sigmoid(x)")

    assert reported[-1].applied(given).activation.expression == "x*sigmoid(x)"
