"""The line above a plot: what it shows, its legend, and the way back to following."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from designer.icons import icon
from designer.plots.figures import title
from designer.plots.legend import Legend
from designer.text import plain_tip, tr
from designer.theme import current_theme, set_kind


class Title(QLabel):
    """A heading that is shortened to the room it has."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_kind(self, "heading")

    def show_text(self, text: str) -> None:
        """Show a heading; where it is shortened, the tooltip has it whole."""
        if text != self._text:
            self._text = text
            self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten it to the new room."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, max(self.width(), 40))
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(plain_tip(self._text) if shown != self._text else "")


class Header(QWidget):
    """Title or choice of figures, legend, Follow.

    Attributes:
        chosen: emitted with the name of a figure.
        follow_wanted: emitted when the whole run is to be shown again.
    """

    chosen = Signal(str)
    follow_wanted = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._title = Title(self)
        self._choice = QComboBox(self)
        self._choice.setObjectName(f"{name}-choice")
        self._choice.setAccessibleName(tr("Figure that is drawn"))
        self._choice.setToolTip(tr("Which figure of the run this plot shows."))
        self._choice.setStyleSheet("QComboBox { padding: 0 18px 0 6px; min-height: 18px; }")
        self._choice.setMinimumContentsLength(8)
        self._choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._choice.activated.connect(self._activated)
        self.legend = _legend(name, self)
        self.follow = QToolButton(self)
        self.follow.setObjectName(f"{name}-follow")
        self.follow.setText(tr("Follow"))
        self.follow.setToolTip(tr("Show the whole run again and keep up with it, as a double click on the plot does."))
        self.follow.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.follow.setStyleSheet("QToolButton { padding: 0 5px; }")
        self.follow.clicked.connect(self.follow_wanted)
        self.follow.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 4, 0)
        layout.setSpacing(4)
        for widget, stretch in ((self._title, 1), (self._choice, 1), (self.legend, 0), (self.follow, 0)):
            layout.addWidget(widget, stretch)
        self.setFixedHeight(26)
        self.dress()

    def dress(self) -> None:
        """Take the colours of the current theme."""
        self.follow.setIcon(icon("mdi6.arrow-expand-horizontal", current_theme().accent))

    def offer(self, names: Sequence[str], current: str) -> None:
        """Show the title, or a choice where there are several figures."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            with QSignalBlocker(self._choice):
                self._choice.clear()
                for name in names:
                    self._choice.addItem(title(name), name)
        self._choice.setVisible(len(names) > 1)
        self._title.setVisible(len(names) <= 1)
        self._title.show_text(title(current) if current else tr("Metric"))
        place = self._names.index(current) if current in self._names else -1
        if self._choice.currentIndex() != place:
            with QSignalBlocker(self._choice):
                self._choice.setCurrentIndex(place)

    def _activated(self, place: int) -> None:
        self.chosen.emit(self._choice.itemData(place))

    def set_following(self, following: bool) -> None:
        """Offer the way back while the range does not follow."""
        self.follow.setVisible(not following)


def _legend(name: str, parent: QWidget) -> Legend:
    legend = Legend(name, parent)
    training = tr("How the network does on the samples it learns from. Click to hide or show.")
    validation = tr(
        "How the network does on samples it never learns from. When this gets worse while training gets better, "
        "the network learns by heart. Click to hide or show."
    )
    past = tr("Up to three earlier runs, to compare with. Click to hide or show.")
    legend.add("training", tr("Training"), training)
    legend.add("validation", tr("Validation"), validation)
    legend.add("past", tr("Earlier"), past)
    return legend
