from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QPushButton, QWidget

from designer.model.document import Document
from designer.text import plain_tip
from designer.theme import apply_theme, theme_choice
from designer.training.status import RunStatus
from designer.window.docks import tab_bars
from designer.window.main_window import MainWindow
from designer.window.recent import RecentMenu
from designer.window.settings import add_recent, text_setting
from engine.io import load_project, save_project
from engine.project import Project
from engine.registry import layers, optimizers
from engine.templates import TEMPLATES
from tests.designer.window.conftest import settled, small


def click(window: MainWindow, name: str) -> None:
    QTest.mouseClick(window.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def press(window: MainWindow, key: str, control: bool = True) -> None:
    window.activateWindow()
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(window.windowHandle(), key, modifier)


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, button = QPointF(400, 300), Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), Qt.DropAction.CopyAction, data, button, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(where, Qt.DropAction.CopyAction, data, button, none))


def begun(qtbot, window: MainWindow, project: Project | None = None) -> Document:
    window.files._show(project or small(), None, None)
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=20_000)
    return window.document


def running(qtbot, window: MainWindow) -> None:
    click(window, "train-button")
    qtbot.waitUntil(lambda: window.runner.run_log.progress.step > 5, timeout=120_000)


# -- the frame -------------------------------------------------------------------------------------


def test_first_start_welcomes(window) -> None:
    assert window.windowTitle() == "Untitled[*]"
    assert not window.isWindowModified()
    assert window.findChild(QPushButton, "template-digits-dense").isVisible()
    assert "empty" in window.training.text
    assert (window.width(), window.height()) == (1280, 800)


def test_a_template_is_one_click_from_training(qtbot, window) -> None:
    click(window, "template-digits-dense")
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=20_000)
    assert window.training.text == "Ready to train"
    assert not window.isWindowModified()


def test_a_template_without_data_says_what_it_needs(qtbot, window) -> None:
    window.files.new_from("hand-signs")
    assert window.messages.isVisible()
    assert "64 × 64 × 3" in window.messages.text
    assert "No data are chosen yet" in window.training.text
    window.files.new_from("line")
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=20_000)
    assert not window.messages.isVisible()
    assert window.training.text == "Ready to train"


def test_title_marks_unsaved_work(qtbot, window, tmp_path: Path) -> None:
    window.files.new_from("digits-dense")
    window.document.edit("Clear", window.document.project.with_graph(Project().graph))
    assert window.isWindowModified()
    window.files._save_to(tmp_path / "title.loom", None)
    settled(qtbot, window)
    assert window.windowTitle() == "title[*]"
    assert not window.isWindowModified()
    window.document.undo()
    assert window.isWindowModified()
    window.document.redo()
    assert not window.isWindowModified()


def test_place_and_theme_are_remembered(qtbot, window) -> None:
    window.commands["theme-dark"].trigger()
    window.docks["run"].hide()
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    try:
        assert text_setting("theme") == "dark"
        assert theme_choice() == "dark"
        again = MainWindow()
        qtbot.addWidget(again)
        again.show()
        assert again.docks["run"].isHidden()
        assert again.docks["palette"].isVisible()
        again.docks.arrange()
        assert again.docks["run"].isVisible()
        again.close_now()
    finally:
        apply_theme(QApplication.instance(), "light")


def test_damaged_settings_do_no_harm(qtbot, window, tmp_path: Path) -> None:
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    for file in (tmp_path / "settings").rglob("*.ini"):
        file.write_bytes(b"[General]\ngeometry=@ByteArray(\\0\\x1)\ndocks=7\nrecent=@Invalid()\ntheme=\\xff\n")
    again = MainWindow()
    qtbot.addWidget(again)
    again.show()
    assert again.docks["palette"].isVisible()
    again.close_now()


def test_selecting_shows_the_inspector(qtbot, window) -> None:
    begun(qtbot, window)
    window.docks.show("data")
    window.selection.set({"dense"})
    assert window.findChild(QWidget, "inspector").isVisible()


def test_a_closed_panel_stays_closed(qtbot, window) -> None:
    begun(qtbot, window)
    window.docks["layer"].toggleViewAction().trigger()
    window.selection.set({"dense"})
    assert window.docks["layer"].isHidden()


def test_search_is_a_key_away(window) -> None:
    press(window, "f")
    assert window.focusWidget().objectName() == "palette-search"


def test_there_is_one_bar_of_tabs_at_each_place_however_often_the_panels_are_arranged(qtbot, window) -> None:
    for _ in range(2):
        qtbot.wait(50)
        shown = [bar for bar in tab_bars(window) if bar.isVisible()]
        tabs = sorted([bar.tabText(n) for n in range(bar.count())] for bar in shown)
        assert tabs == [["Layer", "Data", "Training"], ["Run", "Inside", "Results", "Table", "Problems"]]
        window.docks.arrange()


