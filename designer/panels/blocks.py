"""Small pieces that the panels are laid out with."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from designer.theme import plain_label, set_kind

#: Distance of a panel's content from its edges (pixels).
MARGIN = 16


def label(text: str = "", kind: str = "", tip: str = "") -> QLabel:
    """A label that never takes text for markup and breaks long lines."""
    made = plain_label(text, kind)
    made.setToolTip(tip)
    # A label that wraps may become narrower than its longest line.
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return made


def rule() -> QFrame:
    """A thin line between two parts."""
    made = QFrame()
    set_kind(made, "rule")
    return made


def upright() -> QFrame:
    """A thin line between two parts that stand side by side."""
    made = QFrame()
    made.setFixedWidth(1)
    set_kind(made, "rule")
    made.setStyleSheet("max-height: 16777215px;")
    return made


def button(name: str, text: str, tip: str, kind: str) -> QPushButton:
    """A button.

    Args:
        name: object name.
        text: on it.
        tip: teaches what happens.
        kind: ``primary``, ``normal`` or ``quiet``.
    """
    made = QPushButton(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    set_kind(made, kind)
    return made


def column(*widgets: QWidget, spacing: int = 8, margin: int = 0) -> QWidget:
    """Widgets under one another."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return made


def line(*widgets: QWidget, spacing: int = 8) -> QWidget:
    """Widgets beside one another."""
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return made


def scrolling(content: QWidget) -> QScrollArea:
    """A vertical scroll area as wide as its panel."""
    area = QScrollArea()
    content.setObjectName("scroll-content")
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # shows no focus, and fields come into sight by themselves
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    return area


class Fact(QWidget):
    """A name at the left, a value at the right, and an explanation under it."""

    def __init__(self, name: str, tip: str = "") -> None:
        super().__init__()
        self.name = label(name, "muted", tip)
        self.name.setFixedWidth(116)
        self.figure = label("", "heading", tip)
        self.words = label("", "small", tip)
        right = QVBoxLayout()
        right.setSpacing(1)
        right.addWidget(self.figure)
        right.addWidget(self.words)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.name, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(right, 1)

    def tell(self, figure: str, words: str = "") -> None:
        """Show a value and its explanation."""
        self.figure.setText(figure)
        self.words.setText(words)
        self.words.setVisible(bool(words))


def row_table(model: QAbstractItemModel, name: str, height: int) -> QTableView:
    """A table of whole rows to look at and to choose, left by the Tab key.

    Args:
        model: what it shows.
        name: its object name.
        height: of a row (pixels).
    """
    table = QTableView()
    table.setObjectName(name)
    table.setModel(model)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(height)
    table.horizontalHeader().setHighlightSections(False)
    return table
