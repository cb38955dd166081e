"""Lets nodes glide from where they were to where the document has them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QPointF, QVariantAnimation
from PySide6.QtWidgets import QStyle, QWidget

from designer.canvas.scene import CanvasScene
from engine.graph import Position

#: How long it takes (ms).
DURATION = 200
#: With more nodes on the way, they are at their new places at once.
MOST = 300


class Glide(QVariantAnimation):
    """A short way for the eye. The document has changed before it begins; whatever happens next ends it.

    Args:
        canvas: whose nodes glide.
        widget: whose style tells whether animations are wanted at all.
    """

    def __init__(self, canvas: CanvasScene, widget: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._widget = widget
        self._ways: dict[str, tuple[QPointF, QPointF]] = {}
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self.setDuration(DURATION)
        self.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.valueChanged.connect(self._show)
        self.finished.connect(self._arrive)
        canvas.document.changed.connect(self.end)

    @property
    def is_gliding(self) -> bool:
        """Whether nodes are on their way."""
        return self.state() is QAbstractAnimation.State.Running

    def begin(self, before: Mapping[str, Position]) -> None:
        """Show nodes on their way from former places to their own."""
        nodes = self._canvas.document.project.graph.nodes
        ways = {key: (QPointF(*place), QPointF(*nodes[key].position)) for key, place in before.items()}
        self._ways = {key: way for key, way in ways.items() if way[0] != way[1]}
        wanted = self._widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self._widget)
        if self._ways and len(self._ways) <= MOST and wanted > 0:
            self.start()

    def end(self, _diff: object = None) -> None:
        """Let all arrive at once."""
        if self.is_gliding:
            self.stop()
            self._arrive()

    def _show(self, share: float) -> None:
        self._canvas.show_at({key: start + (end - start) * share for key, (start, end) in self._ways.items()})

    def _arrive(self) -> None:
        self._ways = {}
        self._canvas.end_preview()
