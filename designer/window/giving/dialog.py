"""The export window: choose a target, read what would be lost, choose a place, see the proof."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from designer.panels.blocks import button
from designer.text import tr
from designer.theme import plain_label, set_kind
from designer.window.giving.exporter import Exporter, Prospect
from designer.window.giving.target_list import TargetList
from engine.exchange.export import Exported
from engine.exchange.target import Proof, Target
from engine.exchange.targets import TARGETS

#: Width of the window (px).
WIDTH = 620
#: Notes that are listed before the rest is only counted.
MOST_NOTES = 4


class ExportDialog(QDialog):
    """Shows what an :class:`Exporter` finds and does.

    Args:
        exporter: who does it; ``examine`` was called.
        name: of the project, proposed as file name.
        about: which weights would be exported, in one line.
        folder: where the place is looked for first.
        parent: the window.

    Attributes:
        placed: emitted with the target and the place when both are chosen.
    """

    placed = Signal(object, object)

    def __init__(self, exporter: Exporter, name: str, about: str, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("export-dialog")
        self.setWindowTitle(tr("Export the network"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self._exporter, self._name, self._folder = exporter, name, folder
        self._prospects: dict[str, Prospect] = {}
        self._place: Path | None = None
        self._targets = TargetList(TARGETS)
        self._head, self._said, self._more = plain_label("", "heading"), plain_label(""), plain_label("", "muted")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._export = button("export-button", tr("Choose a place …"), tr("Say where to write it."), "primary")
        self._reveal = button("export-reveal", tr("Show in folder"), tr("Open the folder in which it lies."), "normal")
        self._close = button("export-close", tr("Close"), tr("Close this window (Esc)."), "quiet")
        self._lay_out(about)
        self._targets.chosen.connect(self._show_target)
        self._export.clicked.connect(self._ask_place)
        self._reveal.clicked.connect(self._open_folder)
        self._close.clicked.connect(self._leave)
        exporter.examined.connect(self._examined)
        exporter.progressed.connect(self._progressed)
        exporter.finished.connect(self._finished)
        self._busy(tr("Looking at the network"))

    def reject(self) -> None:
        """Escape ends what is under way first."""
        self._leave()

    def begin(self, place: Path) -> None:
        """Export the chosen target to a place."""
        target = self._targets.target
        if target is None:
            return
        self._folder = place.parent
        self._place = place
        self._busy(tr("Writing {target}", target=tr(target.title)))
        self._close.setText(tr("Give up"))
        self._close.setToolTip(tr("End after the current step; nothing is left behind."))
        self.placed.emit(target, place)
        self._exporter.start(target, place)

    # -- what the exporter says ------------------------------------------------------------------

    def _examined(self, found: object) -> None:
        self._rest()
        if isinstance(found, str):
            self._say(tr("Nothing to export yet"), found, "error")
            self._targets.setEnabled(False)
            return
        assert isinstance(found, tuple)
        self._prospects = {prospect.target.key: prospect for prospect in found}
        self._targets.show_prospects(found)
        possible = [p.target.key for p in found if not p.obstacles]
        if possible:
            self._targets.choose(possible[0])
            self._targets.setFocus()
        self._show_target()

    def _progressed(self, text: object) -> None:
        self._said.setText(tr(str(text)) + " …")

    def _finished(self, outcome: object) -> None:
        self._rest()
        if not isinstance(outcome, Exported):
            self._say(tr("Not exported"), str(outcome), "error")
            return
        proved = isinstance(outcome.proof, Proof)
        name = outcome.place.name
        head = tr("Written and checked: {name}", name=name) if proved else tr("Written, unchecked: {name}", name=name)
        self._say(head, outcome.proof.text, "success" if proved else "warning")
        self._more.setText(_list(outcome.notes))
        self._place = outcome.place
        self._reveal.show()

    # -- parts -------------------------------------------------------------------------------------

    def _lay_out(self, about: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(8)
        column.addWidget(plain_label(tr("Export the network"), "title"))
        column.addWidget(plain_label(about, "muted"))
        column.addSpacing(8)
        column.addWidget(self._targets)
        card = QFrame()
        set_kind(card, "card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(16, 12, 16, 12)
        inner.setSpacing(6)
        for part in (self._head, self._said, self._more, self._bar):
            inner.addWidget(part)
        inner.addStretch(1)
        card.setMinimumHeight(96)
        column.addWidget(card)
        row = QHBoxLayout()
        row.addWidget(self._close)
        row.addStretch(1)
        row.addWidget(self._reveal)
        row.addWidget(self._export)
        column.addSpacing(8)
        column.addLayout(row)
        self._reveal.hide()

    def _show_target(self, _target: object = None) -> None:
        target = self._targets.target
        prospect = self._prospects.get(target.key) if target is not None else None
        if prospect is None or self._exporter.busy:
            return
        self._reveal.hide()
        self._export.setEnabled(not prospect.obstacles)
        if prospect.obstacles:
            self._say(tr("Cannot take this network"), _list(prospect.obstacles), "error")
        elif prospect.notes:
            self._say(tr("What will be different"), _list(prospect.notes), "")
        else:
            self._say(tr("Everything is carried over"), tr("Nothing of the network is lost or changed."), "")

    def _say(self, head: str, text: str, kind: str) -> None:
        self._head.setText(head)
        set_kind(self._head, f"{kind}-heading" if kind else "heading")
        self._said.setText(text)
        self._more.setText("")

    def _busy(self, what: str) -> None:
        self._say(what, "", "")
        self._bar.show()
        self._reveal.hide()
        self._targets.setEnabled(False)
        self._export.setEnabled(False)

    def _rest(self) -> None:
        self._bar.hide()
        self._targets.setEnabled(True)
        self._export.setEnabled(bool(self._prospects))
        self._close.setText(tr("Close"))
        self._close.setToolTip(tr("Close this window (Esc)."))

    def _leave(self) -> None:
        if self._exporter.busy and self._place is not None:
            self._exporter.give_up()
            self._said.setText(tr("Giving up after this step …"))
        else:
            self.accept()

    def _ask_place(self) -> None:
        target = self._targets.target
        if target is None:
            return
        dialog = place_dialog(self, target, self._folder, self._name)
        dialog.fileSelected.connect(lambda chosen: self.begin(_with_suffix(Path(chosen), target)))
        dialog.open()

    def _open_folder(self) -> None:
        if self._place is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._place.parent)))


def place_dialog(parent: QWidget, target: Target, folder: Path, name: str) -> QFileDialog:
    """Asks where a target is to be written."""
    dialog = QFileDialog(parent, tr("Export as {target}", target=tr(target.title)), str(folder))
    dialog.setObjectName("export-place")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    if target.suffix:
        dialog.setNameFilters([f"{tr(target.title)} (*{target.suffix})"])
        dialog.setDefaultSuffix(target.suffix.lstrip("."))
    dialog.selectFile(f"{name}{target.suffix or '-' + target.key}")
    return dialog


def _with_suffix(place: Path, target: Target) -> Path:
    return place if place.suffix == target.suffix or not target.suffix else Path(f"{place}{target.suffix}")


def _list(texts: tuple[str, ...]) -> str:
    shown = [tr(text) for text in texts[:MOST_NOTES]]
    if len(texts) > MOST_NOTES:
        shown.append(tr("… and {count} more.", count=len(texts) - MOST_NOTES))
    return "\n".join(f"• {text}" for text in shown)