def test_another_project_begins_without_a_selection(qtbot, window) -> None:
    begun(qtbot, window)
    window.selection.set({"dense"})
    begun(qtbot, window, TEMPLATES["digits-dense"].make())
    assert not window.selection.nodes


# -- obstacles ------------------------------------------------------------------------------------------


def test_train_says_why_not_and_mends(qtbot, window) -> None:
    document = begun(qtbot, window)
    graph = document.project.graph
    document.edit("Spoil", document.project.with_graph(graph.with_layer("dense", layers.get("Dense")(7))))
    click(window, "train-button")
    assert not window.runner.is_active
    assert "10 classes" in window.training.text
    assert window.selection.nodes == {"dense"}
    # The layer itself says it; nothing else repeats it or covers the canvas.
    assert not window.messages.isVisible()
    assert "10 classes" not in window.findChild(QWidget, "run-status").text()
    fault = window.canvas.canvas.faults["dense"]
    shown = window.canvas.mapFromScene(fault.rect).boundingRect()
    assert window.canvas.viewport().rect().contains(shown)
    place = window.canvas.mapFromScene(fault.button.center())
    QTest.mouseClick(window.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert vars(document.project.graph.nodes["dense"].layer)["units"] == 10


def test_a_message_stands_above_the_canvas_and_hides_nothing_of_it(qtbot, window) -> None:
    begun(qtbot, window)
    window.messages.show_message("Something went wrong with a file. " * 6, "error")
    qtbot.waitUntil(lambda: window.canvas.geometry().top() > 0)
    assert not window.messages.geometry().intersects(window.canvas.geometry())


def test_a_message_goes_when_its_problem_is_solved(qtbot, window) -> None:
    window.files.new_from("digits-dense")
    project = window.document.project
    window.document.edit("Forget the data", project.with_source(None))
    click(window, "train-status")
    assert "No data" in window.messages.text
    window.document.undo()
    assert not window.messages.isVisible()


def test_a_loss_that_is_no_number_stops_with_a_sentence(qtbot, window) -> None:
    project = small()
    wild = optimizers.get("SGD")(learning_rate=1e30)
    graph = project.graph.with_layer("dense", layers.get("Dense")(10))
    changed = project.training.changed(optimizer=wild, loss="mean_squared_error", metrics=())
    project = project.with_graph(graph).with_training(changed)
    begun(qtbot, window, project)
    click(window, "train-button")
    qtbot.waitUntil(lambda: window.runner.status is RunStatus.FAILED, timeout=120_000)
    assert window.messages.text == window.runner.failure.text
    assert window.messages.isVisible()
    state = window.runner.state
    if state is not None:
        assert all(np.isfinite(a).all() for arrays in state.weights.values() for a in arrays.values())
    assert window.findChild(QPushButton, "train-button").isEnabled()


# -- files ------------------------------------------------------------------------------------------------


def test_a_dropped_project_opens(qtbot, window, tmp_path: Path) -> None:
    save_project(tmp_path / "there.loom", small(), None)
    drop(window, tmp_path / "there.loom")
    settled(qtbot, window)
    assert window.files.name == "there"
    assert set(window.document.project.graph.nodes) == {"input", "flatten", "dense"}


def test_dropped_data_go_to_the_data_panel(qtbot, window, tmp_path: Path) -> None:
    np.savez(tmp_path / "own.npz", x=np.zeros((20, 4), np.float32), y=np.arange(20) % 2)
    drop(window, tmp_path / "own.npz")
    assert window.findChild(QWidget, "data-panel").isVisible()
    qtbot.waitUntil(lambda: window.findChild(QPushButton, "data-use").isEnabled(), timeout=20_000)
    click(window, "data-use")
    qtbot.waitUntil(lambda: window.document.dataset is not None, timeout=20_000)
    assert window.document.dataset.samples == 20


def test_dropped_rubbish_is_explained(qtbot, window, tmp_path: Path) -> None:
    (tmp_path / "rubbish.npz").write_bytes(b"PK\x03\x04 nothing of use")
    before = window.document.project
    drop(window, tmp_path / "rubbish.npz")
    qtbot.wait(300)
    assert window.document.project is before
    assert window.isVisible()


def test_recent_projects_open(qtbot, window, tmp_path: Path) -> None:
    save_project(tmp_path / "a & b.loom", small(), None)
    add_recent(tmp_path / "a & b.loom")
    menu = window.findChild(QMenu, "recent-menu")
    assert isinstance(menu, RecentMenu)
    menu.aboutToShow.emit()
    entries = [action for action in menu.actions() if action.toolTip() == plain_tip(str(tmp_path / "a & b.loom"))]
    assert len(entries) == 1
    entries[0].trigger()
    settled(qtbot, window)
    assert window.files.name == "a & b"


# -- closing --------------------------------------------------------------------------------------------------


def test_closing_with_unsaved_work_asks(qtbot, window, tmp_path: Path) -> None:
    document = begun(qtbot, window)
    document.edit("Clear", document.project.with_graph(Project().graph))
    window.close()
    assert window.isVisible()
    assert window.sheet.is_open
    click(window, "sheet-cancel")
    assert window.isVisible()
    window.close()
    click(window, "sheet-save")
    dialog = window.findChild(QFileDialog, "save-dialog")
    field = dialog.findChild(QWidget, "fileNameEdit")
    field.setText(str(tmp_path / "kept"))
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert load_project(tmp_path / "kept.loom").project == document.project


def test_closing_during_training_can_be_called_off(qtbot, window) -> None:
    begun(qtbot, window)
    running(qtbot, window)
    window.close()
    assert window.sheet.is_open
    click(window, "sheet-cancel")
    step = window.runner.run_log.progress.step
    qtbot.waitUntil(lambda: window.runner.run_log.progress.step > step, timeout=20_000)
    assert window.isVisible()


@pytest.mark.parametrize("pause", [False, True], ids=["running", "paused"])
def test_closing_during_training_stops_saves_and_closes(qtbot, window, tmp_path: Path, pause: bool) -> None:
    document = begun(qtbot, window)
    window.files._save_to(tmp_path / "run.loom", None)
    settled(qtbot, window)
    running(qtbot, window)
    if pause:
        click(window, "pause-button")
        qtbot.waitUntil(lambda: window.runner.status is RunStatus.PAUSED, timeout=20_000)
    window.close()
    click(window, "sheet-save")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert not window.runner.is_active
    saved = load_project(tmp_path / "run.loom")
    assert saved.project == document.project
    assert saved.state.step == window.runner.state.step > 5


def test_closing_during_training_without_saving_loses_nothing_older(qtbot, window, tmp_path: Path) -> None:
    begun(qtbot, window)
    window.files._save_to(tmp_path / "old.loom", None)
    settled(qtbot, window)
    running(qtbot, window)
    window.close()
    click(window, "sheet-discard")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert load_project(tmp_path / "old.loom").state is None


def test_a_run_keeps_its_graph_while_the_user_edits_on(qtbot, window, tmp_path: Path) -> None:
    document = begun(qtbot, window)
    running(qtbot, window)
    graph = document.project.graph
    document.edit("Widen", document.project.with_graph(graph.with_layer("dense", layers.get("Dense")(12))))
    step = window.runner.run_log.progress.step
    qtbot.waitUntil(lambda: window.runner.run_log.progress.step > step + 20, timeout=20_000)
    window.files._save_to(tmp_path / "edited.loom", None)
    qtbot.waitUntil(lambda: window.files.folder is not None, timeout=20_000)
    click(window, "stop-button")
    qtbot.waitUntil(lambda: not window.runner.is_active, timeout=20_000)
    opened = load_project(tmp_path / "edited.loom")
    assert vars(opened.project.graph.nodes["dense"].layer)["units"] == 12
    assert vars(opened.state.graph.nodes["dense"].layer)["units"] == 10
    assert opened.state.weights["dense"]["bias"].shape == (10,)


# -- weights that do not fit any more ---------------------------------------------------------------------


def test_layers_that_no_longer_fit_what_was_learnt_say_so(qtbot, window) -> None:
    document = begun(qtbot, window)
    looks = window.canvas.canvas.nodes
    click(window, "train-button")
    qtbot.waitUntil(lambda: window.runner.status is RunStatus.RUNNING, timeout=120_000)
    assert not looks["dense"].look.untrained
    project = document.project
    document.edit("Swap", project.with_graph(project.graph.with_layer("dense", layers.get("Dense")(7))))
    assert looks["dense"].look.untrained  # the run keeps its own network
    click(window, "stop-button")
    qtbot.waitUntil(lambda: not window.runner.is_active, timeout=60_000)
    assert looks["dense"].look.untrained
    window.selection.set({"dense"})
    told = window.findChild(QLabel, "untrained")
    assert told.isVisibleTo(window)
    document.undo()
    assert not looks["dense"].look.untrained
    assert not told.isVisibleTo(window)
    document.redo()
    window.runner.start_over()
    assert not looks["dense"].look.untrained
