"""Disks that fail or remember, and pairs of project and state to save on them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.io import load_project
from engine.io.disk import Disk
from engine.project import Project
from engine.train.state import RunState
from tests.engine.io.samples import assert_same_state, full_project, small_graph, state_of

CALLS = ("create", "write", "sync", "close", "replace", "remove", "make_folder", "sync_folder")


class FailingDisk(Disk):
    """A real disk that fails at one call; counts the calls.

    Args:
        fail_at: number of the failing call among those of ``kind``, from 0; none for -1.
        code: what it says.
        kind: one of ``CALLS``, or empty for all of them together.
        for_good: whether all later calls fail too.
    """

    def __init__(self, fail_at: int = -1, code: int = errno.ENOSPC, kind: str = "", *, for_good: bool = False) -> None:
        self.calls: list[str] = []
        self.failed = 0
        self._fail_at, self._code, self._kind, self._for_good = fail_at, code, kind, for_good
        for name in CALLS:
            setattr(self, name, self._watched(name, getattr(super(), name)))

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            self.calls.append(name)
            if not self._fails(name):
                return real(*args)
            self.failed += 1
            if name == "write":
                real(args[0], args[1][: len(args[1]) // 2])  # a full disk takes what still fits
            if name == "close":
                real(*args)  # a file is closed even when closing tells of a fault
            raise OSError(self._code, os.strerror(self._code))

        return call

    def _fails(self, name: str) -> bool:
        if self._for_good and self.failed:
            return True
        number = len(self.calls) if not self._kind else self.calls.count(self._kind)
        return name in (self._kind or name) and number - 1 == self._fail_at


def pair(number: int) -> tuple[Project, RunState]:
    """A project and a state that belong together, told apart by their seed."""
    graph = small_graph(40)
    return Project(graph).with_training(full_project().training.changed(seed=number)), state_of(graph, number)


def found(folder: Path, backup: int = 0) -> int:
    """Which pair a folder holds; fails unless project and state belong together."""
    opened = load_project(folder, backup)
    assert opened.problems == ()
    assert opened.state is not None
    number = opened.project.training.seed
    assert_same_state(opened.state, pair(number)[1])
    return number
