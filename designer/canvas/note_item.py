"""A note or a frame on the scene, behind wires and nodes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from designer.canvas.holding import place_of
from designer.canvas.painter import FULL, NAMES, CanvasPainter
from designer.model.searching import first_line
from engine.sketch import Note

#: Space about the text, height of a frame's title strip, side of the corner by which one takes hold of the size.
PAD, TITLE, GRIP = 12.0, 28.0, 16.0
#: Notes lie above the frames of groups, frames below those.
Z_NOTE, Z_FRAME = -0.5, -20.0
_CORNER = 8.0
#: Characters of a frame's title that are looked at when it is drawn.
_TITLE_SHOWN = 120
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class NoteItem(QGraphicsItem):
    """One note; it knows what it shows and how to draw it, nothing else.

    Args:
        painter: whose fonts and colours are used.
        note: what is shown.
    """

    def __init__(self, painter: CanvasPainter, note: Note) -> None:
        super().__init__()
        self._painter = painter
        self._note = note
        self._rect = place_of(note)
        self._selected = self._hovered = False
        self._lines: dict[bool, tuple[str, ...]] = {}
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # else all of it counts as exposed

    @property
    def note(self) -> Note:
        """What it shows."""
        return self._note

    @property
    def rect(self) -> QRectF:
        """Its place on the scene, as it is shown."""
        return self._rect.translated(self.pos())

    @property
    def strip(self) -> QRectF:
        """By what a frame is taken hold of; of a note all of it."""
        rect = self.rect
        return QRectF(rect.topLeft(), QSizeF(rect.width(), TITLE)) if self._note.frame else rect

    @property
    def is_selected(self) -> bool:
        """Whether it is shown as selected."""
        return self._selected

    def at_corner(self, point: QPointF, zoom: float) -> bool:
        """Whether a point is on the corner that changes the size."""
        reach = min(GRIP / min(1.0, zoom), self._rect.width() / 2, self._rect.height() / 2)
        corner = self.rect.bottomRight()
        return QRectF(corner - QPointF(reach, reach), QSizeF(reach, reach)).adjusted(0, 0, 3, 3).contains(point)

    def show_note(self, note: Note, order: int) -> None:
        """Show a note where the document has it, above those with a smaller number."""
        self.setPos(QPointF())
        self.setZValue((Z_FRAME if note.frame else Z_NOTE) + order * 1e-4)
        self.show_place(place_of(note))
        if note != self._note:
            self._note, self._lines = note, {}
            self.update()

    def show_place(self, rect: QRectF) -> None:
        """Show it elsewhere or in another size."""
        if rect != self._rect:
            self.prepareGeometryChange()
            if rect.size() != self._rect.size():
                self._lines = {}
            self._rect = rect
            self.update()

    def show_state(self, selected: bool, hovered: bool) -> None:
        """Show selection and pointer."""
        if (selected, hovered) != (self._selected, self._hovered):
            self._selected, self._hovered = selected, hovered
            self.update()

    def boundingRect(self) -> QRectF:
        """Qt's question how much may be painted."""
        return self._rect.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Qt's call to draw."""
        zoom = QStyleOptionGraphicsItem.levelOfDetailFromTransform(painter.worldTransform())
        theme = self._painter.theme
        draw_ground(painter, self._painter, self._note, self._rect, zoom)
        edge = QColor(theme.accent) if self._selected else self._edge(theme.control if self._hovered else "")
        painter.setPen(QPen(edge, (2.0 if self._selected else 1.0) * (1.0 if zoom >= FULL else 2.0)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self._rect, _CORNER, _CORNER)
        if zoom >= NAMES:
            painter.setPen(QColor(theme.text))
            if self._note.frame:
                self._draw_title(painter, zoom < FULL)
            else:
                self._draw_text(painter, zoom < FULL, option.exposedRect)
        if zoom >= FULL and (self._selected or self._hovered):
            self._draw_grip(painter)

    def _edge(self, wanted: str) -> QColor:
        theme = self._painter.theme
        ground = QColor(theme.notes[self._note.colour])
        return QColor(wanted) if wanted else ground.lighter(150) if theme.is_dark else ground.darker(113)

    def _draw_title(self, painter: QPainter, far: bool) -> None:
        font = self._painter.far_font if far else self._painter.name_font
        painter.setFont(font)
        place = QRectF(self._rect.topLeft(), QSizeF(self._rect.width(), TITLE)).adjusted(PAD, 0, -PAD, 0)
        if far not in self._lines:
            title = first_line(self._note.text, _TITLE_SHOWN)
            self._lines[far] = (QFontMetricsF(font).elidedText(title, Qt.TextElideMode.ElideRight, place.width()),)
        painter.drawText(place, _LEFT, self._lines[far][0])

    def _draw_text(self, painter: QPainter, far: bool, exposed: QRectF) -> None:
        """Draw the rows that are seen, and one more above and below: letters may reach out of theirs."""
        font = self._painter.far_font if far else text_font(self._painter)
        step, inner = QFontMetricsF(font).lineSpacing(), self._rect.adjusted(PAD, PAD - 2, -PAD, 2 - PAD)
        if far not in self._lines:
            self._lines[far] = broken(self._note.text, font, inner.width(), int(inner.height() / step))
        painter.setFont(font)
        first = max(0, int((exposed.top() - inner.top()) / step) - 1)
        end = max(first, int((exposed.bottom() - inner.top()) / step) + 2)
        for row, line in enumerate(self._lines[far][first:end], first):
            painter.drawText(QRectF(inner.left(), inner.top() + row * step, inner.width(), step), _LEFT, line)

    def _draw_grip(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(self._painter.theme.muted), 1.2))
        corner = self._rect.bottomRight() - QPointF(4, 4)
        for length in (4.0, 9.0):
            painter.drawLine(corner - QPointF(length, 0), corner - QPointF(0, length))


