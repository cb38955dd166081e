"""What a start offers of unsaved work, and what becomes of it."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtWidgets import QPushButton

from designer.window.main_window import MainWindow
from designer.window.settings import recovery_folder
from engine.io import load_project, recovery, save_project
from engine.io.recovery import Note
from tests.designer.window.conftest import answer, seeded, settled, small
from tests.designer.window.leftover import kept, leftovers, offered, orphan, said
from tests.engine.io.samples import state_of


def test_nothing_is_asked_when_there_is_nothing(qtbot, window) -> None:
    assert offered(qtbot, window) == ["went on"]
    assert not window.sheet.is_open


def test_a_living_window_is_no_orphan(qtbot, window) -> None:
    other = MainWindow()
    qtbot.addWidget(other)
    other.files._show(small(), None, None)
    seeded(other, 8)
    other.autosave.flush()
    settled(qtbot, other)
    assert len(kept()) == 1
    assert offered(qtbot, window) == ["went on"]
    other.close_now()
    assert kept() == []


def test_later_asks_again_at_the_next_start(qtbot, window) -> None:
    orphan("old", Note(edited=1e9, epoch=4), 9)
    assert offered(qtbot, window) == []
    assert "Sep 2001" in said(window)
    assert "4 epochs trained" in said(window)
    answer(window, "later")
    assert not window.document.project.graph.nodes
    window.close_now()
    again = MainWindow()
    qtbot.addWidget(again)
    again.show()
    assert offered(qtbot, again) == []
    assert again.sheet.is_open
    again.close_now()
    assert len(kept()) == 1


def test_closing_while_work_is_brought_back_leaves_it_to_the_next_start(qtbot, window, tmp_path: Path) -> None:
    folder = tmp_path / "net.loom"
    save_project(folder, small(), None)
    orphan("old", Note(folder, 1e9), 9)
    offered(qtbot, window)
    gate, closed = threading.Event(), []
    window.closed.connect(lambda: closed.append("closed"))
    window._writer.submit(gate.wait, lambda _done: None)
    answer(window, "recover")
    window.close()
    threading.Timer(0.3, gate.set).start()
    qtbot.waitUntil(lambda: bool(closed), timeout=20_000)

    assert closed == ["closed"]
    assert not window.isVisible()
    assert [found.note.edited for found in kept()] == [1e9]
    assert not list(tmp_path.glob(".*.lock"))
    assert not list(recovery_folder().glob("*.lock"))
    assert not window.document.project.graph.nodes


def test_closing_while_unsaved_work_is_looked_for_asks_nothing(qtbot, window) -> None:
    orphan("old", Note(edited=1e9), 9)
    gate = threading.Event()
    window._writer.submit(gate.wait, lambda _done: None)
    window.recovery.offer(lambda: None)
    threading.Timer(0.3, gate.set).start()
    window.close_now()

    assert not window.sheet.is_open
    assert len(kept()) == 1
    assert not list(recovery_folder().glob("*.lock"))


def test_deleting_asks_once_more(qtbot, window) -> None:
    orphan("old", Note(edited=1e9), 9)
    offered(qtbot, window)
    answer(window, "delete")
    assert len(kept()) == 1
    answer(window, "cancel")
    answer(window, "delete")
    answer(window, "delete")
    settled(qtbot, window)
    assert leftovers() == []


def test_several_are_listed_and_dealt_with_one_by_one(qtbot, window, tmp_path: Path) -> None:
    for number in range(3):
        orphan(f"old-{number}", Note(tmp_path / f"net{number}.loom", 1e9 + number * 60), number + 10)
    offered(qtbot, window)
    names = [b.text() for b in window.sheet.findChildren(QPushButton) if b.isVisible()]
    assert names[:3] == ["net2", "net1", "net0"]
    answer(window, "orphan-1")
    answer(window, "later")
    answer(window, "orphan-2")
    answer(window, "delete")
    answer(window, "delete")
    answer(window, "orphan-0")
    answer(window, "recover")
    settled(qtbot, window)
    assert window.document.project.training.seed == 12
    assert "1 more" in window.messages.findChild(QPushButton, "message-action").text()
    window.messages.findChild(QPushButton, "message-action").click()
    answer(window, "recover")
    answer(window, "discard")
    settled(qtbot, window)
    assert window.document.project.training.seed == 11
    assert [k.note.original for k in kept()] == [tmp_path / "net1.loom"]


def test_a_damaged_folder_is_put_aside_and_the_start_goes_on(qtbot, window) -> None:
    folder = orphan("bad", Note(), 9)
    (folder / "note.json").write_bytes(b"\x00rubbish")
    assert offered(qtbot, window) == ["went on"]
    assert "damaged" in window.messages.text
    aside = [path for path in recovery_folder().glob("damaged-*")]
    assert [path.is_dir() for path in aside] == [True]
    assert str(aside[0]) in window.messages.text
    window.messages.hide()
    assert offered(qtbot, window) == ["went on"]
    assert not window.messages.isVisible()


def test_work_damaged_after_it_was_offered_is_put_aside(qtbot, window) -> None:
    folder = orphan("bad", Note(), 9)
    offered(qtbot, window)
    (folder / recovery.WORK / "project.json").write_text("{", encoding="utf-8")
    answer(window, "recover")
    settled(qtbot, window)
    assert "could not be brought back" in window.messages.text
    assert list(recovery_folder().glob("damaged-*"))
    assert not window.document.project.graph.nodes


def test_damaged_weights_bring_the_network_back_and_say_so(qtbot, window) -> None:
    folder = orphan("bad", Note(epoch=2), 9, state_of(small().graph))
    weights = next((folder / recovery.WORK).glob("*.h5"))
    weights.write_bytes(weights.read_bytes()[:500])
    offered(qtbot, window)
    answer(window, "recover")
    settled(qtbot, window)
    assert window.document.project.training.seed == 9
    assert window.runner.state is None
    assert window.messages.severity == "warning"
    assert weights.name in window.messages.text


def test_a_folder_that_is_gone_is_told_at_saving(qtbot, window, tmp_path: Path) -> None:
    orphan("old", Note(tmp_path / "gone.loom", digest="0" * 64), 9)
    offered(qtbot, window)
    answer(window, "recover")
    settled(qtbot, window)
    assert window.files.name == "gone"
    window.files.save()
    settled(qtbot, window)
    assert "is gone" in window.messages.text
    assert not (tmp_path / "gone.loom").exists()
    assert window.isWindowModified()


def test_work_of_a_project_that_was_changed_meanwhile_overwrites_nothing_unasked(qtbot, window, tmp_path: Path) -> None:
    digest = save_project(tmp_path / "p.loom", small(), None)
    orphan("old", Note(tmp_path / "p.loom", digest=digest), 9)
    save_project(tmp_path / "p.loom", small().with_training(small().training.changed(seed=50)), None)
    offered(qtbot, window)
    answer(window, "recover")
    settled(qtbot, window)
    window.files.save()
    settled(qtbot, window)
    assert load_project(tmp_path / "p.loom").project.training.seed == 50
    answer(window, "overwrite")
    settled(qtbot, window)
    assert load_project(tmp_path / "p.loom").project.training.seed == 9
    assert load_project(tmp_path / "p.loom", 1).project.training.seed == 50
