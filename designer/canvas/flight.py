"""Lets the view glide to another place, so that the eye keeps hold of where it is."""

from __future__ import annotations

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QEvent, QObject, QPointF, QVariantAnimation
from PySide6.QtWidgets import QStyle

from designer.canvas import navigation
from designer.canvas.glide import DURATION
from designer.canvas.stage import CanvasStage

_ENDING = (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.NativeGesture)


class Flight(QVariantAnimation):
    """A short way of the view. A press or the wheel ends it where it is.

    Args:
        stage: the view that moves.
    """

    def __init__(self, stage: CanvasStage) -> None:
        super().__init__(stage)
        self._stage = stage
        self._from, self._to = (QPointF(), 1.0), (QPointF(), 1.0)
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setDuration(DURATION)
        self.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.valueChanged.connect(self._show)
        stage.viewport().installEventFilter(self)

    @property
    def is_flying(self) -> bool:
        """Whether the view is on its way."""
        return self.state() is QAbstractAnimation.State.Running

    @property
    def here(self) -> tuple[QPointF, float]:
        """The middle of the view on the scene, and its zoom."""
        stage = self._stage
        return stage.mapToScene(stage.viewport().rect().center()), stage.zoom

    def go(self, centre: QPointF, zoom: float) -> None:
        """Show a place, after a short way unless animations are not wanted."""
        self.stop()
        stage = self._stage
        self._from, self._to = self.here, (centre, max(navigation.SMALLEST, min(navigation.LARGEST, zoom)))
        if stage.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, stage) > 0:
            self.start()
        else:
            self._show(1.0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Who takes hold of the view has it."""
        if self.is_flying and event.type() in _ENDING:
            self.stop()
        return super().eventFilter(watched, event)

    def _show(self, share: float) -> None:
        (start, first), (end, last) = self._from, self._to
        # Equal steps of the zoom look equal when they are equal factors.
        self._stage.zoom_to(last if share == 1.0 else first * (last / first) ** share)
        self._stage.centerOn(start + (end - start) * share)
