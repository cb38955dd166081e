"""The prompt's list: rows of what was found, with the letters that were typed set off."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from designer.icons import icon
from designer.text import plain_tip
from designer.theme import SMALL_SIZE, current_theme, ui_font
from designer.window.prompt.offer import Found

_Index = QModelIndex | QPersistentModelIndex
FOUND = Qt.ItemDataRole.UserRole
#: Height of a row, its icon, and the space about it (px).
ROW, _ICON, _EDGE = 46, 18, 14
_TEXT = _EDGE + _ICON + 12
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class FoundModel(QAbstractListModel):
    """What was found, as rows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: Sequence[Found] = ()

    def show(self, rows: Sequence[Found]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def found(self, row: int) -> Found | None:
        """What stands in a row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Qt's question how many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's question what a row shows."""
        found = self.found(index.row())
        if found is None:
            return None
        offer = found.offer
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return offer.text
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(offer.reason or offer.detail)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return offer.reason or offer.detail
            case _ if role == FOUND:
                return found
        return None


class RowPainter(QStyledItemDelegate):
    """Two lines for each row: what it is called, and what it does or why it cannot be done now."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """All rows are of one height."""
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        found: Found = index.data(FOUND)
        theme, offer, rect = current_theme(), found.offer, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.pressed))
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), 7, 7)
        color = theme.disabled if offer.reason else offer.color or theme.muted
        place = QRect(rect.left() + _EDGE, rect.center().y() - _ICON // 2 + 1, _ICON, _ICON)
        if offer.icon:
            icon(offer.icon, color).paint(painter, place)
        right = self._right_side(painter, found, rect)
        self._words(painter, found, QRect(rect.left() + _TEXT, rect.top() + 4, right - rect.left() - _TEXT, ROW - 8))
        painter.restore()

    def _right_side(self, painter: QPainter, found: Found, rect: QRect) -> int:
        """The shortcut as a key, the kind at its left; returns where room for the text ends."""
        theme, offer = current_theme(), found.offer
        font = ui_font(SMALL_SIZE)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        right = rect.right() - _EDGE
        if offer.keys:
            width = metrics.horizontalAdvance(offer.keys) + 14
            cap = QRect(right - width, rect.center().y() - 10, width, 21)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.setBrush(QColor(theme.window))
            painter.drawRoundedRect(cap, 4, 4)
            painter.setPen(QColor(theme.disabled if offer.reason else theme.text))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, offer.keys)
            right -= width + 10
        width = metrics.horizontalAdvance(offer.kind)
        painter.setPen(QColor(theme.disabled if offer.reason else theme.muted))
        painter.drawText(QRect(right - width, rect.top(), width + 1, rect.height()), _MIDDLE, offer.kind)
        return right - width - 14

    def _words(self, painter: QPainter, found: Found, rect: QRect) -> None:
        theme, offer = current_theme(), found.offer
        upper = QRect(rect.left(), rect.top(), rect.width(), rect.height() // 2 + 1)
        lower = QRect(rect.left(), upper.bottom() + 1, rect.width(), rect.height() - upper.height())
        self._name(painter, found, upper)
        font = ui_font(SMALL_SIZE)
        painter.setFont(font)
        painter.setPen(QColor(theme.disabled if offer.reason else theme.muted))
        said = offer.reason or offer.detail
        shown = QFontMetrics(font).elidedText(said, Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, _MIDDLE, shown)

    def _name(self, painter: QPainter, found: Found, rect: QRect) -> None:
        """The name in runs: letters that were typed are strong."""
        theme, offer = current_theme(), found.offer
        plain, strong = ui_font(), ui_font(strong=True)
        text = QFontMetrics(strong).elidedText(offer.text, Qt.TextElideMode.ElideRight, rect.width())
        left = rect.left()
        for meant, run in groupby(range(len(text)), key=lambda place: place in found.match.places):
            piece = "".join(text[place] for place in run)
            font: QFont = strong if meant else plain
            color = theme.disabled if offer.reason else theme.accent if meant else theme.text
            painter.setFont(font)
            painter.setPen(QColor(color))
            width = QFontMetrics(font).horizontalAdvance(piece)
            painter.drawText(QRect(left, rect.top(), width + 2, rect.height()), _MIDDLE, piece)
            left += width
