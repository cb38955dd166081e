"""Every control of the window has a name for screen readers and a tooltip that teaches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QTabBar,
    QWidget,
)

from designer.window.main_window import MainWindow
from tests.designer.window.test_main_window import begun

CONTROLS = (QAbstractButton, QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QSlider)


def controls(window: MainWindow) -> Iterator[QWidget]:
    """The controls that were made here; parts that Qt makes inside its own carry names that begin with qt_."""
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, CONTROLS) or widget.objectName().startswith("qt_"):
            continue
        above = widget.parentWidget()
        if isinstance(widget, QPushButton) and widget.isHidden() and not widget.text():
            continue  # it gets words when there is something to press
        if isinstance(above, QAbstractSpinBox | QComboBox | QLineEdit | QTabBar | QDockWidget):
            continue
        yield widget


def spoken(widget: QWidget) -> str:
    said = widget.accessibleName()
    if not said and isinstance(widget, QAbstractButton):
        said = widget.text()
    return said.strip()


def name(widget: QWidget) -> str:
    parts, place = [], widget
    while place is not None and len(parts) < 4:
        parts.append(f"{type(place).__name__}#{place.objectName()}")
        place = place.parentWidget()
    return " in ".join(parts)


def assert_all_named(window: MainWindow) -> None:
    found = list(controls(window))
    assert len(found) > 30
    assert [name(widget) for widget in found if not spoken(widget)] == []
    assert [name(widget) for widget in found if len(widget.toolTip()) < 5] == []


def test_in_an_empty_window(window) -> None:
    assert_all_named(window)


@pytest.mark.parametrize("chosen", ["flatten", "dense"])
def test_with_a_network_and_data(qtbot, window, chosen: str) -> None:
    begun(qtbot, window)
    window.selection.set({chosen})
    assert_all_named(window)


def test_docks_and_the_canvas_say_what_they_are(window) -> None:
    for dock in window.findChildren(QDockWidget):
        assert dock.accessibleName() and len(dock.accessibleDescription()) > 8
    assert window.canvas.accessibleName() == "Network"
    assert len(window.canvas.accessibleDescription()) > 8
