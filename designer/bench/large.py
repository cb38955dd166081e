"""How long opening, editing and looking around take in a network of 1,000 layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, thread_time

import numpy as np
from PySide6.QtCore import QPointF

from designer.bench.drag import frame
from designer.bench.stage import live, spread
from designer.bench.workloads import ACROSS, MANY, crowd
from designer.window.main_window import MainWindow
from engine.graph import Edge, Graph
from engine.io.project_json import project_from_json, project_to_json
from engine.project import Project

#: How often each edit and each opening is measured, and frames of looking around.
EDITS, OPENINGS, FRAMES = 30, 5, 60
Figures = dict[str, dict[str, float]]


def opened(window: MainWindow, folder: Path) -> Figures:
    """Read the project's text, show it and paint it, beginning with an empty window each time."""
    data = project_to_json(Project(crowd(MANY)), None, folder)
    walls, owns = [], []
    for _ in range(OPENINGS):
        window.document.reset(Project())
        live(0.3)
        wall, own = frame(lambda: _open(window, data))
        walls.append(wall)
        owns.append(own)
        live(0.2)
    return {"open": spread(np.array(walls)), "open_cpu": spread(np.array(owns))}


def _open(window: MainWindow, data: bytes) -> None:
    window.document.reset(project_from_json(data).project)
    window.canvas.fit()


def edited(window: MainWindow) -> Figures:
    """Single edits in the middle of the chain: the new graph, its shapes, and all that shows it; without painting."""
    with _shown(window) as middle:
        document, found = window.document, Figures()
        for name, change in _edits(middle):
            walls, owns = [], []
            for turn in range(EDITS):
                live(0.0)
                began, worked = perf_counter(), thread_time()
                document.edit(name, document.project.with_graph(change(document.project.graph, turn)))
                walls.append(perf_counter() - began)
                owns.append(thread_time() - worked)
                live(0.0)
                if name in ("connect", "delete"):
                    document.undo()
            found[name], found[f"{name}_cpu"] = spread(np.array(walls[2:])), spread(np.array(owns[2:]))
        return found


def _edits(key: str) -> tuple[tuple[str, Callable[[Graph, int], Graph]], ...]:
    after = f"dense_{int(key.rpartition('_')[2]) + ACROSS}"
    return (
        ("parameter", lambda graph, turn: graph.with_layer(key, graph.nodes[key].layer.changed(units=9 + turn))),
        ("move", lambda graph, turn: graph.moved([key], (8.0 if turn % 2 else -8.0, 0.0))),
        ("connect", lambda graph, _turn: graph.connect(Edge(key, after))),
        ("delete", lambda graph, _turn: graph.without([key])),
    )


def looked_around(window: MainWindow) -> Figures:
    """Frames of moving the picture and of zooming, near and far."""
    with _shown(window) as middle:
        canvas, found = window.canvas, Figures()
        for name, zoom in (("near", 1.0), ("far", 0.0)):
            canvas.fit()
            canvas.fit()  # once more shows all of it
            if zoom:
                canvas.zoom_to(zoom)
                canvas.reveal(middle)
            live(0.3)
            walls, owns = _frames(lambda turn: canvas.scroll(QPointF(9.0 if turn % 20 < 10 else -9.0, 5.0)))
            found[f"pan_{name}"], found[f"pan_{name}_cpu"] = spread(walls), spread(owns)
            start = canvas.zoom
            walls, owns = _frames(lambda turn, start=start: canvas.zoom_to(start * (1 + 0.02 * (turn % 10))))  # type: ignore[misc]
            found[f"zoom_{name}"], found[f"zoom_{name}_cpu"] = spread(walls), spread(owns)
        return found


def _frames(work: Callable[[int], object]) -> tuple[np.ndarray, np.ndarray]:
    times = [frame(lambda turn=turn: work(turn)) for turn in range(FRAMES)]  # type: ignore[misc]
    return np.array([wall for wall, _ in times[5:]]), np.array([own for _, own in times[5:]])


@contextmanager
def _shown(window: MainWindow) -> Iterator[str]:
    """The window with the large network, and the id of a layer in its middle, which is selected."""
    window.document.reset(Project(crowd(MANY)))
    live(0.3)
    window.canvas.fit()
    live(0.5)
    middle = window.document.project.graph.order[MANY // 2 + ACROSS // 2]
    window.selection.set([middle])
    live(0.3)
    yield middle
    window.document.reset(Project())
    live(0.1)
