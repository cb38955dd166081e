"""Scenes of a network that learns and has learnt."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from designer.shots.scene import Scene
from designer.tour.journey import Journey
from designer.training.status import RunStatus

#: Epochs of the run, and the longest waits for compiling, and for an epoch or a look (s).
EPOCHS, COMPILE, PATIENCE = 2, 400.0, 120.0


def training(journey: Journey) -> Iterator[None]:
    """In the last epoch."""
    project, runner = journey.project, journey.window.runner
    journey.document.edit("Change epochs", project.with_training(project.training.changed(epochs=EPOCHS)))
    journey.window.docks.show("run")
    journey.hand.click("train-button")
    journey.hand.wait(lambda: runner.status is RunStatus.RUNNING, "the beginning of the training", COMPILE)
    journey.hand.wait(
        lambda: runner.run_log.progress.epoch >= 1 and runner.run_log.progress.batch > 10, "an epoch", PATIENCE
    )
    yield


def paused(journey: Journey) -> Iterator[None]:
    """Pause was pressed."""
    runner = journey.window.runner
    if runner.is_active:
        journey.hand.click("pause-button")
        journey.hand.wait(lambda: runner.status is not RunStatus.RUNNING, "the pause", PATIENCE)
    journey.hand.rest(150)
    yield
    if runner.status is RunStatus.PAUSED:
        journey.hand.click("pause-button")


def trained(journey: Journey) -> Iterator[None]:
    """The run is over."""
    journey.hand.wait(lambda: not journey.window.runner.is_active, "the end of the run", 3 * PATIENCE)
    journey.window.canvas.show_network()
    journey.hand.rest(300)
    yield


def inside(journey: Journey) -> Iterator[None]:
    """A sample goes through the network."""
    journey.hand.press("Ctrl+I")
    _looked(journey)
    yield


def inside_layer(journey: Journey) -> Iterator[None]:
    """Channels of one layer are seen large."""
    journey.window.selection.set({list(journey.project.graph.nodes)[1]})
    _looked(journey)
    yield
    journey.window.selection.clear()


def inside_drawn(journey: Journey) -> Iterator[None]:
    """A three is drawn with the mouse."""
    panel = journey.window.docks["inside"].widget()
    pad = panel.findChild(QWidget, "inside-pad")
    journey.window._inside.chooser.ways.choose(1)
    journey.hand.wait(pad.isVisible, "the pad")
    _draw(pad)
    _looked(journey)
    yield
    journey.window._inside.chooser.ways.choose(0)
    journey.hand.press("Ctrl+I")


def results(journey: Journey) -> Iterator[None]:
    """The confusion matrix, with the samples of its worst cell."""
    journey.hand.press("Ctrl+R")
    page = journey.window._results.judge
    matrix = page.matrix
    journey.hand.wait(lambda: matrix.confusion is not None and not page.verdict.busy, "the judgement", PATIENCE)
    assert matrix.confusion is not None
    counts = matrix.confusion.counts.copy()
    np.fill_diagonal(counts, 0)
    true, taken = (int(number) for number in np.unravel_index(counts.argmax(), counts.shape))
    matrix.choose(true, taken)
    journey.hand.rest(300)
    yield


def predict(journey: Journey) -> Iterator[None]:
    """Answers for files of one's own."""
    ways = journey.window._results.ways
    ways.choose(1)
    journey.hand.rest(150)
    yield
    ways.choose(0)
    journey.hand.press("Ctrl+R")
    journey.window.docks.show("run")


def export(journey: Journey) -> Iterator[None]:
    """What the network can be given away as."""
    journey.hand.press("Ctrl+E")
    journey.hand.wait(lambda: journey.hand.shows("export-button"), "the export window")
    journey.hand.wait(lambda: not journey.window.giving.busy, "the look at what is exported", PATIENCE)
    journey.hand.rest(150)
    yield
    journey.hand.press("Esc")
    journey.hand.wait(lambda: not journey.hand.shows("export-button"), "the closing of the export window")


def _looked(journey: Journey) -> None:
    insight = journey.window._inside.insight
    journey.hand.rest(200)
    journey.hand.wait(lambda: insight.looks > 0 and not insight.waiting, "the look inside", PATIENCE)
    journey.hand.rest(300)


def _draw(pad: QWidget) -> None:
    """Two arcs, one below the other."""
    side = min(pad.width(), pad.height())
    left, top = (pad.width() - side) / 2, (pad.height() - side) / 2
    arcs = ((0.17, 0.33, 0.16, -0.9, 0.5), (0.2, 0.67, 0.18, -0.5, 0.85))
    places = [
        QPointF(left + side * (0.5 + wide * math.cos(turn)), top + side * (middle + high * math.sin(turn)))
        for wide, middle, high, begin, end in arcs
        for turn in (math.pi * (begin + (end - begin) * step / 24) for step in range(25))
    ]
    none, button = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    _send(pad, QEvent.Type.MouseButtonPress, places[0], button, button)
    for place in places[1:]:
        _send(pad, QEvent.Type.MouseMove, place, none, button)
    _send(pad, QEvent.Type.MouseButtonRelease, places[-1], button, none)


def _send(pad: QWidget, kind: QEvent.Type, place: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    event = QMouseEvent(kind, place, pad.mapToGlobal(place), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(pad, event)


SCENES = (
    Scene("training", "It learns: the curves move", training),
    Scene("paused", "It waits between two batches", paused),
    Scene("trained", "It has learnt", trained),
    Scene("inside", "What every layer makes of a sample", inside),
    Scene("inside-layer", "What one layer makes of it", inside_layer),
    Scene("inside-drawn", "What it makes of a drawn digit", inside_drawn),
    Scene("results", "Figures, confusions and their samples", results),
    Scene("predict", "Answers for files of one's own", predict),
    Scene("export", "The trained network is given away", export),
)
