"""Where gestures take place: a graphics view that turns mouse events into one gesture at a time."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPixmapCache,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QToolTip, QWidget

from designer.canvas import navigation
from designer.canvas.block_gesture import BlockGesture
from designer.canvas.drop_gesture import DropGesture
from designer.canvas.gesture import Gesture
from designer.canvas.glide import Glide
from designer.canvas.message import PointerMessage
from designer.canvas.note_field import NoteField
from designer.canvas.pan_gesture import PanGesture
from designer.canvas.pointer import cursor_for, gesture_for
from designer.canvas.rename_field import RenameField
from designer.canvas.scene import CanvasScene, Spot
from designer.canvas.tooltips import tooltip
from designer.model.diff import Diff
from designer.model.document import Document
from designer.model.library import KeptBlock
from designer.model.selection import Selection
from engine.catalogue.layers.base import Layer

#: Zoom of one press of plus or minus.
_ZOOM_STEP = 1.25
#: Pictures of items are kept up to this many kilobytes.
_CACHE_KB = 96 * 1024


class CanvasStage(QGraphicsView):
    """Shows the scene and runs gestures.

    Attributes:
        status: a sentence for the status bar (also shown near the pointer); empty when it is over.
        zoom_changed: the new zoom (1.0 is 100 %).
        canvas: the scene.
        glide: lets its nodes glide to new places.
    """

    status = Signal(str)
    zoom_changed = Signal(float)

    def __init__(self, document: Document, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.selection = selection
        self.canvas = CanvasScene(document, selection, self)
        self.glide = Glide(self.canvas, self)
        self._gesture: Gesture | None = None
        self._carried: Layer | KeptBlock | None = None
        self._space = False
        self._message = PointerMessage(self.viewport())
        self.setScene(self.canvas)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheBackground)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _CACHE_KB))
        document.changed.connect(self._interrupt)

    # -- what gestures need --------------------------------------------------------------------------

    @property
    def zoom(self) -> float:
        """Pixels for each canvas unit."""
        return navigation.zoom_of(self)

    @property
    def gesture(self) -> Gesture | None:
        """The gesture under way."""
        return self._gesture

    @property
    def said(self) -> str:
        """The sentence that is shown, if any."""
        return "" if self._message.isHidden() else self._message.text()

    def say(self, text: str, at: QPointF | None = None) -> None:
        """Show a sentence near a point of the scene (the pointer unless given) and in the status bar."""
        if text or not self._message.isHidden():
            self._message.say(text, self.mapFromScene(at) if at is not None else self._pointer())
            self.status.emit(text)

    def scroll(self, pixels: QPointF) -> None:  # type: ignore[override]
        """Move the picture under the window."""
        navigation.scroll_by(self, pixels)

    def finish(self) -> None:
        """End the current gesture without an edit."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
            self._point(self._pointer())

    def settle(self, keep: bool = True) -> None:
        """Close the fields in which something is being written; what stands in them is kept unless told otherwise."""
        for kind in (NoteField, RenameField):
            for field in self.viewport().findChildren(kind):
                field.close_field(keep)

    def _begin(self, gesture: Gesture | None) -> None:
        self._gesture = gesture
        if gesture is not None and gesture.cursor is not None:
            self.viewport().setCursor(gesture.cursor)

    def _release(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        # Let go of first: an edit made by the gesture must not interrupt it.
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.release(at, modifiers)
            self._point(self._pointer())

    def _interrupt(self, diff: Diff) -> None:
        """What is on the canvas changed under a gesture (undo by key, a fix elsewhere): leave it at that."""
        if diff.graph or diff.sketch or diff.everything:
            self.finish()
        if diff.everything:
            self.settle(keep=False)  # it was written for the project that is gone

    def _pointer(self) -> QPoint:
        """Where the pointer is, or the upper middle when it is elsewhere."""
        place = self.viewport().mapFromGlobal(self.cursor().pos())
        area = self.viewport().rect()
        return place if area.contains(place) else QPoint(area.center().x(), area.height() // 3)

    # -- layers from the palette -----------------------------------------------------------------------

    def carry(self, layer: Layer | KeptBlock | None) -> None:
        """Take a layer or a block in hand; it appears as soon as the pointer is over the canvas."""
        self.finish()
        self._carried = layer

    def drop_moved(self, at: QPoint) -> None:
        """The layer in hand is at a global position."""
        if self._carried is None:
            return
        place = self.viewport().mapFromGlobal(at)
        if not self.viewport().rect().contains(place):
            self.finish()
        elif self._gesture is None:
            at, carried = self.mapToScene(place), self._carried
            if isinstance(carried, KeptBlock):
                self._begin(BlockGesture(self, at, carried))
            else:
                self._begin(DropGesture(self, at, carried))
        else:
            self._gesture.move(self.mapToScene(place), Qt.KeyboardModifier.NoModifier)

    def drop_released(self, at: QPoint) -> None:
        """The layer in hand was let go at a global position."""
        self.drop_moved(at)
        self._carried = None
        if isinstance(self._gesture, DropGesture | BlockGesture):
            self._release(self.mapToScene(self.viewport().mapFromGlobal(at)), Qt.KeyboardModifier.NoModifier)
            self.setFocus()

    def drop_cancelled(self) -> None:
        """The layer in hand was put back."""
        self.carry(None)

    # -- mouse -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin the gesture that fits what lies under the pointer."""
        self.say("")
        self.glide.end()
        if self._gesture is not None:
            self.finish()
            return
        at = self.mapToScene(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._begin(PanGesture(self, at))
        elif left:
            self._begin(gesture_for(self, self.canvas.spot(at, self.zoom), at, event.modifiers()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or mark what lies under the pointer."""
        place = event.position().toPoint()
        if self._gesture is not None:
            self._gesture.move(self.mapToScene(place), event.modifiers())
        else:
            self._point(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture that a button began."""
        if self._gesture is not None and self._gesture.held:
            self._release(self.mapToScene(event.position().toPoint()), event.modifiers())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom towards the pointer, or scroll with two fingers."""
        if navigation.turn_wheel(self, event):
            self.zoom_changed.emit(self.zoom)
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips, pinching, and the pointer leaving."""
        kind = event.type()
        if kind == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tooltip(event)
            return True
        if kind == QEvent.Type.NativeGesture and isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_to(self.zoom * (1 + event.value()), event.position().toPoint())
            return True
        if kind == QEvent.Type.Leave:
            self.canvas.show_spot(Spot())
        return bool(super().viewportEvent(event))

    def zoom_to(self, zoom: float, at: QPoint | None = None) -> None:
        """Zoom between 10 % and 400 %; the point under ``at`` (the middle unless given) stays."""
        if navigation.zoom_to(self, zoom, at):
            self.zoom_changed.emit(self.zoom)

    @property
    def middle(self) -> QPointF:
        """The point of the scene in the middle of the view."""
        return self.mapToScene(self.viewport().rect().center())

    def stand_at(self, zoom: float, middle: QPointF) -> None:
        """Look at a point of the scene from some distance."""
        self.zoom_to(zoom)
        self.centerOn(middle)

    def zoom_in(self) -> None:
        """Come closer."""
        self.zoom_to(self.zoom * _ZOOM_STEP)

    def zoom_out(self) -> None:
        """Step back."""
        self.zoom_to(self.zoom / _ZOOM_STEP)

    def zoom_reset(self) -> None:
        """Show everything at 100 %."""
        self.zoom_to(1.0)

    def _show_tooltip(self, event: QHelpEvent) -> None:
        text = "" if self._gesture else tooltip(self.canvas, self.canvas.spot(self.mapToScene(event.pos()), self.zoom))
        if text:
            QToolTip.showText(event.globalPos(), text, self.viewport())
        else:
            QToolTip.hideText()

    def _point(self, place: QPoint) -> None:
        """Mark what the pointer is on, and choose its picture."""
        inside = self.viewport().rect().contains(place)
        spot = self.canvas.spot(self.mapToScene(place), self.zoom) if inside else Spot()
        self.canvas.show_spot(spot)
        cursor = Qt.CursorShape.OpenHandCursor if self._space else cursor_for(spot)
        if self.viewport().cursor().shape() != cursor:
            self.viewport().setCursor(cursor)

    # -- keys that are held, and giving up ----------------------------------------------------------

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space was let go."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(False)
        else:
            super().keyReleaseEvent(event)

    def _hold_space(self, held: bool) -> None:
        self._space = held
        if self.gesture is None:
            self._point(self._pointer())

    def _escape(self) -> None:
        self.say("")
        if self.gesture is not None:
            self.finish()
        else:
            self.selection.clear()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys that are let go elsewhere are not heard of here."""
        super().focusOutEvent(event)
        self._hold_space(False)

    # -- drawing -----------------------------------------------------------------------------------------

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The ground with its grid."""
        self.canvas.painter.background(painter, QRectF(rect), self.zoom)
