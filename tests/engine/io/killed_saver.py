"""Kills a training and saving program with -9 at random moments, checks what it leaves; prints one JSON line.

``killed_saver.py FOLDER ROUNDS LEAST SEED``: ``ROUNDS`` kills, and more where a kind of moment was hit less than
``LEAST`` times. A program of its own, so that it can fork before any
thread exists. As in the window, one thread trains and another one saves meanwhile. What the saving thread is about
stands in shared memory, which outlives it: so the moment of death is known, and a kill can be aimed at a kind of
call and fall within it.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import signal
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.data.split import Parts
from engine.io import load_project, save_project
from engine.io.disk import Disk
from engine.project import Project, Split
from engine.train.control import Control
from engine.train.events import BatchEnd, EpochEnd, Event, Finished, Snapshot, Started
from engine.train.state import RunState
from engine.train.trainer import Trainer
from tests.engine.train.networks import chain, digest, parts, project

#: What the saving thread may be about; ``training``: nothing is being saved.
PHASES = ("training", "pack", "write", "fsync", "rename")
TRAINING, PACK, WRITE, FSYNC, RENAME = range(5)
#: How long a kind of call takes here, about (s); an aimed kill falls at a random moment of it.
SPANS = (0.03, 0.03, 0.0015, 0.004, 0.00002)
EPOCHS = 14
#: What the kills are aimed at in turn; ``None``: any moment.
AIMS = (None, TRAINING, PACK, WRITE, WRITE, FSYNC, RENAME, RENAME)
#: Every n-th survivor is trained to its end.
SAMPLE = 12


class Board:
    """Shared memory: the phase of the saving thread, and the last update whose saving was reported as done."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 16)

    @property
    def phase(self) -> int:
        """What the saving thread is about."""
        return self._memory[0]

    @contextmanager
    def during(self, phase: int) -> Iterator[None]:
        """Show a phase, and afterwards the one before."""
        before, self._memory[0] = self._memory[0], phase
        try:
            yield
        finally:
            self._memory[0] = before

    @property
    def saved(self) -> int:
        """The update whose saving was done last."""
        return int(struct.unpack_from("q", self._memory, 8)[0])

    @saved.setter
    def saved(self, step: int) -> None:
        struct.pack_into("q", self._memory, 8, step)

    def begin(self) -> None:
        """Nothing is being saved."""
        self._memory[0] = TRAINING


