"""A panel with a small network of convolutions and pictures it can learn in a moment."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from designer.model.document import Document
from designer.model.selection import Selection
from designer.panels.inside.panel import InsidePanel
from designer.training.runner import Runner
from engine.catalogue.sources.base import Dataset, Field
from engine.project import Project, TrainConfig
from engine.templates import chain

NAMES = ("left", "right", "top")


def pictures(count: int = 240, side: int = 12, colours: int = 1) -> Dataset:
    """A bright bar at one of three borders, and noise."""
    random = np.random.default_rng(5)
    values = (0.2 * random.random((count, side, side, colours))).astype(np.float32)
    labels = random.integers(0, 3, count)
    for picture, label in zip(values, labels, strict=True):
        {0: picture[:, :3], 1: picture[:, -3:], 2: picture[:3]}[int(label)][...] = 0.9
    return Dataset({"image": Field(values)}, {"label": Field(labels.astype(np.int64), NAMES)})


def small_net(colours: int = 1, epochs: int = 100_000) -> Project:
    """Two convolutions; it trains until it is stopped."""
    graph = chain(
        ("Input", {"shape": (12, 12, colours)}),
        ("Conv2D", {"filters": 4, "kernel_size": 3, "activation": "relu"}),
        ("Conv2D", {"filters": 6, "kernel_size": 3, "activation": "relu"}),
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        ("Dense", {"units": 3, "activation": "softmax"}),
    )
    return Project(graph, TrainConfig(epochs=epochs, batch_size=40, seed=3))


class Stage:
    """A panel on the screen, and what it looks at."""

    def __init__(self, qtbot, project: Project, dataset: Dataset) -> None:
        self.qtbot = qtbot
        self.document = Document(project)
        self.runner = Runner()
        self.selection = Selection(self.document)
        self.panel = InsidePanel(self.document, self.runner, self.selection)
        qtbot.addWidget(self.panel)
        self.panel.resize(1280, 420)
        self.document.set_dataset(dataset)

    def show(self) -> None:
        """Open the panel and wait for its first look."""
        seen = self.panel.insight.looks
        self.panel.show()
        self.until(lambda: self.panel.insight.looks > seen)
        if not self.runner.is_active:
            self.settle()

    def train(self, epochs: int | None = None) -> None:
        """Begin to train and wait for the first updates."""
        assert self.runner.start(self.document.project, self.document.dataset, self.runner.state, epochs)
        self.until(lambda: self.runner.run_log.progress.step > 3 or not self.runner.is_active)
        assert self.runner.failure is None, self.runner.failure

    def stop(self) -> None:
        """End the run."""
        self.runner.stop()
        self.until(lambda: not self.runner.is_active)

    def settle(self) -> None:
        """Wait until nothing is looked at any more."""
        self.until(lambda: not self.panel.chooser._soon.isActive() and not self.panel.insight.waiting)

    def until(self, true) -> None:
        """Let the window live until something is so."""
        self.qtbot.waitUntil(true, timeout=60_000)

    def close(self) -> None:
        """End everything."""
        assert self.runner.shutdown(20)
        assert self.panel.shutdown(20)


@pytest.fixture
def stage(qtbot) -> Iterator[Stage]:
    made = Stage(qtbot, small_net(), pictures())
    yield made
    made.close()


@pytest.fixture
def make_stage(qtbot) -> Iterator:
    made: list[Stage] = []

    def make(project: Project, dataset: Dataset) -> Stage:
        made.append(Stage(qtbot, project, dataset))
        return made[-1]

    yield make
    for one in made:
        one.close()


def drag(widget: QWidget, points: list[tuple[float, float]], button=Qt.MouseButton.LeftButton) -> None:
    """Press, move and release with real events; the points are in the widget."""
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(points) - 1)]
    for kind, (x, y) in zip(kinds, points, strict=True):
        _send(widget, kind, QPointF(x, y), button, button)
    _send(widget, QEvent.Type.MouseButtonRelease, QPointF(*points[-1]), button, Qt.MouseButton.NoButton)


def _send(widget: QWidget, kind: QEvent.Type, place: QPointF, button, held) -> None:
    event = QMouseEvent(kind, place, QPointF(widget.mapToGlobal(place)), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)
