"""The layers of the network in a row, each with its channels in small."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QToolTip, QWidget

from designer.panels.inside.picture import image_of_codes
from designer.text import tr
from designer.theme import SMALL_SIZE, current_theme, ui_font
from designer.training.look import Anatomy
from designer.training.tiles import Tiles

#: A cell, its small picture, and the lines below it (px).
CELL, SIDE, LINE = 84, 46, 14
HEIGHT = SIDE + 2 * LINE + 8


class Strip(QWidget):
    """A cell per layer; a click or the arrow keys choose one.

    Attributes:
        chosen: emitted with the id of a layer.
        current: the layer that is chosen.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inside-strip")
        self.setAccessibleName(tr("Layers of the network"))
        self.setToolTip(tr("Every layer of the network, from the data to the answer. Click one to see it large."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.layers: tuple[str, ...] = ()
        self.current: str | None = None
        self._anatomy: Anatomy | None = None
        self._label: Mapping[str, str] = {}
        self._images: dict[str, QImage] = {}
        self._tiles: dict[str, Tiles] = {}

    def sizeHint(self) -> QSize:
        return QSize(max(1, len(self.layers)) * CELL, HEIGHT)

    def set_layers(self, anatomy: Anatomy | None, label: Mapping[str, str]) -> None:
        """Show another network."""
        if anatomy is self._anatomy and label == self._label:
            return
        self._anatomy, self._label = anatomy, dict(label)
        self.layers = anatomy.layers if anatomy is not None else ()
        self._images, self._tiles = {}, {}
        self.setFixedSize(self.sizeHint())
        self.update()

    def tell(self, tiles: Mapping[str, Tiles]) -> None:
        """Show what the layers put out."""
        for key, made in tiles.items():
            before = self._tiles.get(key)
            self._tiles[key] = made
            self._images[key] = image_of_codes(made.codes, made.signed)
            same = before is not None and _brief(before) == _brief(made)
            self.update(_room(self.cell(key)) if same else self.cell(key))

    def empty(self) -> None:
        """Forget what the layers put out; the network stays."""
        if self._tiles:
            self._images, self._tiles = {}, {}
            self.update()

    def choose(self, key: str | None) -> None:
        """Mark a layer."""
        if key != self.current:
            for changed in (self.current, key):
                self.update(self.cell(changed))
            self.current = key

    def cell(self, key: str | None) -> QRect:
        """Where a layer is drawn."""
        return QRect(self.layers.index(key) * CELL, 0, CELL, HEIGHT) if key in self.layers else QRect()

    def visible(self) -> tuple[str, ...]:
        """The layers that can be seen now."""
        seen = self.visibleRegion().boundingRect()
        return tuple(key for key in self.layers if self.cell(key).intersects(seen))

    # -- pointer and keys -----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().x()) // CELL
        if event.button() == Qt.MouseButton.LeftButton and 0 <= place < len(self.layers):
            self.chosen.emit(self.layers[place])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        place = self.layers.index(self.current) + step if self.current in self.layers else 0
        if step and 0 <= place < len(self.layers):
            self.chosen.emit(self.layers[place])
        elif not step:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tell about the layer under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = event.pos().x() // CELL
            if 0 <= place < len(self.layers):
                QToolTip.showText(event.globalPos(), self.words(self.layers[place]), self)
            return True
        return super().event(event)

    def words(self, key: str) -> str:
        """What there is to say about a layer."""
        shape = str(self._anatomy.inference.outputs[key][0]) if self._anatomy is not None else ""
        text = tr("{name}: puts out {shape}.", name=self._label.get(key, key), shape=shape)
        tiles = self._tiles.get(key)
        if tiles is not None:
            text += " " + zeros_text(tiles)
        return text + "\n" + tr("Click to see its channels large.")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    # -- drawing --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(ui_font(SMALL_SIZE - 0.5))
        for key in self.layers:
            cell = self.cell(key)
            if event.region().intersects(cell):
                self._paint_cell(painter, key, cell, event.region().intersects(_lines(cell)))
        painter.end()

    def _paint_cell(self, painter: QPainter, key: str, cell: QRect, with_text: bool) -> None:
        theme = current_theme()
        chosen = key == self.current
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.control), 1))
            painter.setBrush(QColor(theme.surface))
            painter.drawRoundedRect(QRectF(cell).adjusted(1.5, 0.5, -1.5, -0.5), 6, 6)
        image = self._images.get(key)
        room = _room(cell)
        if image is not None:
            size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(room.topLeft(), size.expandedTo(QSize(3, 3)))
            place.moveCenter(room.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > 2 * size.width())
            painter.drawImage(place, image)
        if with_text:
            self._paint_lines(painter, key, _lines(cell))

    def _paint_lines(self, painter: QPainter, key: str, area: QRect) -> None:
        theme, middle = current_theme(), Qt.AlignmentFlag.AlignHCenter
        text = QRect(area.left(), area.top(), area.width(), LINE)
        painter.setPen(QColor(theme.text))
        name = painter.fontMetrics().elidedText(self._label.get(key, key), Qt.TextElideMode.ElideMiddle, text.width())
        painter.drawText(text, middle, name)
        painter.setPen(QColor(theme.muted))
        tiles = self._tiles.get(key)
        if tiles is not None:
            painter.drawText(text.translated(0, LINE), middle, _brief(tiles))


class StripArea(QScrollArea):
    """The strip, scrolled sideways.

    Attributes:
        scrolled: emitted when other layers may have come into view.
    """

    scrolled = Signal()

    def __init__(self, strip: Strip) -> None:
        super().__init__()
        self.setObjectName("inside-strip-area")
        self.setWidget(strip)
        strip.setAutoFillBackground(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(HEIGHT + 12)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.horizontalScrollBar().valueChanged.connect(lambda _value: self.scrolled.emit())


def _room(cell: QRect) -> QRect:
    """Where a cell's picture is drawn."""
    return QRect(cell.center().x() - SIDE // 2, cell.top() + 4, SIDE, SIDE)


def _lines(cell: QRect) -> QRect:
    """Where a cell's two lines are drawn."""
    return QRect(cell.left() + 5, cell.top() + SIDE + 6, CELL - 10, 2 * LINE)


def zeros_text(tiles: Tiles) -> str:
    """How much of a layer is silent for this sample, as a sentence."""
    if not tiles.zeros:
        return tr("None of its numbers is zero.")
    said = tr("{share} of its numbers are zero", share=_percent(tiles.zeros))
    silent = int(tiles.silent.sum())
    if silent and tiles.values.shape[0] * tiles.values.shape[1] > 1 and tiles.silent.size > 1:
        return said + tr("; {count} of {all} channels are silent.", count=silent, all=tiles.silent.size)
    return said + "."


def _brief(tiles: Tiles) -> str:
    if tiles.zeros > 0:
        return tr("{share} zero", share=_percent(tiles.zeros))
    return " × ".join(map(str, tiles.axes))


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
