"""A picture from a file or the clipboard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from designer.panels.inside.compact import compact_combo
from designer.panels.inside.picture import Picture, nothing
from designer.panels.inside.plate import Plate
from designer.panels.inside.rows import Array
from designer.panels.inside.words import Words
from designer.text import tr
from engine.data.picture import ENDINGS

#: Longer side that pasted pictures are made smaller to, before anything else (pixels).
LARGEST = 1024


class FilePage(QWidget):
    """Takes a picture that was opened, dropped or pasted.

    Attributes:
        changed: emitted when another picture, or how it is prepared, was chosen.
        plate: the picture as the network gets it.
        source: the file, or pasted pixels (h, w, 3), or ``None``.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inside-file")
        self.source: Path | Array | None = None
        self._hint = tr("Open or drop a picture,\nor paste one.")
        self._dialog: QFileDialog | None = None
        self.plate = Plate(
            "inside-given",
            tr("Your picture as the network gets it: in its size and its colours."),
            tr("Picture as the network gets it"),
        )
        self.plate.show_picture(None, self._hint)
        self.caption = Words("inside-file-name", "text")
        opener = QPushButton(tr("Open…"))
        opener.setObjectName("inside-open-picture")
        opener.setToolTip(tr("Choose a picture: PNG, JPEG, BMP or GIF. Its content is only read here."))
        opener.clicked.connect(self._ask)
        paster = QPushButton(tr("Paste"))
        paster.setObjectName("inside-paste-picture")
        paster.setToolTip(tr("Takes the picture from the clipboard (Ctrl+V)."))
        paster.clicked.connect(self.paste)
        self.ink = QComboBox()
        self.ink.setObjectName("inside-ink")
        self.ink.setAccessibleName(tr("Light and dark"))
        self.ink.setToolTip(
            tr("Digits in the data are light on dark. A dark one on white paper must change places; by itself this is "
               "found out from the border of the picture.")
        )  # fmt: skip
        for title, value in (
            (tr("Light and dark by itself"), None), (tr("As it is"), False), (tr("Light and dark swapped"), True),
        ):  # fmt: skip
            self.ink.addItem(title, value)
        compact_combo(self.ink)
        self.ink.activated.connect(lambda _index: self.changed.emit())
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(opener, 1)
        buttons.addWidget(paster, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.plate, 1)
        layout.addWidget(self.caption)
        layout.addLayout(buttons)
        layout.addWidget(self.ink)

    @property
    def invert(self) -> bool | None:
        """Whether light and dark change places; ``None``: by itself."""
        chosen: bool | None = self.ink.currentData()
        return chosen

    def take(self, data: QMimeData) -> bool:
        """Take what was dropped or pasted; whether there was a picture or a file."""
        paths = picture_paths(data)
        if paths:
            self.choose(paths[0])
            return True
        image = data.imageData() if data.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self._set(_pixels(image), tr("From the clipboard"))
            return True
        return False

    def paste(self) -> bool:
        """Take the picture on the clipboard; whether there is one."""
        taken = self.take(QGuiApplication.clipboard().mimeData())
        if not taken:
            self.show_fault(tr("There is no picture on the clipboard. Copy one first."))
        return taken

    def choose(self, path: Path) -> None:
        """Take a file; whether it can be read shows when it is looked at."""
        self._set(path, path.name)

    def show_seen(self, image: QImage) -> None:
        """Show the picture as the network got it."""
        name = self.source.stem if isinstance(self.source, Path) else "picture"
        self.plate.show_picture(Picture(image, f"{name}-seen", nothing))

    def forget(self) -> None:
        """Show nothing until the picture, if there is one, was looked at anew."""
        self.plate.show_picture(None, self._hint if self.source is None else "")

    def show_fault(self, sentence: str) -> None:
        """Say why there is no picture."""
        self.plate.show_picture(None, sentence)

    def _set(self, source: Path | Array, caption: str) -> None:
        self.source = source
        self.caption.tell(caption)
        self.changed.emit()

    def _ask(self) -> None:
        dialog = QFileDialog(self, tr("Open a picture"))
        dialog.setObjectName("inside-open-dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr("Pictures (*.png *.jpg *.jpeg *.bmp *.gif)"), tr("All files (*)")])
        dialog.fileSelected.connect(lambda name: self.choose(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._dialog = dialog


def picture_paths(data: QMimeData) -> list[Path]:
    """Local pictures, by their endings, among what was dropped or pasted; all else is data or a project."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in ENDINGS and not path.is_dir()]


def _pixels(image: QImage) -> Array:
    """A picture of the clipboard as (h, w, 3); what is transparent becomes white, as on paper."""
    if max(image.width(), image.height()) > LARGEST:
        smooth = Qt.TransformationMode.SmoothTransformation
        image = image.scaled(LARGEST, LARGEST, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
    raw = np.frombuffer(rgba.constBits(), np.uint8).reshape(rgba.height(), rgba.bytesPerLine())
    pixels = raw[:, : 4 * rgba.width()].reshape(rgba.height(), rgba.width(), 4)
    opacity = pixels[..., 3:].astype(np.float32) / 255
    return np.rint(pixels[..., :3] * opacity + 255 * (1 - opacity)).astype(np.uint8)
