"""Finds what a test left behind, and the line that left it."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

#: How long a thread may take to end by itself after its test (s).
GRACE = 20.0


class ThreadWatch:
    """Remembers the line that started each thread, so that a leak can be named."""

    def __init__(self) -> None:
        self.origins: dict[int, str] = {}

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Note where threads are started from now on."""
        start: Callable[[threading.Thread], None] = threading.Thread.start

        def noted(thread: threading.Thread) -> None:
            self.origins[id(thread)] = origin()
            start(thread)

        patch.setattr(threading.Thread, "start", noted)

    def leaked(self, before: set[threading.Thread]) -> list[str]:
        """Sentences about threads that outlived their test."""
        found = []
        for thread in set(threading.enumerate()) - before:
            thread.join(GRACE)
            if thread.is_alive():
                where = self.origins.get(id(thread), "an unknown place")
                found.append(f"thread '{thread.name}' still runs; it was started at {where}")
        return found


def origin() -> str:
    """The nearest line of our own code on the stack."""
    root = str(Path(__file__).parent.parent)
    frames = [f for f in traceback.extract_stack()[:-2] if f.filename.startswith(root) and ".venv" not in f.filename]
    ours = [f for f in frames if not f.filename.endswith("conftest.py")]
    return f"{ours[-1].filename}:{ours[-1].lineno}" if ours else "an unknown place"


class WarningCatcher(logging.Handler):
    """Keeps log records from WARNING on."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.lines.append(f"{record.name}: {record.getMessage()} ({record.pathname}:{record.lineno})")
