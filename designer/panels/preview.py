"""A look at the data: pictures with their labels."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from designer.panels.pictures import picture, value_range
from designer.panels.samples import label_of, picture_field
from designer.text import tr
from designer.theme import SMALL_SIZE, current_theme
from engine.catalogue.sources.base import Dataset, Field

#: Pictures added at a time.
PAGE = 20
#: Side of a small picture, space for its label, and space between (pixels).
SIDE, LABEL, GAP = 48, 17, 8
#: Samples by which black and white are chosen.
JUDGED = 200


class PictureGrid(QWidget):
    """Small pictures in rows; arrow keys walk, a click or Enter enlarges."""

    #: Number of the sample to enlarge.
    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("data-preview")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(tr("Samples of the data with their labels. Click one to see it large."))
        self.setAccessibleName(tr("Pictures of the data"))
        self._dataset: Dataset | None = None
        self._field: Field | None = None
        self._images: list[QImage] = []
        self._labels: list[str] = []
        self._range = (0.0, 1.0)
        self.current = 0

    def tell(self, dataset: Dataset) -> None:
        """Show another data set from its beginning."""
        self._dataset, self._field = dataset, picture_field(dataset)
        self._images, self._labels, self.current = [], [], 0
        if self._field is not None:
            self._range = value_range(np.asarray(self._field.values[:JUDGED]))
        self.add_page()

    @property
    def shown(self) -> int:
        """How many samples are drawn."""
        return len(self._images)

    def add_page(self) -> None:
        """Show some more."""
        if self._dataset is None or self._field is None:
            return
        for row in range(self.shown, min(self.shown + PAGE, len(self._field))):
            self._images.append(picture(self._field.values[row], *self._range))
            self._labels.append(label_of(self._dataset, row))
        self._fit()
        self.update()

    def image(self, row: int) -> QImage:
        """A sample's picture at its own size."""
        return self._images[row]

    def text(self, row: int) -> str:
        """A sample's label."""
        return self._labels[row]

    # -- geometry -------------------------------------------------------------------------------

    def columns(self) -> int:
        """Pictures in a row."""
        return max(1, (self.width() + GAP) // (SIDE + GAP))

    def cell(self, row: int) -> QRect:
        """Where a sample is drawn, its label included."""
        down, across = divmod(row, self.columns())
        return QRect(across * (SIDE + GAP), down * (SIDE + LABEL + GAP), SIDE, SIDE + LABEL)

    def at(self, x: float, y: float) -> int:
        """The sample at a place, -1 for none."""
        column, line = int(x) // (SIDE + GAP), int(y) // (SIDE + LABEL + GAP)
        row = line * self.columns() + column
        return row if column < self.columns() and row < self.shown and self.cell(row).contains(int(x), int(y)) else -1

    def _fit(self) -> None:
        lines = -(-self.shown // self.columns())
        self.setFixedHeight(max(1, lines * (SIDE + LABEL + GAP)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # -- pointer and keys -----------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self.at(event.position().x(), event.position().y())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._go(row)
            self.opened.emit(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns(),
            Qt.Key.Key_Down: self.columns(),
        }
        key = Qt.Key(event.key())
        if key in steps and 0 <= self.current + steps[key] < self.shown:
            self._go(self.current + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.shown:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)

    def _go(self, row: int) -> None:
        self.current = row
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        font = self.font()
        font.setPointSizeF(SMALL_SIZE)
        painter.setFont(font)
        for row, image in enumerate(self._images):
            cell = self.cell(row)
            if not cell.intersects(event.rect()):
                continue
            area = QRect(cell.left(), cell.top(), SIDE, SIDE)
            draw_picture(painter, area, image)
            chosen = self.hasFocus() and row == self.current
            painter.setPen(QColor(theme.accent if chosen else theme.line))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
            painter.setPen(QColor(theme.text if chosen else theme.muted))
            text = painter.fontMetrics().elidedText(self._labels[row], Qt.TextElideMode.ElideRight, SIDE)
            painter.drawText(QRect(cell.left(), cell.top() + SIDE, SIDE, LABEL), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


def placed(area: QRect, size: QSize) -> QRect:
    """A picture's place in the middle of an area, as large as it fits."""
    fitting = size.scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    # Not from QRect.center(), which lies half a pixel off the middle of an even side.
    left, top = (area.width() - fitting.width()) // 2, (area.height() - fitting.height()) // 2
    return QRect(QPoint(area.left() + left, area.top() + top), fitting)


def draw_picture(painter: QPainter, area: QRect, image: QImage) -> None:
    """Paint a picture as large as it fits, small ones with their pixels visible."""
    smooth = image.width() > area.width() or image.height() > area.height()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(placed(area, image.size()), image)


class BigPicture(QWidget):
    """One sample as large as the panel is wide; arrow keys go on, Esc closes."""

    def __init__(self, grid: PictureGrid) -> None:
        super().__init__()
        self.setObjectName("data-big-picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("Arrow keys show the next sample; a click or Esc closes."))
        self.row = 0
        self._grid = grid
        grid.opened.connect(self.open)
        self.hide()

    def open(self, row: int) -> None:
        """Show a sample."""
        self.row = row
        self.setFixedHeight(min(self._grid.width(), 320) + LABEL + GAP)
        self.setAccessibleName(tr("Sample {n}: {label}", n=row + 1, label=self._grid.text(row)))
        self.show()
        self.setFocus()
        self.update()

    def close_picture(self) -> None:
        """Go back to the small pictures."""
        self.hide()
        self._grid.setFocus()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.close_picture()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and 0 <= self.row + step < self._grid.shown:
            self.open(self.row + step)
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
            self.close_picture()
        elif not step:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.row >= self._grid.shown:
            return
        theme = current_theme()
        painter = QPainter(self)
        area = QRect(0, 0, self.width(), self.height() - LABEL - GAP)
        painter.fillRect(area, QColor(theme.canvas))
        image = self._grid.image(self.row)
        draw_picture(painter, area, image)
        painter.setPen(QColor(theme.line))
        painter.drawRect(area.adjusted(0, 0, -1, -1))
        painter.setPen(QColor(theme.text))
        text = tr(
            "Sample {n}: {label}   ({w} × {h} pixels)",
            n=self.row + 1,
            label=self._grid.text(self.row),
            w=image.width(),
            h=image.height(),
        )
        painter.drawText(QRect(0, area.bottom() + 2, self.width(), LABEL), Qt.AlignmentFlag.AlignLeft, text)
        painter.end()
