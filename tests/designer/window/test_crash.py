from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from designer.window.crash import LIMIT, CrashLog


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
