"""A Results panel with a small network of convolutions and pictures it can learn in a moment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from designer.model.document import Document
from designer.panels.results.panel import ResultsPanel
from designer.training.runner import Runner
from engine.catalogue.sources.base import Dataset
from engine.project import Project
from tests.designer.panels.inside.conftest import pictures, small_net


class Stage:
    """A panel with something to judge."""

    def __init__(self, qtbot: QtBot, project: Project, dataset: Dataset) -> None:
        self.qtbot = qtbot
        self.document = Document(project)
        self.runner = Runner()
        self.panel = ResultsPanel(self.document, self.runner)
        qtbot.addWidget(self.panel)
        self.panel.resize(1200, 420)
        self.document.set_dataset(dataset)

    def train(self, epochs: int) -> None:
        """Train to the end."""
        assert self.runner.start(self.document.project, self.document.dataset, self.runner.state, epochs)
        self.until(lambda: not self.runner.is_active)
        assert self.runner.failure is None, self.runner.failure

    def until(self, done) -> None:
        """Let the window live until something is so."""
        self.qtbot.waitUntil(done, timeout=90_000)

    def judged(self) -> None:
        """Wait for a judgement."""
        self.until(lambda: self.panel.judge._judgement is not None and not self.panel.judge.verdict.busy)

    def close(self) -> None:
        """Leave."""
        self.panel.shutdown(20.0)
        self.runner.shutdown(20.0)

    @property
    def said(self) -> str:
        """The line above the figures."""
        return self.panel.judge.state.text


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot, small_net(), pictures())
    yield made
    made.close()
