"""What a plot shows, drawn by pyqtgraph: scales, curves, and what lies over them."""

from __future__ import annotations

import time
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QWidget

from designer.plots.mark import Mark, paint_mark
from designer.plots.scales import Scale
from designer.plots.strokes import Frame, Stroke
from designer.theme import current_theme

#: Pixels around the plot in which curves still show: above, at the right, below.
_ABOVE, _BESIDE, _UNDER = 2.0, 3.0, 1.0


class Overlay(pg.GraphicsObject):  # type: ignore[misc]
    """Marks across the plot, and the ring of the keyboard's focus."""

    def __init__(self) -> None:
        super().__init__()
        self._bounds = QRectF()
        self._frame: Frame | None = None
        self._best: Mark | None = None
        self._pointer: Mark | None = None
        self._is_focused = False
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def show_marks(self, bounds: QRectF, frame: Frame, best: Mark | None, pointer: Mark | None) -> None:
        """Show marks of a plot."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self._frame, self._best, self._pointer = frame, best, pointer
        self.update()

    def set_focused(self, focused: bool) -> None:
        """Show or hide the ring."""
        self._is_focused = focused
        self.update()

    def boundingRect(self) -> QRectF:
        """The whole canvas; asked for by Qt."""
        return self._bounds

    def paint(self, painter: QPainter, option: Any, widget: Any) -> None:
        """Draw marks and ring."""
        theme = current_theme()
        if self._frame is not None:
            if self._best is not None:
                paint_mark(painter, self._best, self._frame, theme.success, Qt.PenStyle.DashLine)
            if self._pointer is not None:
                paint_mark(painter, self._pointer, self._frame, theme.muted, Qt.PenStyle.SolidLine)
        if self._is_focused:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.accent), 1.0))
            painter.drawRoundedRect(self._bounds.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


class Drawing(pg.GraphicsView):  # type: ignore[misc]
    """Scales, curves and marks. It shows what it is told and leaves mouse and keys to the canvas around it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, useOpenGL=False)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Everything is painted anew at every change: to find out what may stay would take longer.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setMouseTracking(False)
        self.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setCentralItem(None)
        self.box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self.box.disableAutoRange()
        self.left, self.bottom, self.overlay = Scale("left"), Scale("bottom"), Overlay()
        for item, level in ((self.left, -20), (self.bottom, -10), (self.box, 0), (self.overlay, 10)):
            self.scene().addItem(item)
            item.setPos(QPointF())
            item.setZValue(level)
        self._wide: Frame | None = None
        self._has_scales = True
        self._spent = 0.0
        self.dress()

    def take_spent(self) -> float:
        """Processor time that painting took since this was asked last (s)."""
        spent, self._spent = self._spent, 0.0
        return spent

    def paintEvent(self, event: QPaintEvent) -> None:
        """Note what painting costs: whoever paces the redraws must know."""
        began = time.thread_time()
        super().paintEvent(event)
        self._spent += time.thread_time() - began

    def dress(self) -> None:
        """Take the colours of the current theme."""
        self.setBackground(QColor(current_theme().surface))
        self.left.dress()
        self.bottom.dress()

    def show_range(self, frame: Frame, kinds: tuple[str, str], strokes: list[Stroke]) -> None:
        """Show a range; costs something only when it is another one than before."""
        bounds = QRectF(self.rect())
        self.bottom.show_frame(frame, kinds[0], bounds)
        self.left.show_frame(frame, kinds[1], bounds)
        wide = frame.widened(0.0, _ABOVE, _BESIDE, _UNDER)
        if wide == self._wide:
            return
        if self._wide is None or wide.area != self._wide.area:
            self.box.setGeometry(wide.area)
        self._wide = wide
        self.box.setRange(xRange=wide.across, yRange=wide.upwards, padding=0, disableAutoRange=False)
        for stroke in strokes:
            stroke.item.set_reach(wide)

    def show_scales(self, shown: bool) -> None:
        """Show or hide everything that belongs to a run."""
        if shown != self._has_scales:
            self._has_scales = shown
            for item in (self.left, self.bottom, self.box):
                item.setVisible(shown)
