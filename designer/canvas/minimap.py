"""A small map of the network in the canvas's corner, while the network does not fit into the view."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from designer.canvas.fault_item import FaultItem
from designer.canvas.node_item import NodeItem
from designer.canvas.stage import CanvasStage
from designer.model.diff import Diff
from designer.text import tr
from designer.theme import current_theme

#: The largest map, the least side of one, its distance from the corner, the space about what it shows (px).
LARGEST = QSize(180, 150)
#: Pixels of the map for a unit of the canvas at most: a map of few layers stays small.
CLOSEST = 0.16
_LEAST, _EDGE, _PAD = 56, 12, 8
#: A layer's side on the map at least (px).
_DOT = 1.5
_ALL = Diff(everything=True)


class Minimap(QWidget):
    """Shows all layers as blocks in the colours of their kinds and what is in sight as a frame.

    A press or a drag moves the view there. The blocks are drawn once for each change of the network; while the view
    moves, only the frame is drawn anew.

    Args:
        canvas: whose network it shows, and in whose corner it stands: in that
            where it hides least.
    """

    def __init__(self, canvas: CanvasStage) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._wanted = True
        self._content = QRectF()
        self._scale = 1.0
        self._blocks: QPixmap | None = None
        self._corner = 0
        self._held = False
        self.drawn = 0
        self.setObjectName("minimap")
        self.setAccessibleName(tr("Small map of the network"))
        self.setToolTip(tr("The whole network; the frame is what you see. Click or drag to go there."))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        canvas.document.changed.connect(self._follow)
        canvas.zoom_changed.connect(self._look)
        canvas.horizontalScrollBar().valueChanged.connect(self._look)
        canvas.verticalScrollBar().valueChanged.connect(self._look)
        canvas.installEventFilter(self)
        self.hide()
        self._follow()

    @property
    def is_wanted(self) -> bool:
        """Whether it may be shown at all."""
        return self._wanted

    def want(self, wanted: bool) -> None:
        """Switch it on or off."""
        self._wanted = wanted
        self._look()

    @property
    def seen(self) -> QRectF:
        """What the view shows of the scene."""
        canvas = self._canvas
        return canvas.mapToScene(canvas.viewport().rect()).boundingRect()

    @property
    def frame(self) -> QRectF:
        """Where the frame stands on the map."""
        return QRectF(self.on_map(self.seen.topLeft()), self.on_map(self.seen.bottomRight()))

    def on_map(self, point: QPointF) -> QPointF:
        """Where a point of the scene is on the map."""
        middle = QPointF(self.width() / 2, self.height() / 2)
        return middle + (point - self._content.center()) * self._scale

    def on_scene(self, place: QPointF) -> QPointF:
        """Which point of the scene a place of the map is."""
        middle = QPointF(self.width() / 2, self.height() / 2)
        return self._content.center() + (place - middle) / self._scale

    def _follow(self, diff: Diff = _ALL) -> None:
        """The network changed, or what is wrong with it."""
        if replace(diff, learnt=False, rates=False) == Diff():
            return  # neither places nor problems depend on these
        scene = self._canvas.canvas
        self._content = scene.cards_rect.united(scene.notes.rect())
        self._blocks = None
        self._look()

    def _look(self, _value: object = None) -> None:
        """The view moved: is there something out of sight, and where is the frame?"""
        shown = self._wanted and not self._content.isEmpty() and not self.seen.contains(self._content)
        if shown:
            self._place()
            self.update()
        if shown == self.isHidden():
            self.setVisible(shown)
            self.raise_()

    def _place(self) -> None:
        room, content = LARGEST - QSize(2 * _PAD, 2 * _PAD), self._content
        self._scale = min(room.width() / content.width(), room.height() / content.height(), CLOSEST)
        size = QSize(
            max(_LEAST, round(content.width() * self._scale) + 2 * _PAD),
            max(_LEAST, round(content.height() * self._scale) + 2 * _PAD),
        )
        if size != self.size():
            self._blocks = None
            self.resize(size)
        area = self._canvas.rect().adjusted(_EDGE, _EDGE, -_EDGE - size.width(), -_EDGE - size.height())
        corners = (area.bottomRight(), area.topRight(), area.bottomLeft(), area.topLeft())
        if not self._held:
            # It moves only for much less to be hidden: a map that jumps about is hard to hit.
            hidden = [self._hidden_at(QRect(corner, size)) for corner in corners]
            if hidden[self._corner] > 2 * min(hidden):
                self._corner = hidden.index(min(hidden))
        self.move(corners[self._corner])

    def _hidden_at(self, place: QRect) -> float:
        """How much of the layers and their notes a place of the view covers, in square units of the canvas."""
        covered = self._canvas.mapToScene(place).boundingRect()
        parts = [item for item in self._canvas.canvas.items(covered) if isinstance(item, NodeItem | FaultItem)]
        shared = [item.sceneBoundingRect() & covered for item in parts]
        return sum(rect.width() * rect.height() for rect in shared)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in a corner."""
        if event.type() == QEvent.Type.Resize:
            self._look()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_blocks"):
            self._blocks = None
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The blocks as they were drawn, and the frame above them."""
        ratio = self.devicePixelRatioF()
        if self._blocks is None or self._blocks.devicePixelRatio() != ratio:
            self._blocks = self._drawn(ratio)
        theme = current_theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._blocks)
        frame = self.frame.intersected(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5))
        ground = QColor(theme.accent)
        ground.setAlpha(28)
        painter.setPen(QPen(QColor(theme.accent), 1.5))
        painter.setBrush(ground)
        painter.drawRoundedRect(frame, 3, 3)
        painter.end()

    def _drawn(self, ratio: float) -> QPixmap:
        self.drawn += 1
        theme = current_theme()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.window))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        self._draw_notes(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        for item in self._canvas.canvas.shown():
            block = self._block(item.box.rect)
            grow = max(0.0, _DOT - block.height()) / 2
            painter.setBrush(
                QColor(theme.error if item.look.severity == "error" else theme.category(item.look.category))
            )
            painter.drawRoundedRect(block.adjusted(-grow, -grow, grow, grow), 1, 1)
        painter.end()
        return picture

    def _block(self, rect: QRectF) -> QRectF:
        return QRectF(self.on_map(rect.topLeft()), self.on_map(rect.bottomRight()))

    def _draw_notes(self, painter: QPainter) -> None:
        """Notes and frames, faintly; frames first, for they lie behind."""
        theme = current_theme()
        for item in sorted(self._canvas.canvas.notes.items.values(), key=lambda item: item.zValue()):
            ground = QColor(theme.notes[item.note.colour])
            painter.setPen(QPen(ground.lighter(140) if theme.is_dark else ground.darker(112), 1))
            painter.setBrush(ground)
            painter.drawRoundedRect(self._block(item.rect), 1.5, 1.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        self._held = True
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go along."""
        self._go(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """What lies behind hears of no click."""
        self._held = False
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nor of the wheel."""
        event.accept()

    def _go(self, event: QMouseEvent) -> None:
        event.accept()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._canvas.centerOn(self.on_scene(event.position()))
