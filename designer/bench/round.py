"""One measurement in a process of its own: ``python -m designer.bench.round KIND NAME SECONDS``. Prints JSON.

Kinds: ``headless`` and ``window`` train (with ``inside`` also looking into the network), ``drag`` drags nodes,
``large`` works in a network of 1,000 layers (NAME: drag, edit, open, look), ``first`` presses Train once.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from designer.bench.drag import MOVES, dragged
from designer.bench.large import edited, looked_around, opened
from designer.bench.stage import Clock, StageError, live, shown_window, wait
from designer.bench.workloads import MANY, Load, load
from designer.training.preparer import Preparer
from designer.training.status import RunStatus
from designer.window.main_window import MainWindow
from engine.data.split import split
from engine.kernels import jit
from engine.train.control import Control
from engine.train.events import BatchEnd, Failed
from engine.train.trainer import Trainer

#: Training that is not measured (s): caches fill, the plots find their scales.
WARM = 1.5
#: A timer as precise as the eye is, and one like the window's own frames (ms).
FINE, FRAME = 10, 16


def headless(name: str, seconds: float, folder: Path) -> dict[str, Any]:
    """Updates a second without a window."""
    work = load(name, folder)
    control, first = Control(), None
    for event in Trainer(work.project, split(work.dataset, work.project.split)).run(control):
        if isinstance(event, Failed):
            raise StageError(event.problem.text)
        if isinstance(event, BatchEnd):
            if first is None and event.seconds >= WARM:
                first = event
            if first is not None and event.seconds >= first.seconds + seconds:
                return {"updates": (event.step - first.step) / (event.seconds - first.seconds)}
    raise StageError("training ended by itself")


def window(name: str, seconds: float, folder: Path) -> dict[str, Any]:
    """Updates a second with the window and its plots, and how late the window's timers are."""
    return _watched(name, seconds, folder, looks=False)


def inside(name: str, seconds: float, folder: Path) -> dict[str, Any]:
    """As ``window``, with the network's activations and its class activation map on the screen."""
    return _watched(name, seconds, folder, looks=True)


def _watched(name: str, seconds: float, folder: Path, looks: bool) -> dict[str, Any]:
    work = load(name, folder)
    with shown_window(folder) as shown:
        _give(shown, work)
        shown.docks.show("inside" if looks else "run")
        if looks:
            shown.see_inside()
        shown.training.toggle()
        wait(lambda: _step(shown) > 0, "the first update")
        live(WARM)
        clocks = {"fine": Clock(FINE), "frame": Clock(FRAME)}
        step, began = _step(shown), shown.runner.run_log.progress.seconds
        for clock in clocks.values():
            clock.start()
        live(seconds)
        late = {key: clock.stop() for key, clock in clocks.items()}
        done, took = _step(shown) - step, shown.runner.run_log.progress.seconds - began
    if took <= 0:
        raise StageError(f"there was no update within {seconds:g} s; measure for longer")
    return {"updates": done / took, "late": late}


def drag(name: str, seconds: float, folder: Path) -> dict[str, Any]:
    """Milliseconds per frame with one node and with all of them."""
    moves = max(2, min(MOVES, round(seconds * MOVES / 5)))
    with shown_window(folder) as shown:
        one, one_cpu = dragged(shown, False, moves)
        everything, all_cpu = dragged(shown, True, moves)
    return {"one": one, "one_cpu": one_cpu, "all": everything, "all_cpu": all_cpu}


def large(name: str, seconds: float, folder: Path) -> dict[str, Any]:
    """Milliseconds in a network of 1,000 layers: dragging, single edits, opening or looking around."""
    moves = max(2, min(MOVES, round(seconds * MOVES / 5)))
    with shown_window(folder) as shown:
        if name == "drag":
            one, one_cpu = dragged(shown, False, moves, MANY)
            everything, all_cpu = dragged(shown, True, moves, MANY)
            return {"one": one, "one_cpu": one_cpu, "all": everything, "all_cpu": all_cpu}
        return edited(shown) if name == "edit" else opened(shown, folder) if name == "open" else looked_around(shown)


def first(name: str, seconds: float, folder: Path) -> dict[str, Any]:
    """Seconds from pressing Train to the first update; ``NAME-prepared`` lets the worker finish first."""
    network, _, prepared = name.partition("-")
    work = load(network, folder)
    with shown_window(folder) as shown:
        preparer = Preparer(shown.document, shown.runner, shown)
        heard: set[str] = set()

        def hear(word: str) -> None:
            heard.add(word)

        preparer.answered.connect(hear)
        _give(shown, work)
        if prepared:
            wait(lambda: "ready" in heard, "the preparation")
        began = perf_counter()
        shown.training.toggle()
        wait(lambda: _step(shown) > 0, "the first update")
        took = perf_counter() - began
        preparer.stop()
    return {"seconds": took}


def _give(shown: MainWindow, work: Load) -> None:
    shown.document.reset(work.project)
    live(0.3)
    shown.document.set_dataset(work.dataset)
    live(0.3)
    errors = [problem.text for problem in shown.document.problems if problem.severity == "error"]
    if errors:
        raise StageError(errors[0])


def _step(shown: MainWindow) -> int:
    if shown.runner.status is RunStatus.FAILED:
        raise StageError(shown.runner.failure.text if shown.runner.failure else "training failed")
    return shown.runner.run_log.progress.step


KINDS: dict[str, Callable[[str, float, Path], dict[str, Any]]] = {
    "headless": headless,
    "window": window,
    "inside": inside,
    "drag": drag,
    "large": large,
    "first": first,
}


def main(kind: str, name: str, seconds: float) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="layerloom-bench-") as folder:
        os.environ["LAYERLOOM_DATA"] = os.path.join(folder, "data")
        found = KINDS[kind](name, seconds, Path(folder))
    print(json.dumps({**found, "cache": str(jit.CACHE)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
