"""The data panel: choose data, look at them, decide what trains and what judges."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon
from PySide6.QtWidgets import QComboBox, QFileDialog, QPushButton, QVBoxLayout, QWidget

from designer.icons import icon
from designer.model.diff import Diff
from designer.model.document import Document
from designer.panels.blocks import MARGIN, label, line, scrolling
from designer.panels.data_faults import FaultCard
from designer.panels.dataset_view import DatasetView
from designer.panels.form.edit import Edit
from designer.panels.form.form import Form
from designer.panels.form.path import PathEditor
from designer.panels.form.slot import formula
from designer.panels.form.start import first_value
from designer.panels.loading import Loader
from designer.text import tr
from designer.theme import current_theme, set_kind
from engine.catalogue.sources.base import Dataset, Source
from engine.component import Component, parameters
from engine.registry import sources

#: Names that files of data sets usually have.
FILES = ("*.npz", "*-ubyte", "*-ubyte.gz", "*.idx", "*.idx?", "*.idx.gz", "*.gz")


class DataPanel(QWidget):
    """Chooses the project's data.

    What is chosen here is a draft until "Use this data" puts it into the project; it is read in
    the background and shown first. The data of the project itself are read by themselves.

    Args:
        document: the project.
        folder: its folder, where relative paths begin; see ``set_folder``.
    """

    def __init__(self, document: Document, folder: Path | None = None) -> None:
        super().__init__()
        self.setObjectName("data-panel")
        self.setAcceptDrops(True)
        self._document = document
        self._folder = folder
        self._draft: Source | None = None
        self._form: Form | None = None
        self._theme = current_theme().name
        self.loader = Loader(self)
        self.loader.loaded.connect(self._loaded)
        self.loader.failed.connect(self._failed)
        self._build()
        document.changed.connect(self._on_changed)
        self._adopt()

    # -- for the window -------------------------------------------------------------------------

    def set_folder(self, folder: Path | None) -> None:
        """Say where the project lies."""
        self._folder = folder

    def shutdown(self, timeout: float = 5.0) -> bool:
        """Stop reading; whether all threads ended in time (s)."""
        return self.loader.shutdown(timeout)

    def choose(self, source: Source) -> None:
        """Make a source the draft, and read it."""
        self._draft = source
        self._show_draft()
        self._read_draft()

    def take_files(self, paths: list[Path]) -> bool:
        """Choose the source that reads these files; whether there is one."""
        for cls in offered_sources():
            source = cls.accepts(paths)
            if source is not None:
                self.choose(source)
                return True
        names = ", ".join(path.name for path in paths)
        known = "; ".join(tr(cls.drops) for cls in offered_sources() if cls.drops)
        self.fault.tell(tr("No data were found in {names}. Drop {known}.", names=names, known=known))
        return False

    # -- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        self.combo = QComboBox()
        self.combo.setObjectName("data-source")
        self.combo.setToolTip(tr("Where the data come from."))
        self.combo.setAccessibleName(tr("Data source"))
        self.combo.setPlaceholderText(tr("Choose data …"))
        self.combo.setMinimumHeight(30)
        # The longest name must not make the panel wider than its dock.
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(12)
        self.combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for cls in offered_sources():
            self.combo.addItem(tr(cls.title), cls.key)
            self.combo.setItemData(self.combo.count() - 1, formula(cls), Qt.ItemDataRole.ToolTipRole)
        self.combo.setMaxVisibleItems(16)
        self.combo.setStyleSheet("QComboBox QAbstractItemView { min-width: 340px; }")  # but its list may be
        self.combo.setCurrentIndex(-1)
        self.combo.activated.connect(self._class_chosen)
        self.summary = label("", "small")
        self._form_place = QVBoxLayout()
        self.files = QPushButton(tr("Choose files …"))
        self.files.setObjectName("data-files")
        self.files.setToolTip(tr("Choose IDX files (pictures and labels) or an .npz file, as NumPy's savez writes it."))
        self.files.clicked.connect(self._ask_files)
        self.drop_hint = label(tr("or drop them here: IDX or .npz"), "small")
        self.progress = label("", "muted")
        self.progress.setObjectName("data-progress")
        self.fault = FaultCard()
        self.fault.located.connect(self._located)
        self.fault.allowed.connect(self._allowed)
        self.fault.again.connect(self._read_draft)
        self.use = QPushButton(tr("Use this data"))
        self.use.setObjectName("data-use")
        self.use.setToolTip(tr("Make these the project's data; you can undo it."))
        set_kind(self.use, "primary")
        self.use.clicked.connect(self._use)
        self.view = DatasetView(self._document)
        self._tint()
        self._lay_out()

    def _lay_out(self) -> None:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(10)
        layout.addWidget(self.combo)
        layout.addWidget(self.summary)
        layout.addLayout(self._form_place)
        layout.addWidget(line(self.files, self.drop_hint))
        for part in (self.progress, self.fault, self.use, self.view):
            layout.addWidget(part)
        layout.addStretch()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(content))

    def _tint(self) -> None:
        """Draw the icons in the theme's colours."""
        theme = current_theme()
        for row, cls in enumerate(offered_sources()):
            self.combo.setItemIcon(row, icon(cls.icon, theme.category(cls.category)))
        self.use.setIcon(QIcon() if self.use.isEnabled() else icon("check", theme.muted))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._theme != current_theme().name:
            self._theme = current_theme().name
            self._tint()

    # -- the draft ------------------------------------------------------------------------------

    def _class_chosen(self, row: int) -> None:
        self.choose_kind(sources.get(str(self.combo.itemData(row))))

    def choose_kind(self, cls: type[Component]) -> None:
        """Make a source of this kind the draft, and read it; nothing happens where it is one already."""
        if self._draft is not None and type(self._draft) is cls:
            return
        made = first_value(cls)
        assert isinstance(made, Source)
        self.choose(made)

    def _show_draft(self) -> None:
        draft = self._draft
        self.combo.setCurrentIndex(self.combo.findData(draft.key) if draft is not None else -1)
        self.summary.setText(formula(type(draft)) if draft is not None else "")
        self.summary.setVisible(draft is not None)
        declared = parameters(type(draft)) if draft is not None and not draft.hidden else ()
        if self._form is not None and (not declared or type(self._form.value()) is not type(draft)):
            self._form_place.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
            self._form = None
        if declared and draft is not None:
            if self._form is None:
                chooser = dict.fromkeys(draft.paths(), PathEditor)
                self._form = Form(declared, "param-source", editors=chooser)
                self._form.edited.connect(self._draft_edited)
                self._form_place.addWidget(self._form)
            self._form.set(draft)

    def _draft_edited(self, edit: Edit) -> None:
        if self._draft is not None:
            self.choose(edit.applied(self._draft))

    def _read_draft(self) -> None:
        draft = self._draft
        if draft is None:
            self.loader.drop()
            self._show_state(None)
        elif draft == self._document.project.source and self._document.dataset is not None:
            self._show_state(self._document.dataset)
        elif (kept := self.loader.kept(draft)) is not None:
            self._loaded(draft, kept)
        elif draft.paths() and not any(getattr(draft, name) for name in draft.paths()):
            self.loader.drop()
            self._show_state(None)
        else:
            self.loader.load(draft, self._folder)
            self._show_state(None, tr("Reading {what} …", what=draft.summary()))

    def _show_state(self, dataset: Dataset | None, progress: str = "", fault: str = "") -> None:
        """Show data, or that they are being read, or why there are none."""
        self.progress.setText(progress)
        self.progress.setVisible(bool(progress))
        self.fault.tell(fault, self._draft if fault else None)
        self.view.tell(dataset)
        used = self._draft is not None and self._draft == self._document.project.source
        self.use.setVisible(dataset is not None)
        if used and self.use.hasFocus():
            # A button that is switched off passes the keyboard on, far down to the next field.
            self.combo.setFocus(Qt.FocusReason.OtherFocusReason)
        self.use.setEnabled(not used)
        self.use.setText(tr("In use") if used else tr("Use this data"))
        self._tint()

    def _loaded(self, source: Source, dataset: Dataset) -> None:
        if source == self._document.project.source:
            self._document.set_dataset(dataset)
        if source == self._draft:
            self._show_state(dataset)

    def _failed(self, source: Source, sentence: str) -> None:
        if source == self._draft:
            self._show_state(None, fault=sentence)

    # -- the project ----------------------------------------------------------------------------

    def _use(self) -> None:
        if self._draft is not None:
            project = self._document.project.with_source(self._draft)
            self._document.edit(tr("Use {title}", title=tr(self._draft.title)), project)

    def _on_changed(self, diff: Diff) -> None:
        if diff.everything:
            self.loader.forget()
            self._draft = None
        if diff.everything or diff.source:
            self._adopt()
        elif diff.dataset and self._draft == self._document.project.source:
            self._read_draft()

    def _adopt(self) -> None:
        """Show the project's source, and see that its data get read."""
        source = self._document.project.source
        if source is not None or self._draft is None:
            self._draft = source
        self._show_draft()
        self._read_draft()

    # -- files ----------------------------------------------------------------------------------

    def _ask_files(self) -> None:
        dialog = QFileDialog(self, tr("Choose the files of a data set"))
        dialog.setObjectName("data-files-dialog")
        dialog.setNameFilters([tr("Data sets: IDX and .npz ({files})", files=" ".join(FILES)), tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.take_files([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _located(self, source: Source) -> None:
        """Go on with a source whose files were found elsewhere."""
        self._replace(source, tr("Locate data"))

    def _allowed(self) -> None:
        if self._draft is not None:
            self._replace(self._draft.confirmed(), tr("Allow reading these data"))

    def _replace(self, source: Source, text: str) -> None:
        if self._draft == self._document.project.source:
            self._document.edit(text, self._document.project.with_source(source))
        else:
            self.choose(source)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and all(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take_files([Path(url.toLocalFile()) for url in event.mimeData().urls()])
        event.acceptProposedAction()


def offered_sources() -> list[type[Source]]:
    """The sources to choose from, by title."""
    found = [cls for cls in sources if issubclass(cls, Source) and not cls.hidden]
    return sorted(found, key=lambda cls: cls.title.lower())
