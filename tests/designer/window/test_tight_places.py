"""Long texts in narrow places: they are shortened, whole in the tooltip, and push nothing out of sight."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QScrollArea, QTreeWidget

from designer.canvas.tooltips import tooltip
from designer.panels.preview import SIDE, placed
from designer.window.main_window import MainWindow
from engine.templates import chain
from tests.designer.window.conftest import small

PICTURE = ("Input", {"shape": (28, 28, 3)})


def opened(window: MainWindow, *below: tuple[str, dict[str, object]]) -> None:
    window.resize(1280, 800)
    window.document.reset(small().with_graph(chain(PICTURE, *below)))
    window.canvas.show_network()
    window.activateWindow()
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
    window.activateWindow()
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
