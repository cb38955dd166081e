"""What differs from another network, marked where it stands, with a strip that explains the marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy

from designer.canvas.cards import Cards
from designer.canvas.geometry import NODE_HEIGHT, NODE_WIDTH, RADIUS
from designer.canvas.view import CanvasView
from designer.icons import icon
from designer.model.comparison import Comparison, compared
from designer.model.diff import Diff
from designer.text import plain_tip, tr
from designer.theme import Theme, current_theme, plain_label, set_kind, ui_font
from engine.project import Project

#: Distance from the corner (px); how far a mark stands off its layer, size of its badge, and the way from a ghost
#: to the place beside it (canvas units).
_EDGE, _OFF, _BADGE, _STEP = 12, 4.0, 20.0, 32.0
_MARKS = "difference"
#: So many of the removed layers are drawn, and so far one steps aside for others; the list tells of all.
GHOSTS, STEPS = 200, 50
#: The list is made anew this long after an edit (ms).
_LATE = 60


@dataclass(frozen=True)
class Mark:
    """One marked place.

    Attributes:
        kind: ``added``, ``changed`` or ``removed``.
        rect: of the layer, on the scene.
        name: written into what is no more.
    """

    kind: str
    rect: QRectF
    name: str = ""


#: By kind: the sign in the badge, the icon in the strip.
SIGNS = {
    "added": ("+", "plus-circle-outline"),
    "changed": ("~", "pencil-circle-outline"),
    "removed": ("−", "minus-circle-outline"),
}


class Difference(QFrame):
    """Marks added, changed and removed layers until somebody presses Done; the marks follow the editing.

    Args:
        canvas: in whose corner the strip stands.

    Attributes:
        listed: the list of all that differs is wanted.
        found: what differs now.
    """

    listed = Signal()

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._before: Project | None = None
        self.found = Comparison()
        self.setObjectName("difference")
        self.setAccessibleName(tr("What differs"))
        set_kind(self, "card")
        self._title = plain_label(kind="heading")
        self._title.setWordWrap(False)
        self._signs = {kind: QLabel() for kind in SIGNS}
        self._counts = {kind: plain_label(kind="small") for kind in SIGNS}
        list_all = _button("difference-list", tr("List"), tr("List all that differs, parameters and settings too."))
        done = _button("difference-done", tr("Done"), tr("Take the marks away."))
        list_all.clicked.connect(self.listed)
        done.clicked.connect(self.end)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(6)
        row.addWidget(self._title)
        for kind in SIGNS:
            row.addSpacing(6)
            row.addWidget(self._signs[kind])
            self._counts[kind].setWordWrap(False)
            row.addWidget(self._counts[kind])
        row.addSpacing(6)
        row.addWidget(list_all)
        row.addWidget(done)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._late = QTimer(self, singleShot=True, interval=_LATE)
        self._late.timeout.connect(self._compare)
        canvas.document.changed.connect(self._follow)
        canvas.installEventFilter(self)
        self.hide()

    @property
    def before(self) -> Project | None:
        """What the network is compared with; nothing while no marks are shown."""
        return self._before

    def begin(self, before: Project, name: str) -> None:
        """Mark what differs.

        Args:
            before: the older project.
            name: what it is called.
        """
        self._before = before
        self._title.setText(tr("Compared with {name}", name=name))
        self._title.setToolTip(plain_tip(name))
        self._compare()

    def end(self) -> None:
        """Take the marks away."""
        self._before = None
        self._late.stop()
        self._canvas.canvas.erase(_MARKS)
        self.hide()

    def marks(self) -> tuple[Mark, ...]:
        """What is marked, and where."""
        if self._before is None:
            return ()
        nodes = self._canvas.canvas.nodes
        kinds = [("added", key) for key in self.found.added] + [("changed", one.node) for one in self.found.changed]
        found = [Mark(kind, nodes[key].box.rect) for kind, key in kinds if key in nodes]
        taken = Cards(item.box.rect for item in nodes.values())
        for (name, _title), place in list(zip(self.found.removed, self.found.removed_at, strict=True))[:GHOSTS]:
            rect = _aside(QRectF(*place, NODE_WIDTH, NODE_HEIGHT), taken)
            taken.add(rect)
            found.append(Mark("removed", rect, name))
        return tuple(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the canvas's corner."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and getattr(self, "_before", None) is not None:
            self._show_marks()

    def _follow(self, diff: Diff) -> None:
        if self._before is None:
            return
        if diff.everything:  # another project
            self.end()
        elif diff == Diff(moved=diff.moved):
            self._show_marks()
        else:
            self._late.start()

    def _compare(self) -> None:
        if self._before is not None:
            self.found = compared(self._before, self._canvas.document.project)
            self._show_marks()

    def _show_marks(self) -> None:
        marks, theme = self.marks(), current_theme()
        colors = _colors(theme)
        for kind, (_sign, picture) in SIGNS.items():
            drawn = sum(mark.kind == kind for mark in marks)
            count = len(self.found.removed) if kind == "removed" else drawn
            self._signs[kind].setPixmap(icon(picture, colors[kind]).pixmap(16, 16))
            self._counts[kind].setText(_told(kind, count))
            few = tr("Only the first {n} of them are drawn; List tells of all.", n=drawn)
            self._counts[kind].setToolTip(few if drawn < count else "")
        self._place()
        self.show()
        self.raise_()
        bounds = QRectF()
        for mark in marks:
            bounds = bounds.united(mark.rect.adjusted(-_BADGE, -_BADGE, _BADGE, _BADGE))
        self._canvas.canvas.sketch(_MARKS, bounds, lambda painter, zoom: _paint(painter, zoom, marks, theme))

    def _place(self) -> None:
        self.adjustSize()
        self.move(_EDGE, self._canvas.height() - self.height() - _EDGE)


def _aside(rect: QRectF, taken: Cards) -> QRectF:
    """Where a ghost stands: in its place, or right of the cards that stand there."""
    step = rect.width() + _STEP
    # From left to right: what has been passed can't be met again, so one look at each is enough.
    for other in sorted(taken.near(rect.adjusted(0, 0, STEPS * step, 0)), key=QRectF.left):
        while rect.intersects(other):
            rect = rect.translated(step, 0)
    return rect


def _told(kind: str, count: int) -> str:
    if kind == "added":
        return tr("{n} added", n=count)
    return tr("{n} removed", n=count) if kind == "removed" else tr("{n} changed", n=count)


def _colors(theme: Theme) -> dict[str, str]:
    return {"added": theme.success, "changed": theme.warning, "removed": theme.error}


def _paint(painter: QPainter, zoom: float, marks: Sequence[Mark], theme: Theme) -> None:
    """Frames with badges; signs and broken lines tell the kinds apart without colours."""
    colors = _colors(theme)
    for mark in marks:
        color, rect = QColor(colors[mark.kind]), mark.rect.adjusted(-_OFF, -_OFF, _OFF, _OFF)
        pen = QPen(color, max(2.0, 1.5 / zoom))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if mark.kind == "removed":
            pen.setStyle(Qt.PenStyle.DashLine)
            ground = QColor(theme.surface)
            ground.setAlpha(200)
            painter.setBrush(ground)
        painter.setPen(pen)
        painter.drawRoundedRect(rect, RADIUS + _OFF, RADIUS + _OFF)
        _write(painter, mark, theme)
        place = QRectF(QPointF(), QRectF(0, 0, _BADGE, _BADGE).size())
        place.moveCenter(rect.topLeft() + QPointF(6, 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(place)
        painter.setFont(ui_font(11, strong=True))
        painter.setPen(QColor(theme.surface))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, SIGNS[mark.kind][0])


def _write(painter: QPainter, mark: Mark, theme: Theme) -> None:
    if mark.name:
        font = ui_font(10)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        room = mark.rect.width() - 2 * _BADGE
        text = QFontMetricsF(font).elidedText(mark.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(mark.rect, Qt.AlignmentFlag.AlignCenter, text)


def _button(name: str, text: str, tip: str) -> QPushButton:
    made = QPushButton(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    set_kind(made, "quiet" if name.endswith("list") else "normal")
    return made
