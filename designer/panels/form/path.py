"""The editor of a parameter that holds the path of a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from designer.panels.form.icon_button import IconButton
from designer.panels.form.line import LineEditor
from designer.text import tr


class PathEditor(LineEditor):
    """A path: written, or chosen with the button beside it."""

    def build(self) -> None:
        spoken = tr("Choose the file for {name}", name=self.parameter.label)
        self.browse = IconButton("folder-open-outline", tr("Choose the file."), spoken)
        self.browse.setObjectName(f"{self._name}-browse")
        self.browse.clicked.connect(self.open_dialog)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line)
        layout.addWidget(self.browse)

    def tab_stops(self) -> list[QWidget]:
        return [self.line, self.browse]

    def open_dialog(self) -> None:
        """Ask for the file, beginning where the present one lies."""
        dialog = QFileDialog(self, tr("Choose a file"))
        dialog.setObjectName(f"{self._name}-dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        written = Path(self.line.text())
        if self.line.text() and written.parent.is_dir():
            dialog.setDirectory(str(written.parent))
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, path: str) -> None:
        """Use a chosen file."""
        self.line.setText(path)
        self.offer(path)
