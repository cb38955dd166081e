"""Long texts in narrow places: they are shortened, whole in the tooltip, and push nothing out of sight."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QSlider, QSpinBox, QTreeWidget

from designer.canvas.tooltips import tooltip
from designer.panels.form.icon_button import IconButton
from designer.panels.preview import SIDE, placed
from designer.window.main_window import MainWindow
from engine.templates import chain
from tests.designer.window.conftest import small

# The offscreen platform says of each pop-up what it cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
PICTURE = ("Input", {"shape": (28, 28, 3)})


def opened(window: MainWindow, *below: tuple[str, dict[str, object]]) -> None:
    window.resize(1280, 800)
    window.document.reset(small().with_graph(chain(PICTURE, *below)))
    window.canvas.show_network()
    window.aids.go_to(list(window.document.project.graph.nodes)[-1])


def test_a_long_remedy_fits_into_its_panel(qtbot, window) -> None:
    opened(window, ("LSTM", {"units": 32}))
    page = window._inspector.node_page
    qtbot.waitUntil(lambda: page.findChild(QPushButton, "fix-0") is not None)
    button = page.findChild(QPushButton, "fix-0")
    whole = "Insert Reshape: all but the last axis are steps"
    assert button.text() == whole
    area = page.findChild(QScrollArea)
    qtbot.waitUntil(lambda: area.widget().width() <= area.viewport().width())
    button.grab()
    assert button.shown_text.endswith("…") and whole.startswith(button.shown_text[:-1])
    assert button.toolTip().startswith(whole + "\n")
    for part in (button, page.form.row("units").editor.focus_target()):
        right = part.mapTo(area.viewport(), QPoint(part.width(), 0)).x()
        assert right <= area.viewport().width()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert any(node.layer.key == "Reshape" for node in window.document.project.graph.nodes.values())


def test_a_long_remedy_fits_into_its_note_on_the_canvas(qtbot, window) -> None:
    opened(window, ("LSTM", {"units": 32}))
    scene = window.canvas.scene()
    key = window.selection.only_node
    qtbot.waitUntil(lambda: key in scene.faults)
    note = scene.faults[key]
    note.call(True)
    assert note.rect.contains(note.button)
    said = tooltip(scene, scene.spot(note.button.center()))
    assert "Insert Reshape: all but the last axis are steps" in said


def test_shapes_in_the_list_of_layers_are_whole(qtbot, window) -> None:
    opened(window, ("Flatten", {}))
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: window.findChild(QTreeWidget, "layer-picker-list") is not None)
    shown = window.findChild(QTreeWidget, "layer-picker-list")
    metrics = shown.fontMetrics()
    widest = max(metrics.horizontalAdvance(shown.topLevelItem(row).text(1)) for row in range(shown.topLevelItemCount()))
    assert widest >= metrics.horizontalAdvance("2352")
    assert shown.columnWidth(1) >= widest + 12


def test_small_pictures_stay_in_their_frames() -> None:
    for size in (QSize(28, 28), QSize(28, 20), QSize(7, 9), QSize(300, 200)):
        for x, y in ((0, 0), (56, 73)):
            area = QRect(x, y, SIDE, SIDE)
            place = placed(area, size)
            assert area.contains(place)
            assert SIDE in (place.width(), place.height())


def test_lists_of_data_show_whole_names_in_one_frame(qtbot, window) -> None:
    window.resize(1280, 800)
    window.docks.show("data")
    combo = window._data.combo
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    view = combo.view()
    qtbot.waitUntil(view.isVisible)
    popup = QApplication.activePopupWidget()
    assert view.viewport().width() >= view.sizeHintForColumn(0)
    # Nothing of the pop-up is seen around its list, whose chosen row is so light that every icon stands out.
    assert popup.rect() == view.geometry()
    assert view.palette().highlight().color().lightness() > 200
    QTest.keyClick(view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not view.isVisible())


def test_sliders_icons_and_numbers_have_room(qtbot, window) -> None:
    window.resize(1280, 800)
    window.docks.show("inside")
    QTest.mouseClick(next(b for b in window._inside.findChildren(QPushButton) if b.text() == "Draw"),
                     Qt.MouseButton.LeftButton)  # fmt: skip
    eraser = window.findChild(IconButton, "inside-clear-pad")
    qtbot.waitUntil(eraser.isVisible)
    assert eraser.height() >= eraser.iconSize().height() + 10
    for slider in window.findChildren(QSlider):
        assert slider.minimumSizeHint().height() >= 20 and (not slider.isVisible() or slider.height() >= 20)
    field = window.findChild(QSpinBox, "inside-number").lineEdit()
    assert field.textMargins().left() >= 4
