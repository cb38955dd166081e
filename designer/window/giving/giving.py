"""The command: opens the export window with what was learnt so far."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from designer.model.document import Document
from designer.text import tr
from designer.training.runner import Runner
from designer.window.dialogs import start_folder
from designer.window.files import Files
from designer.window.giving.dialog import ExportDialog
from designer.window.giving.exporter import Exporter
from engine.train.state import RunState


class Giving(QObject):
    """Exports the network on the canvas with the weights that fit it; works during training too.

    Args:
        document: the network and its data.
        runner: what was learnt.
        files: what the project is called, and where it lies.
        window: over which the export window opens.
    """

    def __init__(self, document: Document, runner: Runner, files: Files, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._runner, self._files, self._window = document, runner, files, window
        self._exporter = Exporter(self)
        self._folder: Path | None = None
        self._dialog: ExportDialog | None = None

    @property
    def busy(self) -> bool:
        """Whether something is examined or exported."""
        return self._exporter.busy

    def open(self) -> None:
        """Show the export window."""
        if self._dialog is not None:
            self._dialog.raise_()
            return
        # While a run is under way its thread copies the state at the next batch boundary.
        self._runner.request_snapshot(self._show)

    def shutdown(self, seconds: float) -> bool:
        """End what is under way."""
        return self._exporter.shutdown(seconds)

    def _show(self, state: RunState | None) -> None:
        if self._dialog is not None:
            return
        name = self._files.name
        folder = self._folder or (self._files.folder.parent if self._files.folder else start_folder())
        self._dialog = ExportDialog(self._exporter, name, self._about(state), folder, self._window)
        self._dialog.placed.connect(self._remember)
        self._dialog.finished.connect(self._closed)
        self._exporter.examine(name, self._document.project, state, self._document.dataset)
        self._dialog.open()

    def _about(self, state: RunState | None) -> str:
        if state is None:
            return tr("Not trained yet: the weights are random numbers. Train first if they are to mean something.")
        untrained = self._document.untrained
        if untrained:
            return tr(
                "Weights after {step} updates; fresh random numbers in {names}, which changed since.",
                step=f"{state.step:,}",
                names=", ".join(sorted(untrained)[:3]),
            )
        if state.epoch == 1:
            return tr("Weights after {step} updates, one epoch.", step=f"{state.step:,}")
        return tr("Weights after {step} updates, {epoch} epochs.", step=f"{state.step:,}", epoch=state.epoch)

    def _remember(self, _target: object, place: object) -> None:
        assert isinstance(place, Path)
        self._folder = place.parent

    def _closed(self, _result: int) -> None:
        self._dialog = None
        if not self._exporter.busy:
            self._exporter.forget()
