"""How everything on the canvas looks; the only module that draws.

Three levels of detail: everything from half size on, names only below, coloured blocks in the far distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from designer.canvas.geometry import NODE_HEIGHT, PORT_RADIUS, RADIUS, Guide, NodeBox, WireShape
from designer.canvas.look import SHARED, FaultLook, NodeLook
from designer.canvas.pens import pen_of
from designer.canvas.stamps import Stamps
from designer.icons import icon
from designer.text import tr
from designer.theme import Theme, current_theme, ui_font

#: Below this zoom only names are drawn, below the second not even those.
FULL, NAMES = 0.5, 0.26
GRID_STEP = 24
FAULT_WIDTH = 260.0
#: Widths of notes where there is less room.
FAULT_WIDTHS = (FAULT_WIDTH, 215.0, 170.0)
_FAULT_PAD, _BUTTON_HEIGHT, _BAND = 10.0, 24.0, 4.0
#: Shortened texts and widths that are kept.
_KEPT = 600


@dataclass(frozen=True)
class NodeState:
    """What the pointer and the selection do to a node.

    Attributes:
        selected, hovered: as they say.
        linked: it shares its weights with a selected one.
        dimmed: it cannot take the wire that is being dragged.
        glows: input (or, for a wire dragged backwards, output) ports that can.
        hot: the port that would take it, or that is under the pointer.
    """

    selected: bool = False
    hovered: bool = False
    linked: bool = False
    dimmed: bool = False
    glows: frozenset[tuple[str, str]] = frozenset()
    hot: tuple[str, str] | None = None


@dataclass(frozen=True)
class WireState:
    """What the pointer and the selection do to a wire."""

    selected: bool = False
    hovered: bool = False
    dimmed: bool = False


class CanvasPainter:
    """Draws nodes, wires, notes and the sketches of gestures in the colours of a theme."""

    def __init__(self, theme: Theme | None = None) -> None:
        self._stamps = Stamps()
        self._short: dict[tuple[str, float, bool], str] = {}
        self._widths: dict[str, float] = {}
        self.name_font = _font(13, strong=True)
        self.far_font = _font(22, strong=True)
        self.small_font = _font(11)
        self._small = QFontMetricsF(self.small_font)
        self._names = {False: QFontMetricsF(self.name_font), True: QFontMetricsF(self.far_font)}
        self.theme = theme or current_theme()

    def dress(self, theme: Theme) -> None:
        """Take the colours of another theme."""
        self.theme = theme
        self._stamps.clear()

    # -- nodes ---------------------------------------------------------------------------------

    def node(self, painter: QPainter, box: NodeBox, look: NodeLook, state: NodeState, zoom: float) -> None:
        """A node's card with its ports, in its own coordinates."""
        rect = box.rect
        key = (look.category, look.severity, state, rect.width(), rect.height(), box.inputs, box.outputs, look.taken)
        place = rect.adjusted(-12, -12, 12, 12)
        self._stamps.draw(painter, key, place, zoom, lambda onto: self._blank(onto, box, look, state, zoom))
        if zoom >= NAMES:
            self._writing(painter, rect, QColor(self.theme.category(look.category)), look, zoom)
        if zoom >= FULL:
            self._open_shapes(painter, box, look)

    def _open_shapes(self, painter: QPainter, box: NodeBox, look: NodeLook) -> None:
        """Under an output that leads nowhere: what it gives."""
        painter.setFont(self.small_font)
        painter.setPen(QColor(self.theme.muted))
        for port in look.outputs:
            if port.shape:
                place = self.label_rect(port.shape, box.output_point(port.name) + QPointF(0, 18))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, port.shape)

    def _blank(self, painter: QPainter, box: NodeBox, look: NodeLook, state: NodeState, zoom: float) -> None:
        """All of a node but its words: alike for many nodes."""
        self._card(painter, box.rect, QColor(self.theme.category(look.category)), look, state, zoom)
        if zoom < NAMES:
            return
        for port, (name, _) in zip(look.inputs, box.inputs, strict=True):
            self._port(painter, box.input_centre(name), box.input_width(name), port.wires > 0, state, ("input", name))
        for port in look.outputs:
            point = box.output_point(port.name)
            self._port(painter, point, 2 * PORT_RADIUS, port.wires > 0, state, ("output", port.name))
        if look.severity:
            self._exclamation(painter, box.rect.topRight() + QPointF(-3, 3), look.severity)

    def _card(
        self, painter: QPainter, rect: QRectF, category: QColor, look: NodeLook, state: NodeState, zoom: float
    ) -> None:
        theme = self.theme
        if zoom >= FULL:
            self._shadow(painter, rect)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.surface) if zoom >= NAMES else _mixed(theme.surface, category, 0.45))
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
        outline = QPainterPath()
        outline.addRoundedRect(rect, RADIUS, RADIUS)
        band = QPainterPath()
        band.addRect(QRectF(rect.left(), rect.top(), _BAND if zoom >= FULL else 2 * _BAND, rect.height()))
        painter.fillPath(outline.intersected(band), category)
        color, width = QColor(theme.line), 1.0
        if state.hovered:
            color = QColor(theme.control)
        if look.severity:
            color, width = QColor(self._severity(look.severity)), 1.5
        if state.linked or state.selected:
            color, width = QColor(theme.accent), 2.0 if state.selected else 1.2
        painter.setPen(QPen(color, width if zoom >= FULL else width * 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, RADIUS, RADIUS)

    def _shadow(self, painter: QPainter, rect: QRectF) -> None:
        color = QColor(self.theme.shadow)
        painter.setPen(Qt.PenStyle.NoPen)
        for spread, alpha in ((3.0, 10), (1.5, 14)) if not self.theme.is_dark else ((3.0, 40), (1.5, 50)):
            color.setAlpha(alpha)
            painter.setBrush(color)
            painter.drawRoundedRect(rect.adjusted(-spread, 2 - spread, spread, 2 + spread), RADIUS + 2, RADIUS + 2)

    def _writing(self, painter: QPainter, rect: QRectF, category: QColor, look: NodeLook, zoom: float) -> None:
        far = zoom < FULL
        size = 30 if far else 22
        middle = rect.top() + NODE_HEIGHT / 2
        self._icon(painter, look.icon, category, QRectF(rect.left() + 16, middle - size / 2, size, size), zoom)
        left, right = rect.left() + (56 if far else 50), rect.right() - 14
        painter.setFont(self.far_font if far else self.name_font)
        painter.setPen(QColor(self.theme.text))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if far:
            line = QRectF(left, rect.top(), right - left, NODE_HEIGHT)
            painter.drawText(line, flags, self._elided(look.name, line.width(), far=True))
            return
        line = QRectF(left, middle - 20, right - left - (12 if look.severity else 0), 20)
        for mark in look.marks:
            line.setRight(line.right() - 16)
            self._icon(painter, mark, QColor(self.theme.muted), QRectF(line.right() + 2, middle - 17, 14, 14), zoom)
            if mark == SHARED and look.kin:
                width = self._small.horizontalAdvance(look.kin) + 3
                line.setRight(line.right() - width)
                self._letter(painter, look.kin, QRectF(line.right() + 2, middle - 19, width, 18))
        painter.drawText(line, flags, self._elided(look.name, line.width()))
        painter.setFont(self.small_font)
        painter.setPen(QColor(self.theme.muted))
        line = QRectF(left, middle + 1, right - left, 18)
        line.setRight(self._right_side(painter, line, look))
        said = look.badge or look.title
        painter.drawText(line, flags, self._small.elidedText(said, Qt.TextElideMode.ElideRight, line.width()))

    def _letter(self, painter: QPainter, text: str, place: QRectF) -> None:
        painter.save()
        painter.setFont(self.small_font)
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def _right_side(self, painter: QPainter, line: QRectF, look: NodeLook) -> float:
        """At the right of the badge: the number of weights, or that they are fresh; returns where there is room to."""
        text = tr("untrained") if look.untrained else look.count
        if not text:
            return line.right()
        width = self._small.horizontalAdvance(text)
        if not look.untrained:
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            return line.right() - width - 10
        pill = QRectF(line.right() - width - 8, line.top() + 0.5, width + 12, line.height() - 1)
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(QColor(self.theme.raised))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        return pill.left() - 6

    def name_rect(self, box: NodeBox) -> QRectF:
        """Where a node's name stands (double-clicks there rename)."""
        return QRectF(box.rect.left() + 46, box.rect.top() + 8, box.rect.width() - 56, 26)

    def _elided(self, text: str, width: float, far: bool = False) -> str:
        key = (text, width, far)
        if key not in self._short:
            if len(self._short) >= _KEPT:
                self._short.clear()
            self._short[key] = self._names[far].elidedText(text, Qt.TextElideMode.ElideMiddle, width)
        return self._short[key]

    def _icon(self, painter: QPainter, name: str, color: QColor, rect: QRectF, zoom: float) -> None:
        size = max(1, round(rect.width() * zoom * painter.device().devicePixelRatioF()))

        def draw(onto: QPainter) -> None:
            onto.drawPixmap(rect, icon(name, color.name()).pixmap(QSize(size, size), 1.0), QRectF(0, 0, size, size))

        self._stamps.draw(painter, ("icon", name, color.name(), rect.width()), rect, zoom, draw)

    def _port(
        self, painter: QPainter, at: QPointF, width: float, taken: bool, state: NodeState, port: tuple[str, str]
    ) -> None:
        theme = self.theme
        hot, glows = state.hot == port, port in state.glows
        if hot or glows:
            halo = QColor(theme.accent)
            halo.setAlpha(90 if hot else 45)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(halo)
            _capsule(painter, at, width + 10, 2 * PORT_RADIUS + 10)
        painter.setPen(QPen(QColor(theme.accent if hot or glows else theme.control), 1.5))
        painter.setBrush(QColor(theme.accent if hot else theme.control if taken else theme.surface))
        _capsule(painter, at, width - 2, 2 * PORT_RADIUS - 2)

    def _exclamation(self, painter: QPainter, at: QPointF, severity: str) -> None:
        painter.setPen(QPen(QColor(self.theme.canvas), 2))
        painter.setBrush(QColor(self._severity(severity)))
        painter.drawEllipse(at, 10, 10)
        painter.setFont(self.name_font)
        painter.setPen(QColor(self.theme.surface))
        painter.drawText(QRectF(at.x() - 10, at.y() - 10, 20, 20), Qt.AlignmentFlag.AlignCenter, "!")

    def _severity(self, severity: str) -> str:
        return self.theme.error if severity == "error" else self.theme.warning

    # -- wires ---------------------------------------------------------------------------------

    def wire(
        self, painter: QPainter, shape: WireShape, label: str, at: QPointF | None, state: WireState, zoom: float
    ) -> None:
        """A wire, with the shape that flows through it written at a point of it."""
        color, width = self.theme.control, 2.0
        if state.hovered:
            color, width = self.theme.muted, 2.5
        if state.selected:
            color, width = self.theme.accent, 3.0
        painter.strokePath(shape.path, pen_of(color, width if zoom >= FULL else width * 1.5))
        if at is not None and zoom >= FULL:
            self._pill(painter, label, at, zoom, state.hovered or state.selected)

    def label_rect(self, label: str, middle: QPointF) -> QRectF:
        """The place of a wire's label."""
        width = self._widths.get(label)
        if width is None:
            if len(self._widths) >= _KEPT:
                self._widths.clear()
            width = self._widths[label] = self._small.horizontalAdvance(label) + 16
        return QRectF(middle.x() - width / 2, middle.y() - 9, width, 18)

    def _pill(self, painter: QPainter, text: str, middle: QPointF, zoom: float, strong: bool) -> None:
        rect = self.label_rect(text, middle)

        def draw(onto: QPainter) -> None:
            onto.setFont(self.small_font)
            onto.setPen(QPen(QColor(self.theme.control if strong else self.theme.line), 1))
            onto.setBrush(QColor(self.theme.canvas))
            onto.drawRoundedRect(rect, 9, 9)
            onto.setPen(QColor(self.theme.text if strong else self.theme.muted))
            onto.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

        self._stamps.draw(painter, ("pill", text, strong), rect.adjusted(-1, -1, 1, 1), zoom, draw)

    # -- notes beside faulty nodes ---------------------------------------------------------------

    def fault_size(self, look: FaultLook, width: float = FAULT_WIDTH) -> QSize:
        """How much room a note needs that is at most this wide."""
        inner = width - 2 * _FAULT_PAD - 8
        text = self._small.boundingRect(QRectF(0, 0, inner, 400), int(Qt.TextFlag.TextWordWrap), look.text)
        height = text.height() + 2 * _FAULT_PAD + (_BUTTON_HEIGHT + 8 if look.fix else 0)
        used = max(text.width(), self._small.horizontalAdvance(look.fix) + 24 if look.fix else 0.0)
        return QSize(round(min(width, used + 2 * _FAULT_PAD + 8)), round(height))

    def fix_rect(self, look: FaultLook, rect: QRectF) -> QRectF:
        """The button in a note; empty when nothing is offered."""
        if not look.fix:
            return QRectF()
        left = rect.left() + _FAULT_PAD + 6
        width = min(self._small.horizontalAdvance(look.fix) + 24, rect.right() - _FAULT_PAD - left)
        return QRectF(left, rect.bottom() - _FAULT_PAD - _BUTTON_HEIGHT, width, _BUTTON_HEIGHT)

    def fault(self, painter: QPainter, rect: QRectF, look: FaultLook, pressed: bool, hovered: bool) -> None:
        """A note: the sentence, and a button that mends it."""
        theme = self.theme
        ground = QColor(theme.error_ground if look.severity == "error" else theme.warning_ground)
        edge = QColor(self._severity(look.severity))
        painter.setPen(QPen(_mixed(ground.name(), edge, 0.35), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, 8, 8)
        painter.setPen(QColor(theme.text))
        painter.setFont(self.small_font)
        inner = rect.adjusted(_FAULT_PAD + 6, _FAULT_PAD, -_FAULT_PAD + 2, -_FAULT_PAD)
        painter.drawText(inner, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop), look.text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(edge)
        painter.drawRoundedRect(QRectF(rect.left() + 6, rect.top() + 9, 3, rect.height() - 18), 1.5, 1.5)
        button = self.fix_rect(look, rect)
        if not button.isEmpty():
            painter.setPen(QPen(QColor(theme.accent if hovered else theme.control), 1))
            painter.setBrush(QColor(theme.pressed if pressed else theme.hover if hovered else theme.surface))
            painter.drawRoundedRect(button, 6, 6)
            painter.setPen(QColor(theme.text))
            text = self._small.elidedText(look.fix, Qt.TextElideMode.ElideRight, button.width() - 16)
            painter.drawText(button, Qt.AlignmentFlag.AlignCenter, text)

    # -- sketches of gestures --------------------------------------------------------------------

    def loose_wire(self, painter: QPainter, shape: WireShape, sure: bool) -> None:
        """A wire that is being dragged; solid where it would hold."""
        pen = QPen(QColor(self.theme.accent), 2.5 if sure else 2)
        if not sure:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape.path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.accent))
        painter.drawEllipse(shape.end, 4, 4)

    def guides(self, painter: QPainter, guides: Sequence[Guide]) -> None:
        """Thin lines along which a moving node is aligned."""
        painter.setPen(QPen(QColor(self.theme.accent), 0))
        for guide in guides:
            painter.drawLine(guide.start, guide.end)

    def rubber_band(self, painter: QPainter, rect: QRectF) -> None:
        """The frame with which nodes are caught."""
        color = QColor(self.theme.accent)
        painter.setPen(QPen(color, 0))
        color.setAlpha(28)
        painter.setBrush(color)
        painter.drawRect(rect)

    def ghost(self, painter: QPainter, box: NodeBox, look: NodeLook, zoom: float) -> None:
        """A node that is not there yet."""
        painter.setOpacity(0.85)
        self.node(painter, box, look, NodeState(selected=True), max(zoom, FULL))
        painter.setOpacity(1.0)

    def background(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """The ground with a quiet grid of dots, never dense."""
        painter.fillRect(exposed, QColor(self.theme.canvas))
        step = GRID_STEP
        while step * zoom < 18:
            step *= 2
        left, top = exposed.left() // step * step, exposed.top() // step * step
        columns, rows = int(exposed.width() // step) + 2, int(exposed.height() // step) + 2
        size = 2.0 / zoom
        painter.save()
        # Squares on whole pixels: antialiased dots would cost ten times as much.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.grid))
        for row in range(rows):
            y = top + row * step
            painter.drawRects([QRectF(left + column * step, y, size, size) for column in range(columns)])
        painter.restore()


def _font(pixels: int, *, strong: bool = False) -> QFont:
    font = ui_font(strong=strong)
    # Pixels, not points: the card's layout is in canvas units and must not depend on the screen's resolution.
    font.setPixelSize(pixels)
    return font


def _capsule(painter: QPainter, middle: QPointF, width: float, height: float) -> None:
    rect = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
    painter.drawRoundedRect(rect, height / 2, height / 2)


def _mixed(ground: str, color: QColor, share: float) -> QColor:
    base = QColor(ground)
    parts = zip((base.red(), base.green(), base.blue()), (color.red(), color.green(), color.blue()), strict=True)
    return QColor(*(round(a + (b - a) * share) for a, b in parts))
