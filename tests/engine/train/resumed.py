"""Trains a saved project on; a program of its own, so that it begins with nothing in memory.

``resumed.py FOLDER STOP THREADS`` trains to update ``STOP`` (or to the end, for -1), saves, prints the digest of
the state and dies by ``kill -9``, so nothing that runs at a program's end can help.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from engine.io import load_project, save_project
from engine.train.events import BatchEnd, Event
from engine.train.trainer import Trainer
from tests.engine.train.networks import digest, halted, parts


def main(folder: Path, stop: int, threads: int) -> None:
    """Open, train, save, die."""
    opened = load_project(folder)

    def reached(event: Event) -> bool:
        return isinstance(event, BatchEnd) and event.step == stop

    state = halted(Trainer(opened.project, parts(), opened.state, threads=threads), reached)
    save_project(folder, opened.project, state)
    print(digest(state), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
