"""Work on a thread: what is told of it, and what is not told any more."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from designer.training.chore import Chore


class Step:
    """Work that tells its name when it is let go, and then its end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.thread: threading.Thread | None = None
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self) -> Iterator[object]:
        """On the thread."""
        self.thread = threading.current_thread()
        self.begun.set()
        assert self.go.wait(20)
        yield self.name
        yield f"{self.name} again"

    def finish(self) -> None:
        """Let it go and wait for its thread."""
        self.go.set()
        assert self.thread is not None
        self.thread.join(20)
        assert not self.thread.is_alive()


class Listener:
    """What a chore said."""

    def __init__(self, chore: Chore) -> None:
        self.told: list[object] = []
        self.ended: list[object] = []
        chore.told.connect(self.told.append)
        chore.ended.connect(self.ended.append)


@pytest.fixture
def chore(qtbot: QtBot) -> Iterator[Chore]:
    owner = QObject()
    made = Chore("test", owner)
    yield made
    assert made.shutdown(20)


def begin(chore: Chore, work: Step) -> None:
    chore.start(work)
    assert work.begun.wait(20)


def test_the_newest_is_told_and_then_the_end(qtbot: QtBot, chore: Chore) -> None:
    heard, work = Listener(chore), Step("one")
    begin(chore, work)
    work.finish()
    qtbot.waitUntil(lambda: not chore.busy)
    assert (heard.told, heard.ended) == (["one again"], [""])
    assert chore.seconds > 0


def test_stopping_waits_for_nobody_and_tells_the_end_alone(qtbot: QtBot, chore: Chore) -> None:
    heard, work = Listener(chore), Step("one")
    begin(chore, work)
    chore.stop()
    assert chore.busy and work.thread is not None and work.thread.is_alive()
    work.finish()
    qtbot.waitUntil(lambda: not chore.busy)
    assert (heard.told, heard.ended) == ([], [""])


def test_what_outlives_its_time_limit_does_not_speak_for_the_next(qtbot: QtBot, chore: Chore) -> None:
    heard, old, new = Listener(chore), Step("old"), Step("new")
    begin(chore, old)
    assert not chore.shutdown(0.0)
    begin(chore, new)

    old.finish()
    chore._collect()
    assert chore.busy and (heard.told, heard.ended) == ([], [])

    new.finish()
    qtbot.waitUntil(lambda: not chore.busy)
    assert (heard.told, heard.ended) == (["new again"], [""])


def test_the_next_work_begins_when_the_last_one_ended(qtbot: QtBot, chore: Chore) -> None:
    heard, old, new = Listener(chore), Step("old"), Step("new")
    begin(chore, old)
    chore.start(new)
    assert not new.begun.is_set()
    old.finish()
    qtbot.waitUntil(new.begun.is_set)
    new.finish()
    qtbot.waitUntil(lambda: not chore.busy)
    assert (heard.told, heard.ended) == (["new again"], [""])
