"""What is said, and offered, when data cannot be read."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from designer.panels.blocks import label
from designer.text import tr
from designer.theme import current_theme
from engine.catalogue.sources.base import Source


class FaultCard(QFrame):
    """A sentence, with buttons that look for a file or allow one."""

    #: The source with its files where they were found.
    located = Signal(object)
    #: The user allows the files that the project names outside its folder.
    allowed = Signal()
    #: The user wants the same files to be read once more.
    again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("data-fault-card")
        self._source: Source | None = None
        self.text = label("")
        self.text.setObjectName("data-fault")
        self.locate = QPushButton(tr("Locate …"))
        self.locate.setObjectName("data-locate")
        self.locate.setToolTip(tr("Say where the file lies now."))
        self.locate.clicked.connect(self._ask)
        self.allow = QPushButton(tr("Allow"))
        self.allow.setObjectName("data-allow")
        self.allow.setToolTip(tr("Read this file although it lies outside the project's folder."))
        self.allow.clicked.connect(self.allowed)
        self.retry = QPushButton(tr("Try again"))
        self.retry.setObjectName("data-retry")
        self.retry.setToolTip(tr("Read the same files once more."))
        self.retry.clicked.connect(self.again)
        buttons = QHBoxLayout()
        buttons.addWidget(self.allow)
        buttons.addWidget(self.locate)
        buttons.addWidget(self.retry)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self._dress()
        self.hide()

    def tell(self, sentence: str, source: Source | None = None) -> None:
        """Show what is wrong with a source; an empty sentence hides the card."""
        self._source = source
        self.text.setText(sentence)
        self.allow.setVisible(source is not None and bool(source.unconfirmed))
        self.locate.setVisible(source is not None and any(getattr(source, name) for name in source.paths()))
        self.retry.setVisible(source is not None and not source.unconfirmed)
        self.setVisible(bool(sentence))

    def _ask(self) -> None:
        if self._source is None:
            return
        dialog = QFileDialog(self, tr("Where is {name}?", name=Path(_lost_path(self._source)[1]).name))
        dialog.setObjectName("data-locate-dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.found)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def found(self, path: str) -> None:
        """Take the file that the user found, and its lost neighbours if they lie beside it."""
        if self._source is not None:
            self.located.emit(relocated(self._source, Path(path)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        sheet = f"#data-fault-card {{ background: {current_theme().error_ground}; border-radius: 8px; }}"
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)


def _lost_path(source: Source) -> tuple[str, str]:
    """Name and value of the first path that must be confirmed or does not exist; else of the first one."""
    given = [(name, str(getattr(source, name))) for name in source.paths() if getattr(source, name)]
    plain = source.confirmed()
    for name, text in given:
        if text != getattr(plain, name) or not Path(text).is_file():
            return name, str(getattr(plain, name))
    return given[0]


def relocated(source: Source, path: Path) -> Source:
    """The source with its lost file at a new place; other lost files that lie beside it come along."""
    name, _ = _lost_path(source)
    plain = source.confirmed()
    changes = {name: str(path)}
    for other in source.paths():
        text = str(getattr(plain, other))
        beside = path.parent / Path(text).name
        lost = bool(text) and (getattr(source, other) != text or not Path(text).is_file())
        if other != name and lost and beside.is_file():
            changes[other] = str(beside)
    return source.changed(**changes)
