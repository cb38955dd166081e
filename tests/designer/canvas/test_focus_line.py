"""One sees when the canvas has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLineEdit

from designer.canvas.focus_line import FocusLine
from designer.theme import current_theme
from tests.designer.canvas.stagehand import Stagehand


def test_the_line_follows_the_keyboard(qtbot, stage: Stagehand) -> None:
    line = FocusLine(stage.view)
    field = QLineEdit(stage.view)
    field.show()
    field.setFocus()
    stage.view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(stage.view.hasFocus)
    assert line.isVisible()
    stage.view.resize(700, 500)
    assert line.geometry().getRect()[:3] == (0, 0, 700)
    assert stage.view.grab().toImage().pixelColor(300, 0).name() == current_theme().accent
    field.setFocus(Qt.FocusReason.TabFocusReason)
    assert not line.isVisible()
    stage.view.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not line.isVisible()
    field.setFocus()
    stage.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
    assert line.isVisible()


def test_clicks_go_through_it(qtbot, stage: Stagehand) -> None:
    line = FocusLine(stage.view)
    QLineEdit(stage.view).setFocus()
    stage.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert line.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    stage.selection.set({"dense"})
    stage.click(QPointF(stage.view.mapToScene(450, 1)))
    assert not stage.selection.nodes