class ShownDisk(Disk):
    """The real disk; shows what is being done."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def write(self, handle: int, data: memoryview) -> int:
        with self._board.during(WRITE):
            return super().write(handle, data)

    def sync(self, handle: int) -> None:
        with self._board.during(FSYNC):
            super().sync(handle)

    def replace(self, source: Path, target: Path) -> None:
        with self._board.during(RENAME):
            super().replace(source, target)


def made() -> Project:
    """About 2 MB of weights, 6 MB with the optimizer's memory."""
    graph = chain(
        ("Input", {"shape": (784,)}),
        ("Dense", {"units": 512, "activation": "relu", "kernel_regularizer": "L2"}),
        ("BatchNormalization", {}),
        ("Dropout", {"rate": 0.3}),
        ("Dense", {"units": 256, "activation": "relu"}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )
    return project(graph, epochs=EPOCHS, batch_size=32)


def data() -> Parts:
    """Blobs in batches of which the last is short."""
    return parts(samples=300, features=784, classes=10, held=40)


def marked(whole: Project, step: int) -> Project:
    """The project with a mark that says to which state it belongs; training does not look at it."""
    return whole.with_split(Split(seed=step))


def train_and_save(folder: Path, board: Board) -> None:
    """Go on from what lies in the folder and save again and again, until killed or done."""
    board.begin()
    opened = load_project(folder)
    control, waiting = Control(), list[RunState]()
    wake = threading.Semaphore(0)

    def save() -> None:
        while True:
            wake.acquire()
            state = waiting.pop()
            with board.during(PACK):
                save_project(folder, marked(opened.project, state.step), state, ShownDisk(board))
            board.saved = state.step
            control.request_snapshot()

    threading.Thread(target=save, daemon=True).start()
    control.request_snapshot()
    for event in Trainer(opened.project, data(), opened.state, threads=1).run(control):
        if isinstance(event, Snapshot):
            waiting.append(event.state)
            wake.release()
    time.sleep(60)


def run_to_end(state: RunState | None, each: Callable[[RunState], None] | None = None) -> RunState:
    """Train to the end; perhaps look at every state that can be saved on the way."""
    trainer = Trainer(made(), data(), state, threads=1)
    last: Event | None = None
    for event in trainer.run(Control()):
        last = event
        if each is not None and isinstance(event, Started | BatchEnd | EpochEnd):
            each(trainer.loop.state())
    assert isinstance(last, Finished)
    return last.state


class Killer:
    """Starts, kills and checks.

    Args:
        folder: where it is saved.
        seed: of all choices.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(seed)
        self.board = Board()
        self.known: dict[int, set[str]] = {}
        self.phases: Counter[str] = Counter()
        self.told: Counter[str] = Counter()
        self.last = 0

    def learn(self) -> None:
        """Train without interruption and note every state on the way."""
        self.end = digest(run_to_end(None, self._note))
        self.updates = max(self.known)

    def _note(self, state: RunState) -> None:
        self.known.setdefault(state.step, set()).add(digest(state))

    def begin(self) -> None:
        """Save a project that was not trained."""
        save_project(self.folder, marked(made(), 0), None)
        self.board.saved = self.last = 0

    def kill(self, aim: int | None) -> None:
        """Start a child and kill it: at any time, or in a phase."""
        child = os.fork()
        if child == 0:
            try:
                train_and_save(self.folder, self.board)
            finally:
                os._exit(1)
        if aim is None:
            time.sleep(self.chance.uniform(0.0, 0.5))
        else:
            self._wait(aim)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the child ended by itself"
        self.phases[PHASES[self.board.phase]] += 1

    def _wait(self, aim: int) -> None:
        """Let some saves pass, wait for a phase, and then for a random moment within it."""
        passed = self.board.saved
        limit = time.perf_counter() + 10
        time.sleep(self.chance.uniform(0.1, 0.4))
        while (self.board.phase != aim or self.board.saved == passed) and time.perf_counter() < limit:
            pass
        until = time.perf_counter() + self.chance.uniform(0.0, SPANS[aim])
        while time.perf_counter() < until:
            pass

    def lacking(self, least: int) -> int | None:
        """A phase in which fewer died, if there is one."""
        return next((n for n, name in enumerate(PHASES) if self.phases[name] < least), None)

    def check(self, number: int) -> None:
        """What is left must be one whole, known state, no older than the last reported one."""
        opened = load_project(self.folder)
        assert not opened.problems, opened.problems[0].text
        step = opened.state.step if opened.state is not None else 0
        assert opened.project == marked(made(), step), "project and weights do not belong together"
        assert step >= max(self.last, self.board.saved), f"update {self.board.saved} was saved, but {step} came back"
        if opened.state is not None:
            assert digest(opened.state) in self.known[step], f"the state of update {step} never was"
        for backup in (1, 2, 3):
            self._check_backup(backup)
        if number % SAMPLE == 0:
            assert digest(run_to_end(opened.state)) == self.end, f"going on from update {step} ends elsewhere"
            self.told["trained_to_the_end"] += 1
        self.told["rounds_with_saves"] += step > self.last
        self.told["rounds_with_leftovers"] += bool(list(self.folder.glob("*.tmp-*")))
        self.last = step

    def _check_backup(self, backup: int) -> None:
        if (self.folder / f"project.json.bak-{backup}").exists():
            opened = load_project(self.folder, backup)
            assert not opened.problems, opened.problems[0].text
            step = opened.state.step if opened.state is not None else 0
            assert opened.project == marked(made(), step)
            assert opened.state is None or digest(opened.state) in self.known[step]


def main(folder: Path, rounds: int, least: int, seed: int) -> None:
    """Train, save, kill, check, as often as asked."""
    killer = Killer(folder, seed)
    killer.learn()
    killer.begin()
    number = 0
    while number < rounds or (killer.lacking(least) is not None and number < 3 * rounds):
        killer.kill(AIMS[number % len(AIMS)] if number < rounds else killer.lacking(least))
        killer.check(number)
        number += 1
        if killer.last > killer.updates * 3 // 4:
            killer.begin()
    sizes = [path.stat().st_size for path in folder.glob("weights-*.h5")]
    print(json.dumps({"kills": number, "bytes": max(sizes), "phases": killer.phases, **killer.told}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
