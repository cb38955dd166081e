"""The commands that make a picture of the network: into a file, or onto the clipboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from designer.canvas.picture import WRITERS, image
from designer.model.document import Document
from designer.plots.export import ExportError, saved_text, write
from designer.text import tr
from designer.window.dialogs import start_folder
from designer.window.files import Files
from designer.window.message_bar import MessageBar
from engine.errors import LayerloomError


class Picturing(QObject):
    """Saves and copies pictures of the whole network.

    Args:
        document: the network.
        files: what the project is called, and where it lies.
        messages: where it is told what came of it.
        window: over which the file dialog opens.
    """

    def __init__(self, document: Document, files: Files, messages: MessageBar, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._files, self._messages, self._window = document, files, messages, window
        self._folder: Path | None = None

    @property
    def is_possible(self) -> bool:
        """Whether there is a network."""
        return bool(self._document.project.graph.nodes)

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        QGuiApplication.clipboard().setImage(image(self._document))
        self._messages.show_message(tr("The picture of the network is on the clipboard."), "success")

    def ask(self) -> None:
        """Ask where the picture is to lie, and of which kind it is."""
        folder = self._folder or (self._files.folder.parent if self._files.folder else start_folder())
        dialog = QFileDialog(self._window, tr("Save a picture of the network"), str(folder))
        dialog.setObjectName("picture-dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilters(
            [tr("Picture (*.png)"), tr("Drawing, sharp at every size (*.svg)"), tr("Page, sharp at every size (*.pdf)")]
        )
        dialog.setDefaultSuffix("png")
        dialog.filterSelected.connect(lambda chosen: _rename(dialog, chosen.rstrip(")")[-3:]))
        dialog.selectFile(f"{self._files.name}.png")
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    def save(self, place: Path) -> None:
        """Write the picture; the name's ending says of which kind it is."""
        writer = WRITERS.get(place.suffix.lower())
        if writer is None:
            text = tr("A picture's name must end in .png, .svg or .pdf; received '{name}'. Choose one of them.",
                      name=place.name)  # fmt: skip
            self._messages.show_message(text)
            return
        try:
            write(place, writer(self._document))
        except (ExportError, LayerloomError) as error:
            self._messages.show_message(str(error))
            return
        self._folder = place.parent
        self._messages.show_message(saved_text(place), "success")


def _rename(dialog: QFileDialog, kind: str) -> None:
    """Let the name end as the chosen kind of file does; not every system's dialog does so by itself."""
    dialog.setDefaultSuffix(kind)
    place = Path(next(iter(dialog.selectedFiles()), ""))
    if place.suffix.lower() in WRITERS:
        dialog.selectFile(place.with_suffix(f".{kind}").name)
