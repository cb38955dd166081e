"""The confusion matrix: a row for each true class, a column for each answer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from designer.text import tr
from designer.theme import SMALL_SIZE, Theme, current_theme, ui_font
from engine.explain.confusion import Confusion

#: Cells are between these sizes; from the second on they show numbers, from the third names fit (px).
SMALLEST, NUMBERS, NAMES, LARGEST = 3, 15, 12, 46
#: Where a row's share of precision or recall stands (px).
MARGIN = 46
#: Longest name beside the matrix (px).
LABEL = 84


class MatrixView(QWidget):
    """Paints a confusion and lets cells be chosen by mouse and arrow keys.

    Attributes:
        chosen: emitted with true and predicted class when a cell is chosen.
    """

    chosen = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("results-matrix")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Confusion matrix"))
        self.setMinimumSize(QSize(160, 140))
        self.confusion: Confusion | None = None
        self.names: tuple[str, ...] = ()
        self.as_shares = False
        self.place: tuple[int, int] | None = None

    def tell(self, confusion: Confusion | None, names: tuple[str, ...]) -> None:
        """Show another confusion; the chosen cell stays where it is."""
        count = 0 if confusion is None else len(confusion.counts)
        if self.place is not None and max(self.place) >= count:
            self.place = None
        self.confusion = confusion
        self.names = names if len(names) == count else tuple(str(n) for n in range(count))
        self.updateGeometry()
        self.setMinimumSize(self._least())
        self._speak()
        self.update()

    def set_shares(self, shares: bool) -> None:
        """Show shares of each row in place of counts."""
        self.as_shares = shares
        self.update()

    def words(self, true: int, predicted: int) -> str:
        """One cell in words."""
        if self.confusion is None:
            return ""
        counts = self.confusion.counts
        count, whole = int(counts[true, predicted]), int(counts[true].sum())
        share = f"{100 * count / max(1, whole):.1f}"
        one, other = self.names[true], self.names[predicted]
        if true == predicted:
            return tr(
                "{count} of {whole} samples of {one} were recognized ({share} %).",
                count=f"{count:,}", whole=f"{whole:,}", one=one, share=share,
            )  # fmt: skip
        return tr(
            "{count} of {whole} samples of {one} were taken for {other} ({share} %).",
            count=f"{count:,}", whole=f"{whole:,}", one=one, other=other, share=share,
        )  # fmt: skip

    # -- geometry ----------------------------------------------------------------------------------

    @property
    def _count(self) -> int:
        return 0 if self.confusion is None else len(self.confusion.counts)

    def _least(self) -> QSize:
        side = SMALLEST * self._count
        return QSize(max(160, side + LABEL + MARGIN + 20), max(140, side + 60))

    def _cell(self) -> int:
        """Size of a cell: what fits, within limits."""
        count = max(1, self._count)
        across = (self.width() - self._left() - MARGIN) // count
        down = (self.height() - self._top() - 24) // count
        return max(SMALLEST, min(LARGEST, across, down))

    def _left(self) -> int:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(name) for name in self.names), default=0)
        return 8 + min(LABEL, max(widest, 18)) + 6

    def _top(self) -> int:
        return 18 + self.fontMetrics().height() + 6

    def cell_rect(self, true: int, predicted: int) -> QRect:
        """Where a cell is."""
        size = self._cell()
        return QRect(self._left() + predicted * size, self._top() + true * size, size, size)

    def cell_at(self, point: QPoint) -> tuple[int, int] | None:
        """The cell (true, predicted) under a point."""
        size = self._cell()
        across, down = (point.x() - self._left()) // size, (point.y() - self._top()) // size
        inside = 0 <= across < self._count and 0 <= down < self._count
        return (down, across) if inside else None

    # -- events --------------------------------------------------------------------------------------

    def choose(self, true: int, predicted: int) -> None:
        """Choose a cell."""
        self.place = (true, predicted)
        self._speak()
        self.update()
        self.chosen.emit(true, predicted)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self.cell_at(event.position().toPoint())
        if found is not None:
            self.choose(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Home and End go to the first and last mistake-free cell of a row."""
        steps = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is None or not self._count:
            super().keyPressEvent(event)
            return
        true, predicted = self.place or (0, -step[1] if step[1] > 0 else 0)
        last = self._count - 1
        self.choose(min(max(true + step[0], 0), last), min(max(predicted + step[1], 0), last))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.cell_at(event.pos())
            text = self.words(*found) if found is not None else self._margin_words(event.pos())
            # Qt takes text with tags for markup; class names are the user's own words.
            QToolTip.showText(event.globalPos(), text.replace("<", "‹"), self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def _margin_words(self, point: QPoint) -> str:
        size, count = self._cell(), self._count
        across, down = (point.x() - self._left()) // size, (point.y() - self._top()) // size
        if across >= count and 0 <= down < count:
            return tr("Recall of {name}: how many of its samples were recognized.", name=self.names[down])
        if down >= count and 0 <= across < count:
            return tr("Precision of {name}: how many of the answers '{name}' were right.", name=self.names[across])
        return tr("Rows are what the samples are, columns what the network says.")

    def _speak(self) -> None:
        text = self.words(*self.place) if self.place is not None and self.confusion is not None else ""
        self.setAccessibleDescription(text or tr("Arrow keys walk through the cells."))

    # -- painting --------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = current_theme()
        if self.confusion is None:
            painter.setPen(QColor(theme.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Nothing judged yet"))
            painter.end()
            return
        size = self._cell()
        self._paint_cells(painter, theme, size)
        painter.setFont(ui_font(SMALL_SIZE, tabular=True))
        self._paint_heads(painter, theme, size)
        if size >= NAMES:
            self._paint_margins(painter, theme, size)
        if self.place is not None:
            painter.setPen(QPen(QColor(theme.text), 2 if size > 8 else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell_rect(*self.place).adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_cells(self, painter: QPainter, theme: Theme, size: int) -> None:
        assert self.confusion is not None
        counts = self.confusion.counts
        whole = np.maximum(1, counts.sum(axis=1, keepdims=True))
        shares = counts / whole
        gap = 1 if size >= NAMES else 0
        painter.setFont(ui_font(SMALL_SIZE if size >= 30 else 7.0 if size >= 20 else 6.0, tabular=True))
        for true in range(len(counts)):
            for predicted in range(len(counts)):
                share = float(shares[true, predicted])
                ground = _ground(theme, true == predicted, share)
                rect = self.cell_rect(true, predicted).adjusted(0, 0, -gap, -gap)
                painter.fillRect(rect, ground)
                if size >= NUMBERS and counts[true, predicted]:
                    painter.setPen(_ink(ground))
                    text = f"{100 * share:.0f}" if self.as_shares else _short(int(counts[true, predicted]))
                    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_heads(self, painter: QPainter, theme: Theme, size: int) -> None:
        left, top, span = self._left(), self._top(), size * self._count
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(left, 0, max(span, 80), 18), Qt.AlignmentFlag.AlignLeft, tr("taken for"))
        painter.drawText(QRectF(0, 18, left - 6, 18), Qt.AlignmentFlag.AlignRight, tr("is"))
        if size < NAMES:
            return
        metrics = painter.fontMetrics()
        painter.setPen(QColor(theme.text))
        for place, name in enumerate(self.names):
            beside = QRectF(0, top + place * size, left - 6, size)
            room = metrics.elidedText(name, Qt.TextElideMode.ElideRight, left - 6)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, room)
            above = QRectF(left + place * size, 18, size, metrics.height())
            painter.drawText(above, Qt.AlignmentFlag.AlignHCenter, metrics.elidedText(
                name, Qt.TextElideMode.ElideRight, size))  # fmt: skip

    def _paint_margins(self, painter: QPainter, theme: Theme, size: int) -> None:
        assert self.confusion is not None
        left, top, span = self._left(), self._top(), size * self._count
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(left + span, 18, MARGIN, 16), Qt.AlignmentFlag.AlignHCenter, tr("recall"))
        for place in range(self._count):
            beside = QRectF(left + span, top + place * size, MARGIN, size)
            painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, _percent(self.confusion.recall[place]))
            if size >= 30:
                below = QRectF(left + place * size, top + span + 2, size, 16)
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, _percent(self.confusion.precision[place]))
        if size >= 30:
            # To the right, under "recall": at the left there is no room for the word.
            beside = QRectF(left + span + 4, top + span + 2, 80, 16)
            painter.drawText(beside, Qt.AlignmentFlag.AlignLeft, tr("precision"))


def _ground(theme: Theme, right: bool, share: float) -> QColor:
    """Right answers in the colour of success, wrong ones in that of errors; rare mistakes stand out as well."""
    strong = QColor(theme.success if right else theme.error)
    plain = QColor(theme.surface)
    part = share if right else min(1.0, share**0.5)
    part *= 0.85
    return QColor.fromRgbF(
        *(plain_part + (strong_part - plain_part) * part for plain_part, strong_part in zip(
            plain.getRgbF()[:3], strong.getRgbF()[:3], strict=True))
    )  # fmt: skip


def _ink(ground: QColor) -> QColor:
    light = 0.299 * ground.redF() + 0.587 * ground.greenF() + 0.114 * ground.blueF()
    return QColor("#14171c") if light > 0.5 else QColor("#f4f6fa")


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{100 * share:.0f} %"


def _short(count: int) -> str:
    return str(count) if count < 10_000 else f"{count / 1000:.0f}k"
