"""The window: makes the parts and connects them, nothing else."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QSizePolicy, QToolBar, QVBoxLayout, QWidget

from designer.canvas.view import CanvasView
from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.data import DataPanel
from designer.panels.history import HistoryPanel
from designer.panels.inside.panel import InsidePanel
from designer.panels.inside.rows import Part
from designer.panels.inspector import Inspector
from designer.panels.palette import Palette
from designer.panels.results.panel import ResultsPanel
from designer.panels.run import RunPanel
from designer.panels.training import TrainingPanel
from designer.text import tr
from designer.training.learnt import Learnt, fresh_words
from designer.training.runner import Runner
from designer.window.actions import Actions
from designer.window.aids import Aids
from designer.window.appearance import Appearance
from designer.window.autosave import Autosave
from designer.window.bookmark_menu import BookmarkMenu
from designer.window.comparing.comparing import Comparing
from designer.window.dialogs import FolderDialogs, is_project
from designer.window.docks import Docks
from designer.window.explaining.explaining import Explaining
from designer.window.files import Files
from designer.window.giving.giving import Giving
from designer.window.guide import Guide
from designer.window.importing import Importing
from designer.window.keyboard import Keyboard
from designer.window.message_bar import MessageBar
from designer.window.obstacles import Obstacles
from designer.window.overview import about_window, keys_window
from designer.window.own_blocks import OwnBlocks
from designer.window.pasting import Pasting
from designer.window.picturing import Picturing
from designer.window.questions import beginnings
from designer.window.recent import RecentMenu
from designer.window.recovery import Recovery
from designer.window.room import Room
from designer.window.seat import Seat
from designer.window.settings import bytes_setting, recovery_folder, remember
from designer.window.sheet import Sheet
from designer.window.survey import Survey
from designer.window.train_bar import TrainBar
from designer.window.views import Views
from designer.window.writer import Writer
from engine.exchange.importing.importer import is_model_file
from engine.exchange.snippets.script import is_script
from engine.train.events import Told

#: Size at the first start.
SIZE = QSize(1280, 800)
#: Longest waits when closing: for the run, for data being read, for a look inside, and for the writer (s).
RUN_WAIT, DATA_WAIT, LOOK_WAIT, WRITE_WAIT = 10.0, 2.0, 2.0, 60.0
#: Raised when the docks change, so that an old arrangement is not forced upon new ones.
LAYOUT_VERSION = 5


class MainWindow(QMainWindow):
    """Everything on the screen.

    Attributes:
        document, selection, runner: what the panels look at.
        canvas: where the network is drawn.
        docks: the panels around it.
        messages, sheet: sentences and questions.
        survey: the table of the layers and the list of problems.
        files: new, open, save.
        views: how far and where one looks in each project.
        autosave, recovery: keep unsaved work aside, and bring it back.
        giving: exports.
        importing: models of other programs.
        picturing: pictures of the network.
        pasting: code that becomes layers.
        comparing: the network and another one.
        explaining: what things are.
        guide: the tour of the window.
        obstacles: what keeps training from starting.
        training: start, pause, stop.
        appearance: the theme.
        commands: the actions.
        aids: what helps to find one's way.
        closed: everything is stopped and stored; the program may end.
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setAcceptDrops(True)
        self._closing = False
        self.document = Document(parent=self)
        self.selection = Selection(self.document, self)
        self.runner = Runner(self)
        self.appearance = Appearance()
        self._learnt = Learnt(self.document, self.runner, self)
        self.canvas = CanvasView(self.document, self.selection)
        self.messages = MessageBar()
        self._data = DataPanel(self.document)
        self._inspector = Inspector(self.document, self.selection)
        self._palette = Palette(self.document)
        self._run = RunPanel(self.document, self.runner)
        self._inside = InsidePanel(self.document, self.runner, self.selection)
        self._results = ResultsPanel(self.document, self.runner)
        self.survey = Survey(self.document, self.selection, self.canvas)
        self.docks = Docks(
            self,
            {
                "palette": self._palette,
                "layer": self._inspector,
                "data": self._data,
                "training": TrainingPanel(self.document),
                "history": HistoryPanel(self.document),
                "run": self._run,
                "inside": self._inside,
                "results": self._results,
                "overview": self.survey.overview,
                "problems": self.survey.problems,
            },
        )
        self.survey.attach(self.docks, self._inspector)
        self._room = Room(self, self.docks, "inside", "results")
        self._make_centre()
        self.sheet = Sheet(self)
        self._writer = Writer(self)
        self.files = Files(self.document, self.runner, self._writer, self.messages, self.sheet, FolderDialogs(self))
        self.runner.folder = lambda: self.files.folder
        self.views = Views(self.files, self.canvas)
        kept = recovery_folder()
        self.autosave = Autosave(self.document, self.runner, self.files, self._writer, self.messages, kept)
        self.recovery = Recovery(self.files, self.autosave, self._writer, self.messages, self.sheet, kept)
        self.giving = Giving(self.document, self.runner, self.files, self)
        self.picturing = Picturing(self.document, self.files, self.messages, self)
        self.pasting = Pasting(self.document, self.canvas, self.messages, self)
        self.comparing = Comparing(
            self.document, self.selection, self.canvas, self.runner,
            self.files, self._writer, self.messages, self.sheet, self,
        )  # fmt: skip
        self.importing = Importing(self.document, self.runner, self.files, self.messages, self)
        self.explaining = Explaining(self.document, self.selection, self._palette, self)
        self.training = TrainBar(self.document, self.runner, self._run)
        self.guide = Guide(self, self.docks, {"canvas": self.canvas, "train": self.training})
        self.obstacles = Obstacles(self.document, self.selection, self.runner, self.canvas, self.messages, self.docks)
        self.commands = Actions(self, self.canvas)
        self.aids = Aids(
            self, self.document, self.selection, self.canvas, self.docks, self.commands, self.files.new_from
        )
        self._make_bars()
        Keyboard(self, self.canvas, self.document)
        self._connect()
        self._restore()
        self._refresh()

    # -- what commands ask -----------------------------------------------------------------------

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self.document.stack.canUndo()

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return self.document.stack.canRedo()

    @property
    def has_selected_nodes(self) -> bool:
        """Whether layers are selected."""
        return bool(self.selection.nodes)

    @property
    def has_selection(self) -> bool:
        """Whether anything is selected."""
        return not self.selection.is_empty

    @property
    def has_folder(self) -> bool:
        """Whether the project was saved or opened, so that earlier saves may lie there."""
        return self.files.folder is not None

    @property
    def is_training(self) -> bool:
        """Whether a run is under way."""
        return self.runner.is_active

    def open_named(self, path: Path) -> None:
        """Open a project, or import a model, that was dropped or named on the command line."""
        if is_model_file(path):
            self.importing.take(path)
        else:
            self.files.open_folder(path)

    # -- what commands do ------------------------------------------------------------------------

    def find_layer(self) -> None:
        """Go to the palette's search."""
        self.docks.show("palette")
        self._palette.focus_search()

    def see_inside(self) -> None:
        """Bring the look inside the network up, with room for its pictures; once more gives the room back."""
        self._room.toggle("inside")

    def see_results(self) -> None:
        """Bring figures and mistakes up, with room for them; once more gives the room back."""
        self._room.toggle("results")

    def reset_layout(self) -> None:
        """Put panels and views back to how they are at first."""
        self.docks.arrange()
        self.views.reset()

    def show_keys(self) -> None:
        """List all keys."""
        keys_window(self).open()

    def show_about(self) -> None:
        """Tell version and licences."""
        about_window(self).open()

    # -- events ------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved work; close when the answer allows it."""
        if not self._closing:
            # Posted: what its receivers raise must not pass through Qt, which waits for the answer to this event.
            self.files.guard(lambda: QTimer.singleShot(0, self, self.close_now))
        event.setAccepted(self._closing)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if _paths(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a dropped project; anything else may be data."""
        paths = _paths(event)
        event.acceptProposedAction()
        projects = [path for path in paths if is_project(path) or is_model_file(path)]
        if projects:
            self.open_named(projects[0])
        elif paths and is_script(paths[0]):
            self.pasting.take(paths[0])
        elif paths:
            self.docks.show("data")
            self._data.take_files(paths)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "commands"):
            self.commands.dress()

    # -- making ------------------------------------------------------------------------------------

    def _make_centre(self) -> None:
        # A message has its own place above the canvas: over it, it would hide layers.
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.canvas, 1)
        self.setCentralWidget(centre)

    def _make_bars(self) -> None:
        panels = QMenu(tr("&Panels"), self)
        self.docks.fill_menu(panels)
        recent = RecentMenu(self, self.files.open_folder)
        bookmarks = BookmarkMenu(self, self.document, self.aids.bookmarks)
        self.commands.fill_menus(self.menuBar(), {"recent": recent, "docks": panels, "bookmarks": bookmarks})
        bar = QToolBar(tr("Tools"), self)
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setIconSize(QSize(18, 18))
        bar.toggleViewAction().setEnabled(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.commands.fill_toolbar(bar)
        self.training.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(self.training)
        self.addToolBar(bar)
        self.commands.dress()

    def _connect(self) -> None:
        stack = self.document.stack
        stack.undoTextChanged.connect(lambda text: self.commands.retitle("undo", "&Undo", text))
        stack.redoTextChanged.connect(lambda text: self.commands.retitle("redo", "&Redo", text))
        self.canvas.take_layers_from(self._palette)
        self.blocks = OwnBlocks(self, self.canvas, self._palette, self.messages)
        self.canvas.set_templates(beginnings())
        self.canvas.template_requested.connect(self.files.new_from)
        self.canvas.inspector_requested.connect(self._edit_parameters)
        self._inspector.asked.connect(self.explaining.explain)
        self._inspector.dropped.connect(lambda sentence: self.messages.show_message(sentence, "warning"))
        self.sheet.shown.connect(self.commands.lock)
        self.files.folder_changed.connect(self._data.set_folder)
        self.files.settling.connect(self.canvas.settle)
        self.files.changed.connect(self._refresh)
        self.files.opened.connect(self._show_project)
        self.document.changed.connect(self._refresh)
        self.selection.changed.connect(self._refresh)
        self.selection.changed.connect(self._show_selected)
        self.training.explained.connect(self.obstacles.show)
        self._run.problem_clicked.connect(self.obstacles.show)
        for key, panel, see in (
            ("inside", self._inside, self.see_inside),
            ("results", self._results, self.see_results),
        ):
            panel.room_wanted.connect(see)
            panel.set_front(False)  # behind another tab, until its dock says otherwise
            self.docks[key].visibilityChanged.connect(panel.set_front)
        for place in (self._run.curves, self._inside):
            place.saved.connect(lambda sentence: self.messages.show_message(sentence, "success"))
        self._results.judge.sample_opened.connect(self._look_at)
        self.runner.status_changed.connect(self._refresh)
        self.runner.status_changed.connect(self.obstacles.tell_failure)
        self.runner.told.connect(self._tell_warning)
        self._learnt.went_on.connect(self._tell_fresh)

    def _look_at(self, part: Part, row: int) -> None:
        """Show a sample that was found among the results."""
        self._inside.show_sample(part, row)
        self.docks.show("inside")

    def _show_project(self) -> None:
        self.selection.clear()
        self.views.show()
        self._run.refresh()
        self.training.refresh()

    def _show_selected(self, _selection: object) -> None:
        if self.selection.nodes or self.selection.edges:
            self.docks.bring_forward("layer")

    def _edit_parameters(self) -> None:
        self.docks.show("layer")
        self._inspector.focus_first()

    def _tell_warning(self, said: Told) -> None:
        if said.warning:
            self.messages.show_message(said.text, "warning")

    def _tell_fresh(self, fresh: tuple[str, ...]) -> None:
        if fresh:
            nodes = self.document.project.graph.nodes
            self.messages.show_message(fresh_words([nodes[key].name for key in fresh]), "success")

    def _restore(self) -> None:
        Seat(self, SIZE)
        state = bytes_setting("docks")
        if state is None or not self.restoreState(state, LAYOUT_VERSION):
            self.docks.arrange()
        self.docks.bring_forward("run")  # nothing is open yet that could be looked into

    def _refresh(self, _what: object = None) -> None:
        self.obstacles.refresh()
        self.commands.refresh()
        self.setWindowTitle(f"{self.files.name}[*]")
        self.setWindowModified(self.files.has_unsaved_work)

    def close_now(self) -> None:
        """Stop, join and close without a question."""
        if self._closing:
            return
        self._closing = True
        self.views.keep()
        remember("geometry", self.saveGeometry())
        self._room.leave()
        remember("docks", self.saveState(LAYOUT_VERSION))
        self.hide()  # what follows may take a moment
        self.runner.shutdown(RUN_WAIT)
        self._data.shutdown(DATA_WAIT)
        self._inside.shutdown(LOOK_WAIT)
        self._results.shutdown(LOOK_WAIT)
        self.importing.shutdown(DATA_WAIT)
        for part in (self.autosave, self.recovery, self.files):
            part.close()
        self.giving.shutdown(WRITE_WAIT)
        self._writer.shutdown(WRITE_WAIT)
        self.close()  # does nothing when the answer was needed by nobody and closing is under way already
        self.closed.emit()  # Qt does not count a window that is hidden already as the last one closed


def _paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
