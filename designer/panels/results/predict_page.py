"""Answers for files of one's own: choose or drop them, read the table, write it as CSV."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from designer.model.diff import Diff
from designer.model.document import Document
from designer.panels.blocks import button
from designer.panels.inside.words import Words
from designer.panels.results.answers_model import SIDE, AnswersModel
from designer.text import tr
from designer.training.answering import Answered, Asked, Written, answering, writing
from designer.training.chore import Chore
from designer.training.runner import Runner
from engine.explain.batches import Progress
from engine.train.state import RunState

FILES = "*.png *.jpg *.jpeg *.bmp *.gif *.npy *.npz *.gz *idx?-ubyte"


class PredictPage(QWidget):
    """Lets the trained network answer.

    Args:
        document: class names and fields.
        runner: whose weights.
    """

    def __init__(self, document: Document, runner: Runner) -> None:
        super().__init__()
        self.setObjectName("results-predict")
        self.setAcceptDrops(True)
        self._document, self._runner = document, runner
        self._answered: Answered | None = None
        self._paths: tuple[Path, ...] = ()
        self._writing: Path | None = None
        self._written = False
        self._chore = Chore("predict", self)
        self._chore.told.connect(self._told)
        self._chore.ended.connect(self._ended)
        self.state = Words("predict-state", "muted")
        self.open = button(
            "predict-open", tr("Choose files …"), tr("Pictures, .npy, .npz or IDX files; dropping them does the same."),
            "normal",
        )  # fmt: skip
        self.folder = button(
            "predict-folder",
            tr("Choose a folder …"),
            tr("All pictures of a folder, one answer each."),
            "normal",
        )
        self.invert = QCheckBox(tr("Swap dark and light"))
        self.invert.setObjectName("predict-invert")
        self.invert.setToolTip(tr("The digits of MNIST are white on black; photographs of ink on paper need this."))
        self.export = button(
            "predict-csv",
            tr("Save as CSV …"),
            tr("Write class, confidence and all numbers of each sample."),
            "primary",
        )
        self.halt = button("predict-stop", tr("Stop"), tr("Give up what is under way."), "quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(120)
        self.model = AnswersModel(self)
        self.table = _table(self.model)
        self._lay_out()
        self.open.clicked.connect(self._choose_files)
        self.folder.clicked.connect(self._choose_folder)
        self.export.clicked.connect(self._choose_place)
        self.halt.clicked.connect(self._chore.stop)
        self.invert.toggled.connect(lambda _on: self._again())
        document.changed.connect(self._document_changed)
        self._refresh()
        self._say_hint()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for part in (self.open, self.folder, self.invert):
            tools.addWidget(part)
        tools.addWidget(self.state, 1)
        for part in (self.bar, self.halt, self.export):
            tools.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 2, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(tools)
        layout.addWidget(self.table, 1)

    def take_files(self, paths: tuple[Path, ...]) -> None:
        """Answer these files with the newest weights."""
        self._paths = paths
        # While a run is under way its thread copies them at the next batch boundary.
        self._runner.request_snapshot(lambda state: self._answer(paths, state))

    def _answer(self, paths: tuple[Path, ...], state: RunState | None) -> None:
        if state is None:
            self.state.tell(tr("Nothing was trained yet. Press Train first."), "error")
            return
        project = self._document.project
        dataset = self._document.dataset
        targets = dataset.targets.values() if dataset is not None else ()
        classes = next((field.classes for field in targets if field.classes), ())
        asked = Asked(state.graph, state.weights, project.inputs, paths, self.invert.isChecked(), classes)
        self._begin()
        self._chore.start(lambda: answering(asked))

    def write(self, place: Path) -> None:
        """Write what is shown, and what does not fit the table, as CSV."""
        answered = self._answered
        if answered is not None:
            self._writing, self._written = place, False
            self._begin()
            self._chore.start(lambda: writing(answered, place))

    def shutdown(self, timeout_s: float) -> bool:
        """Stop and wait; whether the thread ended in time."""
        return self._chore.shutdown(timeout_s)

    def _document_changed(self, diff: Diff) -> None:
        """Another project answers otherwise: what the last one said goes, a file that is being written does not."""
        if not diff.everything:
            return
        self._answered, self._paths = None, ()
        self.model.tell(None)
        if self._writing is None:
            self._chore.stop()
            self._say_hint()
        self._refresh(busy=self._chore.busy)

    # -- the work ----------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.bar.setRange(0, 0)
        self.state.tell(tr("Working …"), "muted")
        self._refresh(busy=True)

    def _told(self, item: object) -> None:
        if isinstance(item, Progress):
            self.bar.setRange(0, item.total)
            self.bar.setValue(item.done)
        elif isinstance(item, Written):
            self._written = True
        elif isinstance(item, Answered):
            self._answered = item
            self.model.tell(item)
            self._fit_columns()

    def _ended(self, sentence: object) -> None:
        writing, self._writing = self._writing, None
        if sentence and (self._paths or writing is not None):
            self.state.tell(str(sentence), "error")
        elif writing is not None:
            done = self._written
            text = tr("Saved to {name}.", name=writing.name) if done else tr("Given up; nothing was written.")
            self.state.tell(text, "success" if done else "muted")
        elif self._answered is not None:
            self.state.tell(self._sentence(self._answered), "text")
        else:
            self._say_hint()
        self._refresh()

    def _sentence(self, answered: Answered) -> str:
        count, shown = f"{answered.total:,}", len(answered.rows)
        told = tr("1 sample answered.") if answered.total == 1 else tr("{count} samples answered.", count=count)
        if shown < answered.total:
            told += " " + tr("The first {shown} are shown; a file gets all.", shown=f"{shown:,}")
        return " ".join((told, *answered.samples.notes))

    def _again(self) -> None:
        if self._paths:
            self.take_files(self._paths)

    def _refresh(self, busy: bool = False) -> None:
        self.bar.setVisible(busy)
        self.halt.setVisible(busy)
        self.export.setEnabled(self._answered is not None and not busy)

    def _say_hint(self) -> None:
        self.state.tell(tr("Choose pictures or arrays, or drop them here."), "muted")

    def _fit_columns(self) -> None:
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.resizeColumnsToContents()

    # -- choosing ------------------------------------------------------------------------------------

    def _choose_files(self) -> None:
        dialog = self._dialog("predict-files", tr("Files to answer"), QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([tr("Samples ({files})", files=FILES), tr("All files (*)")])
        dialog.filesSelected.connect(lambda names: self.take_files(tuple(Path(name) for name in names)))
        dialog.open()

    def _choose_folder(self) -> None:
        dialog = self._dialog("predict-from", tr("Folder of pictures"), QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.take_files((Path(name),)))
        dialog.open()

    def _choose_place(self) -> None:
        dialog = self._dialog("predict-place", tr("Save the answers"), QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Table (*.csv)")])
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("answers.csv")
        dialog.fileSelected.connect(lambda name: self.write(Path(name)))
        dialog.open()

    def _dialog(self, name: str, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setObjectName(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        return dialog

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if _paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Answer what was dropped."""
        paths = _paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.take_files(paths)


def _paths(data: QMimeData) -> tuple[Path, ...]:
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())


def _table(model: AnswersModel) -> QTableView:
    table = QTableView()
    table.setObjectName("predict-table")
    table.setModel(model)
    table.setAccessibleName(tr("Answers"))
    table.setIconSize(QSize(SIDE, SIDE))
    table.setShowGrid(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(SIDE + 6)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    return table
