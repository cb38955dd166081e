"""The panel in its window."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from designer.training.look import Origin
from designer.training.looker import Looker
from designer.window.main_window import MainWindow
from engine.io import save_project
from tests.designer.panels.inside.conftest import pictures, small_net


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    made.document.reset(small_net())
    made.document.set_dataset(pictures())
    yield made
    made.close_now()


def until(qtbot, true) -> None:
    qtbot.waitUntil(true, timeout=60_000)


def test_control_i_brings_it_up_with_room_and_gives_it_back(qtbot, window) -> None:
    before = window.docks["run"].height()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: window._inside.is_seen and window.docks["inside"].height() > 0.4 * window.height())
    until(qtbot, lambda: window._inside.insight.looks > 0)
    window.docks.show("run")
    until(qtbot, lambda: abs(window.docks["run"].height() - before) <= 2)
    assert not window._inside.is_seen


def test_no_thread_and_no_probe_before_it_is_opened(qtbot, window) -> None:
    window.runner.start(window.document.project, window.document.dataset)
    until(qtbot, lambda: window.runner.run_log.progress.step > 20)
    assert "layerloom-inside" not in [thread.name for thread in threading.enumerate()]
    assert window._inside.insight.probes == 0


def test_behind_another_tab_it_rests(qtbot, window) -> None:
    window.docks.show("inside")
    window.runner.start(window.document.project, window.document.dataset)
    insight = window._inside.insight
    until(qtbot, lambda: insight.probes > 1)
    window.docks.show("run")
    until(qtbot, lambda: not window._inside.is_seen)
    probes, step = insight.probes, window.runner.run_log.progress.step
    until(qtbot, lambda: window.runner.run_log.progress.step > step + 500)
    assert insight.probes == probes
    assert not insight._collector.isActive() and not insight._next.isActive()
    window.docks.show("inside")
    until(qtbot, lambda: insight.probes > probes)


def test_the_window_closes_while_it_looks_at_a_run(qtbot, window) -> None:
    window.runner.start(window.document.project, window.document.dataset)
    window.docks.show("inside")
    until(qtbot, lambda: window._inside.insight.probes > 1)
    begun = time.monotonic()
    window.close_now()
    assert time.monotonic() - begun < 10
    assert not window.runner.is_active
    assert "layerloom-inside" not in [thread.name for thread in threading.enumerate()]
    assert not window._inside.insight._collector.isActive() and not window._inside.insight._next.isActive()


def test_opened_projects_show_what_was_learnt(qtbot, window, tmp_path) -> None:
    window.docks.show("inside")
    window.runner.start(window.document.project, window.document.dataset, None, 2)
    until(qtbot, lambda: not window.runner.is_active and window.runner.state is not None)
    save_project(tmp_path / "kept.loom", window.document.project, window.runner.state)
    window.runner.restore(None)
    until(qtbot, lambda: "random" in window._inside.state.text)
    window.files.open_folder(tmp_path / "kept.loom")
    until(qtbot, lambda: window.runner.state is not None)
    window.document.set_dataset(pictures())
    until(qtbot, lambda: "2 epochs trained" in window._inside.state.text)
    assert "random" not in window._inside.state.text
    assert window._inside.insight.knowledge.origin is Origin.TRAINED


def test_an_empty_project_says_what_to_do(qtbot, window) -> None:
    window.docks.show("inside")
    window.document.reset(type(window.document.project)())
    until(qtbot, lambda: "Build a network" in window._inside.state.text)
    assert window._inside.prediction.bars.answer is None


def test_the_latest_question_wins_and_the_thread_sleeps(qtbot, window) -> None:
    window.docks.show("inside")
    until(qtbot, lambda: window._inside.insight.looks > 0)
    know, wish = window._inside.insight.knowledge, window._inside.insight._wish
    looker = Looker()
    for _ in range(50):
        looker.ask(know, wish)
    deadline = time.monotonic() + 30
    answers = []
    while looker.busy and time.monotonic() < deadline:
        answers += looker.take()
        time.sleep(0.005)
    assert 1 <= len(answers) < 50
    assert answers[-1].outputs and not answers[-1].fault
    thread = looker._thread
    assert looker.close(10) and not thread.is_alive()
