"""Ctrl+Z takes back the last edit from whichever field the keyboard is in."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from designer.window.main_window import MainWindow
from engine.templates import chain
from tests.designer.window.conftest import small

CTRL = Qt.KeyboardModifier.ControlModifier
# The offscreen platform says of each pop-up what it cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def opened(window: MainWindow, kind: str = "Conv2D", **values: object) -> str:
    """Show a network and let Enter lead into the form of a layer of this kind."""
    graph = chain(("Input", {"shape": (28, 28, 1)}), (kind, values), ("Flatten", {}), ("Dense", {"units": 10}))
    window.document.reset(small().with_graph(graph))
    key = next(key for key, node in graph.nodes.items() if node.layer.key == kind)
    window.aids.go_to(key)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    return key


def layer(window: MainWindow, key: str):
    return window.document.project.graph.nodes[key].layer


def field(window: MainWindow, name: str) -> QWidget:
    """A field of the form, with the keyboard in it."""
    found = window._inspector.node_page.form.row(name).editor.focus_target()
    found.setFocus(Qt.FocusReason.TabFocusReason)
    assert found.hasFocus()
    return found


def press(window: MainWindow, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window.windowHandle(), key, modifiers)


def test_enter_on_a_layer_selects_what_its_first_field_holds(qtbot, window) -> None:
    key = opened(window, filters=32, kernel_size=3)
    press(window, "6")
    assert layer(window, key).filters == 6


def test_a_chosen_row_of_a_searchable_list(qtbot, window) -> None:
    key = opened(window, filters=4, kernel_size=3, activation="tanh")
    combo = window._inspector.node_page.form.row("activation").editor.focus_target()
    assert isinstance(combo, QComboBox)
    QTest.mouseClick(combo.lineEdit(), Qt.MouseButton.LeftButton)
    view = combo.view()
    qtbot.waitUntil(view.isVisible, timeout=9_000)
    row = combo.model().index(combo.findData("relu"), 0)
    view.scrollTo(row)
    QTest.mouseMove(view.viewport(), view.visualRect(row).center())
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(row).center())
    qtbot.waitUntil(lambda: layer(window, key).activation.key == "relu")
    assert window.focusWidget() is combo
    press(window, "z", CTRL)
    assert layer(window, key).activation.key == "tanh"
    press(window, "y", CTRL)
    assert layer(window, key).activation.key == "relu"


def test_a_written_name_is_taken_back_and_a_half_written_one_as_text(qtbot, window) -> None:
    key = opened(window, filters=4, kernel_size=3, activation="tanh")
    combo = field(window, "activation")
    for letter in "relu":
        press(window, letter)
    press(window, Qt.Key.Key_Return)
    assert layer(window, key).activation.key == "relu"
    combo.lineEdit().selectAll()
    QTest.keyClicks(combo, "zz")
    combo.completer().popup().hide()
    press(window, "z", CTRL)
    assert layer(window, key).activation.key == "relu"
    assert combo.currentText() == combo.itemText(combo.findData("relu"))
    press(window, "z", CTRL)
    assert layer(window, key).activation.key == "tanh"


@pytest.mark.parametrize(
    ("name", "keys", "before"),
    [("filters", "9", 4), ("kernel_size", "5", (3, 3)), ("padding", Qt.Key.Key_Down, "valid"),
     ("use_bias", Qt.Key.Key_Space, True)],
)  # fmt: skip
def test_spin_line_list_and_box(qtbot, window, name, keys, before) -> None:
    key = opened(window, filters=4, kernel_size=3)
    window._inspector.node_page.form.unfold()
    field(window, name)
    press(window, keys)
    assert getattr(layer(window, key), name) != before
    press(window, "z", CTRL)
    assert getattr(layer(window, key), name) == before


def test_formula(qtbot, window) -> None:
    key = opened(window, "Expression", expression="2 * x")
    before = layer(window, key)
    field(window, "expression")
    for letter in "3*x":
        press(window, letter)
    assert layer(window, key) != before
    press(window, "z", CTRL)
    assert layer(window, key) == before


def test_search_field_keeps_its_own_undo_while_it_has_any(qtbot, window) -> None:
    key = opened(window, filters=4, kernel_size=3)
    field(window, "filters")
    press(window, "9")
    window.find_layer()
    search = window.focusWidget()
    assert isinstance(search, QLineEdit)
    press(window, "d")
    press(window, "z", CTRL)
    assert (search.text(), layer(window, key).filters) == ("", 9)
    press(window, "z", CTRL)
    assert layer(window, key).filters == 4
