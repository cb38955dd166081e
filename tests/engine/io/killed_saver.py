"""Kills savers with -9 at random moments and checks what they leave; prints one JSON line.

A program of its own, so that it can fork before any thread exists: ``killed_saver.py FOLDER ROUNDS SEED``.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from itertools import count
from pathlib import Path

from engine.io import load_project, save_project
from engine.project import Project, TrainConfig
from tests.engine.io.samples import assert_same_state, small_graph, state_of

GRAPH = small_graph(3000)  # about half a megabyte of weights and slots
CONFIG = TrainConfig()


def save_for_ever(folder: Path, first: int) -> None:
    """Save one pair after the other until killed."""
    for number in count(first):
        save_project(folder, Project(GRAPH, CONFIG.changed(seed=number)), state_of(GRAPH, number % 5, step=number))


def check(folder: Path) -> int:
    """The number of the pair on the disk; raises unless it is whole and belongs together."""
    opened = load_project(folder)
    number = opened.project.training.seed
    assert not opened.problems, opened.problems[0].text
    assert opened.state is not None
    assert_same_state(opened.state, state_of(GRAPH, number % 5, step=number))
    for backup in (1, 2, 3):
        if (folder / f"project.json.bak-{backup}").exists():
            assert not load_project(folder, backup).problems
    return number


def main(folder: Path, rounds: int, seed: int) -> None:
    """Save, kill, check, as often as asked."""
    chance = random.Random(seed)
    start = time.perf_counter()
    save_project(folder, Project(GRAPH, CONFIG.changed(seed=0)), state_of(GRAPH, 0, step=0))
    usual = time.perf_counter() - start  # the longer a save takes here, the longer they may live
    last, moved, leftovers = 0, 0, 0
    for _ in range(rounds):
        child = os.fork()
        if child == 0:
            save_for_ever(folder, last + 1)
        time.sleep(chance.uniform(0.0, 4.0) * usual)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        number = check(folder)
        assert number >= last, f"the save went back from {last} to {number}"
        moved += number > last
        leftovers += bool(list(folder.glob("*.tmp-*")))
        last = number
        for path in folder.glob("*.tmp-*"):
            path.unlink()
    print(json.dumps({"kills": rounds, "saves": last, "rounds_with_saves": moved, "rounds_with_leftovers": leftovers}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
