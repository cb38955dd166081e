"""The history: every step by its name, the current one marked; a click goes there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtWidgets import QLabel, QUndoView, QVBoxLayout, QWidget

from designer.icons import icon
from designer.model.document import UNDO_LIMIT, Document
from designer.panels.blocks import label
from designer.text import tr
from designer.theme import current_theme


class HistoryPanel(QWidget):
    """Lists the steps of a document, the oldest first.

    Args:
        document: whose steps they are.
    """

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("history")
        self._document = document
        self.list = QUndoView(document.stack)
        self.list.setObjectName("history-list")
        self.list.setAccessibleName(tr("Steps"))
        self.list.setToolTip(tr("Click a step to go back or forward to it. The mark is what was saved last."))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setUniformItemSizes(True)
        self.explained: QLabel = label("", "small")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.list, 1)
        column.addWidget(self.explained)
        document.changed.connect(self._tell)  # the stack speaks even while it is deleted
        self._dress()
        self._tell()

    @property
    def steps(self) -> list[str]:
        """What is listed, the beginning included."""
        model = self.list.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount(QModelIndex()))]

    def _tell(self, _what: object = None) -> None:
        stack = self._document.stack
        # The oldest steps are forgotten, so the first line is no longer how the project was opened.
        full = stack.count() >= UNDO_LIMIT
        self.list.setEmptyLabel(tr("Before these steps") if full else tr("As it was opened"))
        place, count = stack.index(), stack.count()
        if not count:
            said = tr("Every change becomes a step here.")
        elif place == count == 1:
            said = tr("One step; it is shown.")
        elif place == count:
            said = tr("{count} steps; the last one is shown.", count=count)
        else:
            said = tr(
                "Step {place} of {count} is shown. A new change replaces those after it.", place=place, count=count
            )
        self.explained.setText(said)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "explained"):
            self._dress()

    def _dress(self) -> None:
        self.list.setCleanIcon(icon("content-save-outline", current_theme().muted))
