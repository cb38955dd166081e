"""Zooming and scrolling of a graphics view."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QInputDevice, Qt, QTransform, QWheelEvent
from PySide6.QtWidgets import QGraphicsView

SMALLEST, LARGEST = 0.1, 4.0
#: Zoom of one notch of a mouse wheel (120 units), to the power of the units turned.
_PER_UNIT = 1.0015
_MARGIN = 56.0
#: About what cannot be shown whole.
_LEAST_MARGIN = 32.0


def zoom_of(view: QGraphicsView) -> float:
    """Pixels for each canvas unit."""
    return view.transform().m11()


def zoom_to(view: QGraphicsView, zoom: float, at: QPoint | None = None) -> bool:
    """Zoom so that the point under ``at`` (the middle unless given) stays; whether it changed."""
    wanted = max(SMALLEST, min(LARGEST, zoom))
    if math.isnan(zoom) or abs(wanted - zoom_of(view)) < 1e-9:
        return False
    place = at if at is not None else view.viewport().rect().center()
    kept = view.mapToScene(place)
    view.setTransform(QTransform.fromScale(wanted, wanted))
    scroll_by(view, QPointF(place - view.mapFromScene(kept)))
    return True


def scroll_by(view: QGraphicsView, pixels: QPointF) -> None:
    """Move the picture by some pixels."""
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().value() - round(pixels.x()))
    view.verticalScrollBar().setValue(view.verticalScrollBar().value() - round(pixels.y()))


def fit(view: QGraphicsView, content: QRectF, least: float = SMALLEST, first: QRectF | None = None) -> None:
    """Show a rectangle, never larger than life and if possible whole; an empty one at 100 %.

    Args:
        view: where.
        content: what.
        least: the smallest zoom.
        first: the part of the content to show in any case, when that zoom leaves no room for all of it.
    """
    if content.isEmpty():
        view.setTransform(QTransform())
        view.centerOn(QPointF())
        return
    area = view.viewport().rect()
    wide, high = max(1.0, area.width() - 2 * _MARGIN), max(1.0, area.height() - 2 * _MARGIN)
    zoom = max(least, min(1.0, wide / content.width(), high / content.height()))
    view.setTransform(QTransform.fromScale(zoom, zoom))
    shown, margin = first or content, _LEAST_MARGIN / zoom
    half_width, half_height = area.width() / 2 / zoom - margin, area.height() / 2 / zoom - margin
    view.centerOn(
        _placed(shown.center().x(), half_width, content.left(), content.right()),
        _placed(shown.top() + half_height, half_height, content.top(), content.bottom()),
    )


def _placed(wanted: float, half: float, low: float, high: float) -> float:
    """The middle of a window of some half width over a range: centred when all fits, else within the range."""
    return (low + high) / 2 if high - low <= 2 * half else min(max(wanted, low + half), high - half)


def turn_wheel(view: QGraphicsView, event: QWheelEvent) -> bool:
    """A wheel zooms towards the pointer, two fingers scroll; Ctrl always zooms. Returns whether it zoomed."""
    turned = event.angleDelta()
    modifiers = event.modifiers()
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return zoom_to(view, zoom_of(view) * _PER_UNIT ** turned.y(), event.position().toPoint())
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        scroll_by(view, QPointF(turned.y() or turned.x(), 0))
        return False
    if _is_touch(event):
        pixels = event.pixelDelta()
        scroll_by(view, QPointF(pixels if not pixels.isNull() else turned))
        return False
    return zoom_to(view, zoom_of(view) * _PER_UNIT ** turned.y(), event.position().toPoint())


def _is_touch(event: QWheelEvent) -> bool:
    pad = event.device().type() == QInputDevice.DeviceType.TouchPad
    return pad or not event.pixelDelta().isNull() or event.angleDelta().x() != 0
