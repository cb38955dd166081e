"""The inspector, driven with keys and mouse; what counts is the document."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.inspector import Inspector
from designer.panels.node_page import NodePage
from designer.panels.shape_words import bytes_text, time_text
from engine import registry
from engine.catalogue.sources.base import Dataset, Field
from engine.component import Component
from engine.estimate.rates import Rates
from engine.estimate.work import TERMS
from engine.graph import Edge
from tests.designer.panels.conftest import Typist


@pytest.fixture
def inspector(qtbot: QtBot, document: Document, selection: Selection) -> Iterator[Inspector]:
    made = Inspector(document, selection)
    qtbot.addWidget(made)
    made.resize(320, 900)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made


#: The list that offers names while one writes is a window of its own, which the offscreen platform cannot raise.
popup = pytest.mark.qt_log_ignore(r"support raise\(\)", "support grabbing the keyboard")


def page(inspector: Inspector) -> NodePage:
    found = inspector.node_page
    assert found is not None
    return found


def field(inspector: Inspector, name: str) -> QWidget:
    found = page(inspector).findChild(QWidget, f"param-{name}")
    assert found is not None, name
    return found


def fault(inspector: Inspector, name: str) -> str:
    row = page(inspector).form.row(name)
    return row.fault.text() if row.fault.isVisible() else ""


def layer(document: Document, key: str) -> Component:
    return document.project.graph.nodes[key].layer


def test_typing_a_number_changes_the_layer(
    inspector: Inspector, document: Document, selection: Selection, type_into: Typist
) -> None:
    selection.set({"dense"})
    type_into(field(inspector, "units"), "64")
    assert layer(document, "dense").units == 64  # type: ignore[attr-defined]
    assert document.inference.outputs["dense"][0].shape == (64,)
    assert "64" in page(inspector).output.figure.text()


def test_one_visit_of_a_field_is_one_undo_step(
    inspector: Inspector, document: Document, selection: Selection, type_into: Typist
) -> None:
    selection.set({"dense"})
    before = document.project
    type_into(field(inspector, "units"), "123")
    document.undo()
    assert document.project == before
    assert page(inspector).form.row("units").editor.value() == 50
    assert page(inspector).form.row("units").editor.line.text() == "50"  # type: ignore[attr-defined]
    document.redo()
    assert page(inspector).form.row("units").editor.line.text() == "123"  # type: ignore[attr-defined]


def test_a_refused_value_is_explained_and_changes_nothing(
    inspector: Inspector, document: Document, selection: Selection, type_into: Typist
) -> None:
    selection.set({"dense"})
    before = document.project
    type_into(field(inspector, "units"), "many")
    assert document.project is before
    assert fault(inspector, "units") == "Units must be a whole number from 1 to 1,000,000; received 'many'."
    document.edit("Move", document.project.with_graph(document.project.graph.moved({"dense"}, (5.0, 5.0))))
    assert page(inspector).form.row("units").editor.line.text() == "many", "what was written is not lost"  # type: ignore[attr-defined]
    QTest.keyClick(field(inspector, "units"), Qt.Key.Key_Escape)
    assert page(inspector).form.row("units").editor.line.text() == "50"  # type: ignore[attr-defined]
    assert not fault(inspector, "units")


def test_half_written_values_of_a_refused_text_leave_no_trace(
    inspector: Inspector, document: Document, selection: Selection, type_into: Typist
) -> None:
    selection.set({"dense"})
    before = document.project
    type_into(field(inspector, "units"), "99999999")
    assert document.project == before
    assert page(inspector).form.row("units").editor.line.text() == "99999999"  # type: ignore[attr-defined]
    assert fault(inspector, "units").endswith("received 99999999.")
    assert not document.stack.canUndo()


def test_escape_takes_a_whole_visit_back(inspector: Inspector, document: Document, selection: Selection) -> None:
    selection.set({"dense"})
    units = field(inspector, "units")
    units.setFocus()
    QTest.keyClick(units, Qt.Key.Key_End)
    QTest.keyClicks(units, "00000")  # 50 -> ... -> 5000000, which is too large
    assert layer(document, "dense").units == 500_000  # type: ignore[attr-defined]
    QTest.keyClick(units, Qt.Key.Key_Escape)
    assert layer(document, "dense").units == 50  # type: ignore[attr-defined]
    assert not fault(inspector, "units")


def test_undo_key_reaches_the_document_from_inside_a_field(
    qtbot: QtBot, inspector: Inspector, document: Document, selection: Selection
) -> None:
    undo = QAction(inspector)
    undo.setShortcut("Ctrl+Z")
    undo.triggered.connect(document.undo)
    inspector.addAction(undo)
    selection.set({"dense"})
    units = field(inspector, "units")
    units.setFocus()
    QTest.keyClick(units, Qt.Key.Key_Up)
    assert layer(document, "dense").units == 51  # type: ignore[attr-defined]
    QTest.keyClick(units, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert layer(document, "dense").units == 50  # type: ignore[attr-defined]


def test_steps_stop_at_the_limits(inspector: Inspector, document: Document, selection: Selection) -> None:
    selection.set({"dense"})
    units = field(inspector, "units")
    for _ in range(7):
        QTest.keyClick(units, Qt.Key.Key_PageDown)
    assert layer(document, "dense").units == 1  # type: ignore[attr-defined]


@popup
def test_choosing_an_activation_by_its_name(
    inspector: Inspector, document: Document, selection: Selection, type_into: Typist
) -> None:
    selection.set({"dense"})
    combo = field(inspector, "activation")
    type_into(combo, "tanh")
    assert layer(document, "dense").activation.key == "tanh"  # type: ignore[attr-defined]
    assert page(inspector).form.row("activation").editor.combo.currentData() == "tanh"  # type: ignore[attr-defined]
    type_into(combo, "no such thing")
    assert layer(document, "dense").activation.key == "tanh"  # type: ignore[attr-defined]
    said = fault(inspector, "activation")
    assert said.startswith("Activation must be an entry of its list, such as ")
    assert said.endswith("; received \u201cno such thing\u201d.") and "hard_sigmoid" not in said
    type_into(combo, "Lineartanh")
    assert "such as Linear;" in fault(inspector, "activation")
    QTest.keyClick(combo, Qt.Key.Key_Escape)
    assert not fault(inspector, "activation")
    document.undo()
    assert layer(document, "dense").activation.key == "relu"  # type: ignore[attr-defined]


@popup
def test_parameters_of_a_chosen_component_are_edited_under_it(
    inspector: Inspector, document: Document, selection: Selection, type_into: Typist
) -> None:
    selection.set({"dense"})
    page(inspector).form.unfold()
    type_into(field(inspector, "kernel_regularizer"), "L2")
    type_into(field(inspector, "kernel_regularizer-l2"), "1e-3")
    assert layer(document, "dense").kernel_regularizer.l2 == 1e-3  # type: ignore[attr-defined]
    type_into(field(inspector, "kernel_regularizer-l2"), "-1")
    assert layer(document, "dense").kernel_regularizer.l2 == 1e-3  # type: ignore[attr-defined]
    combo = field(inspector, "kernel_regularizer")
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    assert layer(document, "dense").kernel_regularizer is None  # type: ignore[attr-defined]
    document.undo()
    assert layer(document, "dense").kernel_regularizer.l2 == 1e-3  # type: ignore[attr-defined]


def test_several_layers_of_one_class_change_together(
    inspector: Inspector, document: Document, selection: Selection, type_into: Typist
) -> None:
    selection.set({"dense", "dense_1"})
    before = document.project
    assert page(inspector).form.row("units").editor.line.text() == ""  # type: ignore[attr-defined]
    type_into(field(inspector, "units"), "32")
    assert [layer(document, key).units for key in ("dense", "dense_1")] == [32, 32]  # type: ignore[attr-defined]
    assert layer(document, "dense").activation.key == "relu", "the rest stays each one's own"  # type: ignore[attr-defined]
    document.undo()
    assert document.project == before


def test_text_that_was_refused_does_not_follow_to_another_layer(
    inspector: Inspector, document: Document, selection: Selection, type_into: Typist
) -> None:
    graph = document.project.graph
    same = graph.with_layer("dense_1", layer(document, "dense"))  # type: ignore[arg-type]
    document.edit("Same", document.project.with_graph(same))
    selection.set({"dense"})
    type_into(field(inspector, "units"), "x")
    selection.set({"dense_1"})
    assert page(inspector).form.row("units").editor.line.text() == "50"  # type: ignore[attr-defined]
    assert not fault(inspector, "units")


def test_renaming_in_place(inspector: Inspector, document: Document, selection: Selection, type_into: Typist) -> None:
    selection.set({"dense"})
    name = page(inspector).header.name
    type_into(name, "My hidden ones")
    assert document.project.graph.nodes["dense"].label == "My hidden ones"
    document.undo()
    assert document.project.graph.nodes["dense"].label == ""


def test_a_remedy_is_one_click(inspector: Inspector, document: Document, selection: Selection) -> None:
    broken = document.project.graph.with_layer("dense_1", layer(document, "dense_1").changed(units=7))  # type: ignore[arg-type]
    document.edit("Break", document.project.with_graph(broken))
    selection.set({"dense_1"})
    document.set_dataset(registry.sources.get("Mnist")().load(None))  # type: ignore[attr-defined]
    (problem,) = [p for p in document.problems if p.node == "dense_1"]
    button = page(inspector).findChild(QPushButton, "fix-0")
    assert button is not None and problem.fix is not None and button.text() == problem.fix.label
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert layer(document, "dense_1").units == 10  # type: ignore[attr-defined]
    assert not page(inspector).problems.isVisible()


def test_a_wire_tells_what_flows_through_it(inspector: Inspector, selection: Selection) -> None:
    selection.set((), {Edge("input", "flatten")})
    assert inspector.wire.isVisible()
    assert inspector.wire.shape.figure.text() == "28 × 28 × 1"
    assert "rank 4: batch, height, width, channels" in inspector.wire.shape.words.text()
    assert inspector.wire.sample.figure.text() == "3.1 kB"


def test_different_layers_are_summed_up(inspector: Inspector, selection: Selection) -> None:
    selection.set({"dense", "flatten"})
    assert inspector.group.isVisible()
    assert inspector.group.title.text() == "2 layers"
    assert inspector.group.count.figure.text() == f"{784 * 50 + 50:,}"


def test_the_table_lists_and_selects_layers(inspector: Inspector, document: Document, selection: Selection) -> None:
    model, table = inspector.network.model, inspector.network.table
    cells = [[model.data(model.index(row, column)) for column in range(3)] for row in range(model.rowCount())]
    assert cells[2] == ["dense", "50", "39.2 k"]
    assert inspector.network.count.figure.text() == f"{sum(document.inference.parameter_count()):,}"
    place = table.visualRect(model.index(2, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert selection.nodes == {"dense"}
    assert page(inspector).header.name.text() == "dense"


def test_the_page_follows_the_document(inspector: Inspector, document: Document, selection: Selection) -> None:
    selection.set({"dense"})
    document.edit("Delete", document.project.with_graph(document.project.graph.without({"dense"})))
    assert inspector.node_page is None
    document.undo()
    assert not selection.nodes


def test_a_layer_deleted_while_its_name_has_the_focus(
    inspector: Inspector, document: Document, selection: Selection
) -> None:
    selection.set({"dense"})
    assert inspector.node_page is not None
    inspector.node_page.header.name.setFocus()
    document.edit("Delete", document.project.with_graph(document.project.graph.without({"dense"})))
    assert inspector.node_page is None


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # lists that open, offscreen
@pytest.mark.parametrize("after", [(), ("dense_1",), ("flatten",)], ids=["nothing", "same kind", "other kind"])
def test_a_half_written_name_is_not_dropped_without_a_word(
    qtbot: QtBot, inspector: Inspector, selection: Selection, after: tuple[str, ...]
) -> None:
    selection.set({"dense"})
    combo = field(inspector, "activation")
    assert isinstance(combo, QComboBox)
    told: list[str] = []
    inspector.dropped.connect(told.append)
    combo.setFocus()
    combo.lineEdit().selectAll()
    QTest.keyClicks(combo.lineEdit(), "sixq")
    combo.completer().popup().hide()
    selection.set(after)
    qtbot.waitUntil(lambda: bool(told))
    assert len(told) == 1
    assert "Activation stays as it was" in told[0]
    assert "sixq" in told[0]


def test_enter_on_the_canvas_leads_to_the_first_field(qtbot: QtBot, inspector: Inspector, selection: Selection) -> None:
    selection.set({"dense"})
    inspector.focus_first()
    qtbot.waitUntil(lambda: field(inspector, "units").hasFocus())


def test_cost_is_estimated_once_the_machine_is_known(inspector: Inspector, document: Document) -> None:
    inspector._selection.set({"dense"})
    assert "time" not in page(inspector).cost.figure.text()
    assert page(inspector).cost.figure.text().endswith(f"with batches of {document.project.training.batch_size}")

    document.set_rates(Rates(dict.fromkeys(TERMS, 1e-8), 2))
    cost = document.estimate.layers["dense"]
    assert page(inspector).cost.figure.text() == f"about {time_text(cost.seconds)}"
    share = f"{cost.seconds / document.estimate.update:.0%}"
    assert page(inspector).cost.words.text().startswith(f"{share} of the time of an update\n{bytes_text(cost.bytes)}")

    inspector._selection.set(set())
    assert inspector.network.cost.figure.text() == f"about {time_text(document.estimate.update)} an update"
    picture = np.zeros((1000, 28, 28, 1), np.float32)
    document.set_dataset(Dataset({"x": Field(picture)}, {"y": Field(np.zeros(1000, np.int64), ("a", "b"))}))
    assert inspector.network.cost.figure.text() == f"about {time_text(document.estimate.epoch)} an epoch"
    assert bytes_text(document.estimate.bytes) in inspector.network.cost.words.text()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(2.54e-5, "25 µs"), (3.2e-3, "3.2 ms"), (0.0996, "100 ms"), (1.44, "1.4 s"), (73, "73 s"), (150, "2.5 min"),
     (9000, "2.5 h"), (4.4e6, "1,200 h")],
)  # fmt: skip
def test_times_are_told_in_two_digits(seconds: float, text: str) -> None:
    assert time_text(seconds) == text
