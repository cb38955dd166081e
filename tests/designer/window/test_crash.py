from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTimer

from designer.window.crash import LIMIT, CrashLog
from designer.window.main_window import MainWindow
from designer.window.settings import recovery_folder
from engine.io.recovery import brought_back, found_in
from tests.designer.window.conftest import seeded, settled, small


@pytest.fixture
def log(tmp_path: Path, qapp):
    said: list[str] = []
    made = CrashLog(said.append, tmp_path / "log" / "layerloom.log")
    made.said = said
    yield made
    made.remove()


def raise_and_catch(log: CrashLog, text: str = "a fault") -> None:
    try:
        raise ValueError(text)
    except ValueError:
        log.caught(*sys.exc_info())


def test_a_fault_is_written_down_and_said_once(log: CrashLog) -> None:
    for number in range(50):
        raise_and_catch(log, f"fault {number}")
    QCoreApplication.sendPostedEvents(log)
    assert len(log.said) == 1
    assert "ValueError" in log.said[0]
    assert str(log.path) in log.said[0]
    assert log.path.read_text(encoding="utf-8").count("Traceback") == 50


def test_a_flood_does_not_fill_the_disk(log: CrashLog) -> None:
    for number in range(LIMIT + 100):
        raise_and_catch(log, f"fault {number}")
    assert log.path.read_text(encoding="utf-8").count("Traceback") == LIMIT
    QCoreApplication.sendPostedEvents(log)


def test_threads_are_covered_too(log: CrashLog) -> None:
    log.install()
    thread = threading.Thread(target=lambda: 1 / 0, name="worker-7")
    thread.start()
    thread.join()
    log.remove()
    QCoreApplication.sendPostedEvents(log)
    assert "ZeroDivisionError" in log.said[0]
    assert "worker-7" in log.path.read_text(encoding="utf-8")


def test_hooks_are_given_back(log: CrashLog) -> None:
    before = sys.excepthook, threading.excepthook
    log.install()
    assert sys.excepthook == log.caught
    log.remove()
    assert (sys.excepthook, threading.excepthook) == before


def test_a_place_that_cannot_be_written_is_no_obstacle(tmp_path: Path, qapp, capsys) -> None:
    (tmp_path / "file").write_text("in the way")
    said: list[str] = []
    log = CrashLog(said.append, tmp_path / "file" / "layerloom.log")
    raise_and_catch(log)
    QCoreApplication.sendPostedEvents(log)
    log.remove()
    assert len(said) == 1


# -- what becomes of the work ------------------------------------------------------------------------


@contextmanager
def guarded(window: MainWindow, path: Path) -> Iterator[None]:
    """The last net under a window, as the program installs it; inside the test, for pytest has nets of its own."""
    log = CrashLog(window.messages.show_message, path, window, window.autosave.rescue)
    log.install()
    try:
        yield
    finally:
        log.remove()


def kept_seed() -> int | None:
    folders = [path for path in recovery_folder().glob("*") if path.is_dir()]
    kept = found_in(folders[0]) if folders else None
    return brought_back(kept).project.training.seed if kept is not None else None


@pytest.mark.parametrize("where", ["slot", "thread"])
def test_a_fault_keeps_the_work_at_once_and_the_window_lives(qtbot, window, tmp_path: Path, where: str) -> None:
    window.files._show(small(), None, None)
    window.autosave._calm.setInterval(60_000)
    window.autosave._latest.setInterval(60_000)
    seeded(window, 31)
    assert kept_seed() is None

    with guarded(window, tmp_path / "layerloom.log"):
        if where == "slot":
            QTimer.singleShot(0, lambda: 1 / 0)
        else:
            threading.Thread(target=lambda: 1 / 0).start()
        qtbot.waitUntil(lambda: "ZeroDivisionError" in window.messages.text, timeout=20_000)
    settled(qtbot, window)

    assert kept_seed() == 31
    assert window.messages.isVisible()
    seeded(window, 32)
    assert window.document.project.training.seed == 32
    assert window.isWindowModified()


def test_a_fault_in_the_rescue_does_not_go_round_for_ever(tmp_path: Path, qapp) -> None:
    said: list[str] = []
    log = CrashLog(said.append, tmp_path / "layerloom.log", None, lambda: 1 / 0)
    raise_and_catch(log)
    for _ in range(5):
        QCoreApplication.sendPostedEvents(log)
    log.remove()
    assert len(said) == 1
    assert log.path.read_text(encoding="utf-8").count("could not be kept aside") == 1
