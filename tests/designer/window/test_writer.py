from __future__ import annotations

import sys
import threading
import time

from designer.window.writer import Done, Writer


def test_jobs_run_in_order_on_another_thread_and_results_arrive_here(qtbot) -> None:
    writer = Writer()
    seen: list[tuple[object, bool]] = []
    here = threading.current_thread()
    for number in range(3):
        writer.submit(
            lambda number=number: (number, threading.current_thread() is here),
            lambda done: seen.append((done.value, threading.current_thread() is here)),
        )
    assert writer.busy
    qtbot.waitUntil(lambda: not writer.busy)
    assert seen == [((0, False), True), ((1, False), True), ((2, False), True)]
    assert writer.shutdown(5)


def test_a_failing_job_delivers_its_error_and_the_next_one_runs(qtbot) -> None:
    writer = Writer()
    seen: list[Done] = []
    writer.submit(lambda: 1 / 0, seen.append)
    writer.submit(lambda: "fine", seen.append)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert isinstance(seen[0].error, ZeroDivisionError)
    assert seen[1] == Done("fine")
    assert writer.shutdown(5)


def test_shutdown_finishes_what_waits(qtbot) -> None:
    writer = Writer()
    seen: list[object] = []
    writer.submit(lambda: time.sleep(0.05), seen.append)
    writer.submit(lambda: 7, lambda done: seen.append(done.value))
    assert writer.shutdown(5)
    assert seen == [Done(), 7]


def test_shutdown_keeps_its_time_limit(qtbot) -> None:
    writer = Writer()
    gate = threading.Event()
    writer.submit(gate.wait, lambda _done: None)
    assert not writer.shutdown(0.05)
    gate.set()
    assert writer.shutdown(5)


def test_shutdown_runs_what_receivers_submit(qtbot) -> None:
    writer = Writer()
    seen: list[str] = []

    def first(_done: Done) -> None:
        seen.append("first")
        writer.submit(lambda: seen.append("let go"), lambda _done: writer.submit(lambda: None, last))

    def last(_done: Done) -> None:
        seen.append("last")

    writer.submit(lambda: time.sleep(0.05), first)
    assert writer.shutdown(5)
    assert seen == ["first", "let go", "last"]
    assert not writer.busy


def test_shutdown_tells_of_a_receiver_that_fails_and_serves_the_others(qtbot, monkeypatch) -> None:
    writer = Writer()
    told: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: told.append(kind))
    seen: list[object] = []

    def fails(_done: Done) -> None:
        raise ValueError

    writer.submit(lambda: 1, fails)
    writer.submit(lambda: 2, lambda done: seen.append(done.value))
    assert writer.shutdown(5)
    assert seen == [2]
    assert told == [ValueError]


def test_works_again_after_a_shutdown(qtbot) -> None:
    writer = Writer()
    assert writer.shutdown(1)
    writer.submit(lambda: 1, lambda _done: None)
    assert writer.shutdown(5)
    seen: list[object] = []
    writer.submit(lambda: 2, lambda done: seen.append(done.value))
    qtbot.waitUntil(lambda: seen == [2])
    assert writer.shutdown(5)
