"""The context menu of a plot: show everything, take the picture or the numbers away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from designer.icons import icon
from designer.plots.export import ExportError, csv_text, picture, png_bytes, rows, saved_text, write
from designer.text import tr

if TYPE_CHECKING:
    from designer.plots.curve_plot import CurvePlot


class PlotMenu(QObject):
    """What can be done with a plot.

    Args:
        plot: the plot; it outlives its menu.
    """

    def __init__(self, plot: CurvePlot) -> None:
        super().__init__(plot)
        self._plot = plot
        self._dialog: QFileDialog | None = None

    def made(self) -> QMenu:
        """The menu; the caller deletes it."""
        menu = QMenu(self._plot)
        menu.setToolTipsVisible(True)
        table = (
            ("show-all", "mdi6.arrow-expand-horizontal", tr("Show the whole run"), self._plot.canvas.follow,
             tr("Ends zooming and keeps up with the run again.")),
            ("copy-picture", "mdi6.content-copy", tr("Copy picture"), self.copy_picture,
             tr("Puts the plot on the clipboard.")),
            ("save-picture", "mdi6.image-outline", tr("Save picture…"), self._ask_picture,
             tr("Writes the plot as a PNG picture.")),
            ("save-numbers", "mdi6.table-arrow-down", tr("Save numbers…"), self._ask_numbers,
             tr("Writes every value behind the plot as a CSV table.")),
        )  # fmt: skip
        for name, symbol, text, act, tip in table:
            action = menu.addAction(icon(symbol), text)
            action.setObjectName(f"{self._plot.objectName()}-{name}")
            action.setToolTip(tip)
            action.triggered.connect(act)
        return menu

    def open(self, place: QPoint) -> None:
        """Show the menu."""
        menu = self.made()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def copy_picture(self) -> None:
        """Put the plot on the clipboard."""
        QGuiApplication.clipboard().setImage(picture(self._plot))

    def save_picture(self, path: str) -> None:
        """Write the plot as PNG."""
        self._write(path, png_bytes(picture(self._plot)))

    def save_numbers(self, path: str) -> None:
        """Write what is behind the plot as CSV."""
        self._write(path, csv_text(rows(self._plot.runs, self._plot.figure)).encode())

    def _write(self, path: str, content: bytes) -> None:
        try:
            write(Path(path), content)
        except ExportError as error:
            self._plot.failed.emit(str(error))
        else:
            self._plot.saved.emit(saved_text(Path(path)))

    def _ask_picture(self) -> None:
        self._ask(tr("Save picture"), "png", tr("PNG picture (*.png)")).fileSelected.connect(self.save_picture)

    def _ask_numbers(self) -> None:
        self._ask(tr("Save numbers"), "csv", tr("CSV table (*.csv)")).fileSelected.connect(self.save_numbers)

    def _ask(self, title: str, suffix: str, kind: str) -> QFileDialog:
        # Not exec(): a nested event loop would outlive the window it belongs to.
        dialog = QFileDialog(self._plot, title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(kind)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(f"{self._plot.figure or 'curves'}.{suffix}")
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._dialog = dialog
        return dialog
