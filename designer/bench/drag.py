"""How long a frame takes while nodes are dragged."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, thread_time

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from designer.bench.stage import live, spread
from designer.bench.workloads import ACROSS, NODES, crowd
from designer.window.main_window import MainWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
#: Moves of the mouse that are measured, and those before them that fill Qt's caches.
MOVES, WARM = 120, 10


def dragged(
    window: MainWindow, everything: bool, moves: int = MOVES, nodes: int = NODES
) -> tuple[dict[str, float], dict[str, float]]:
    """Drag a node in the middle of the crowd around a small circle.

    A frame is the mouse event and the painting that follows from it, done at once.

    Args:
        window: the window.
        everything: whether all nodes are selected and move along.
        moves: how many frames are measured.
        nodes: how many there are.

    Returns:
        Milliseconds per frame, and of the processor's time per frame, which a busy machine changes less.
    """
    window.document.reset(window.document.project.with_graph(crowd(nodes)))
    live(0.3)
    canvas = window.canvas
    canvas.fit()
    live(0.5)
    key = window.document.project.graph.order[ACROSS * 4 + ACROSS // 2]
    window.selection.set(list(window.document.project.graph.nodes) if everything else [key])
    live(0.3)
    start = canvas.mapFromScene(canvas.canvas.nodes[key].box.rect.center())
    angles = np.linspace(0, 4 * np.pi, moves + WARM)
    places = [start + QPoint(round(40 * np.sin(a)), round(30 * (1 - np.cos(a)))) for a in angles]
    frames, busy = [], []
    _mouse(window, QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
    for place in places:
        wall, own = frame(lambda place=place: _mouse(window, QEvent.Type.MouseMove, place, NONE, LEFT))  # type: ignore[misc]
        frames.append(wall)
        busy.append(own)
    _mouse(window, QEvent.Type.MouseButtonRelease, start, LEFT, NONE)
    live(0.3)
    return spread(np.array(frames[WARM:])), spread(np.array(busy[WARM:]))


def frame(work: Callable[[], object]) -> tuple[float, float]:
    """Do something and paint what follows from it.

    Returns:
        Seconds, and those of the processor.
    """
    live(0.0)  # timers and what was posted belong to no frame
    began, worked = perf_counter(), thread_time()
    work()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.MetaCall.value)  # the scene gathers what changed
    QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
    return perf_counter() - began, thread_time() - worked


def _mouse(window: MainWindow, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    viewport = window.canvas.viewport()
    place = QPointF(at)
    event = QMouseEvent(
        kind, place, QPointF(viewport.mapToGlobal(at)), button, held, Qt.KeyboardModifier.NoModifier
    )  # fmt: skip
    QCoreApplication.sendEvent(viewport, event)