def draw_ground(onto: QPainter, painter: CanvasPainter, note: Note, rect: QRectF, zoom: float) -> None:
    """The ground of a note; of a frame a veil below a strip for its title."""
    ground = QColor(painter.theme.notes[note.colour])
    onto.setPen(Qt.PenStyle.NoPen)
    outline = QPainterPath()
    outline.addRoundedRect(rect, _CORNER, _CORNER)
    if note.frame and zoom >= NAMES:
        strip = QPainterPath()
        strip.addRect(QRectF(rect.topLeft(), QSizeF(rect.width(), TITLE)))
        onto.fillPath(outline.intersected(strip), ground)
    if note.frame:
        ground.setAlpha(95)
    onto.fillPath(outline, ground)


def text_font(painter: CanvasPainter) -> QFont:
    """The font of notes: as large as the names of layers, but not strong."""
    font = QFont(painter.name_font)
    font.setWeight(QFont.Weight.Normal)
    return font


def height_of(text: str, painter: CanvasPainter, width: float, most: float) -> float:
    """The height of a note of some width that shows all of a text, at most a given one."""
    font = text_font(painter)
    step = QFontMetricsF(font).lineSpacing()
    rows = len(broken(text, font, width - 2 * PAD, int(most / step)))
    return min(most, rows * step + 2 * PAD)


def broken(text: str, font: QFont, width: float, rows: int) -> tuple[str, ...]:
    """The lines of a text, as many as there is room for; where more follow, the last one ends with an ellipsis."""
    found: list[str] = []
    for paragraph in text.split("\n"):
        for line in _lines_of(paragraph, font, width, rows + 1 - len(found)):
            if len(found) == rows:
                return _shortened(found, font, width)
            found.append(line)
        if len(found) > rows:
            break
    return tuple(found)


def _shortened(lines: list[str], font: QFont, width: float) -> tuple[str, ...]:
    if not lines:
        return ()
    last = QFontMetricsF(font).elidedText(lines[-1] + " …", Qt.TextElideMode.ElideRight, width)
    return (*lines[:-1], last)


def _lines_of(paragraph: str, font: QFont, width: float, most: int) -> list[str]:
    """The first lines of a paragraph; words that are wider than a line are broken anywhere."""
    if not paragraph.strip():
        return [""]
    found: list[str] = []
    layout = QTextLayout(paragraph, font)
    layout.setTextOption(_wrapping())
    layout.beginLayout()
    units = paragraph.encode("utf-16-le", "surrogatepass")  # Qt counts these, not characters
    while len(found) < most and (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        start = 2 * line.textStart()
        found.append(units[start : start + 2 * line.textLength()].decode("utf-16-le", "replace").rstrip())
    layout.endLayout()
    return found


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
