"""Runs a program to its end, or ends it as soon as nobody wants to know any more."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import LayerloomError

#: How often it is asked whether the answer is still wanted (s).
LOOK = 0.1
#: Says whether what is under way is not wanted any more; asked on the thread that waits.
GivenUp = Callable[[], bool]


class Abandoned(LayerloomError):  # noqa: N818 (says what happened)
    """What was under way was given up; its program was ended."""

    def __init__(self) -> None:
        super().__init__("It was given up; nothing was written.")


class Hung(Exception):  # noqa: N818 (says what happened)
    """A program gave no answer in time and was ended."""


@dataclass(frozen=True)
class Ended:
    """How a program ended.

    Attributes:
        code: its exit code; 0 when it did what it should.
        said: its standard output.
        complaints: the lines of its standard error that say something.
    """

    code: int
    said: str
    complaints: tuple[str, ...]


def never() -> bool:
    """What is asked for is wanted to its end."""
    return False


def run(
    command: Sequence[str],
    patience: float,
    given_up: GivenUp = never,
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Ended:
    """Run a program that reads nothing; it never outlives this call.

    Args:
        command: the program and its arguments.
        patience: seconds it may take.
        given_up: whether the answer is not wanted any more.
        folder: where it runs; here when it is left out.
        environ: its environment; ours when it is left out.

    Raises:
        Abandoned: it was given up.
        Hung: it took too long.
    """
    if given_up():
        raise Abandoned
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # of Windows only
    with subprocess.Popen(
        command, cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", errors="replace", creationflags=hidden,
    ) as process:  # fmt: skip
        try:
            said, complaints = _heard(process, time.monotonic() + patience, given_up)
        except BaseException:  # Ctrl-C too
            process.kill()
            raise
    return Ended(process.returncode, said, tuple(line.strip() for line in complaints.splitlines() if line.strip()))


def _heard(process: subprocess.Popen[str], end: float, given_up: GivenUp) -> tuple[str, str]:
    while True:
        try:
            return process.communicate(timeout=LOOK)
        except subprocess.TimeoutExpired:  # what it said so far is kept for the next call
            if given_up():
                raise Abandoned from None
            if time.monotonic() > end:
                raise Hung from None
