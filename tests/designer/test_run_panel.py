"""The run panel with a real document, a real runner and real training."""

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from designer.model.document import Document
from designer.panels.progress import ProgressBlock
from designer.panels.run import RunPanel
from designer.panels.run_status import StatusSentence
from designer.text import plain_tip
from designer.training.run_log import RunLog
from designer.training.runner import Runner
from designer.training.status import RunStatus
from engine.catalogue.sources.base import Dataset, Field
from engine.component import resolved
from engine.graph import Graph
from engine.project import Project, TrainConfig
from engine.templates import chain
from engine.train.control import Control
from engine.train.events import BatchEnd, Compiling, EpochEnd, Event, Finished, Started, Validating
from engine.train.state import RunState


def dataset(samples: int = 160) -> Dataset:
    """Two clouds of points, one class each."""
    random = np.random.default_rng(0)
    labels = np.arange(samples) % 2
    points = (random.normal(0, 0.4, (samples, 2)) + labels[:, None] * 2.0).astype(np.float32)
    return Dataset({"points": Field(points)}, {"label": Field(labels[:, None].astype(np.int64), ("left", "right"))})


def project(epochs: int = 4) -> Project:
    graph = chain(
        ("Input", {"shape": (2,)}),
        ("Dense", {"units": 8, "activation": "relu"}),
        ("Dense", {"units": 2, "activation": "softmax"}),
    )
    source = resolved("source", "Mnist")
    return Project(graph, TrainConfig(epochs=epochs, batch_size=16), source)


class Bench:
    """A panel with what it looks at."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.document = Document()
        self.runner = Runner()
        self.panel = RunPanel(self.document, self.runner)
        self.clicked: list[object] = []
        self.panel.problem_clicked.connect(self.clicked.append)
        qtbot.addWidget(self.panel)
        self.panel.resize(1280, 240)
        with qtbot.waitExposed(self.panel):
            self.panel.show()

    def ready(self, epochs: int = 4) -> None:
        self.document.reset(project(epochs))
        self.document.set_dataset(dataset())

    def button(self, name: str) -> QPushButton:
        return self.panel.findChild(QPushButton, name)

    def press(self, name: str) -> None:
        QTest.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def until(self, status: RunStatus) -> None:
        self.qtbot.waitUntil(lambda: self.runner.status is status, timeout=60_000)

    def text(self, name: str) -> str:
        return self.panel.findChild(QLabel, name).text()


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot)
    yield made
    assert made.runner.shutdown(30)


def held(gate: threading.Event) -> Callable[[Control], Iterator[Event]]:
    """A job that prepares until the gate opens, and then goes on until it is stopped."""

    def job(control: Control) -> Iterator[Event]:
        yield Compiling(3, 12, "softmax")
        while not gate.wait(0.005) and not control.stopped:
            pass
        yield Started(0, 0, 0, 4, 10, 160, 0, ("accuracy",), 1)
        step = 0
        while not control.stopped:
            step += 1
            yield BatchEnd(step, 0, min(step, 10), 0.5, 0.5, (0.75,), step / 100)
            time.sleep(0.005)
        yield Finished("stopped", RunState(Graph(), {}, batch=min(step, 9), step=step))

    return job


def test_real_training_from_start_to_continue(bench: Bench) -> None:
    bench.ready(epochs=3)
    assert bench.panel.status.text() == "Ready to train."
    bench.press("train-button")
    bench.until(RunStatus.FINISHED)
    assert bench.runner.failure is None
    assert bench.runner.state is not None
    assert bench.runner.state.epoch == 3
    assert bench.button("train-button").text() == "Continue"
    assert bench.panel.status.text() == "3 epochs trained. Continue adds 3 more."
    logs = bench.runner.run_log.logs
    assert float(bench.text("number-loss")) == pytest.approx(logs["loss"], abs=1e-3)
    assert float(bench.text("number-val-loss")) == pytest.approx(logs["val_loss"], abs=1e-3)
    bench.press("train-button")
    bench.until(RunStatus.FINISHED)
    assert bench.runner.state.epoch == 6
    assert len(bench.runner.run_log.curves.epochs) == 6
    # A linearly separable task: learning must be seen in the curve.
    losses = bench.runner.run_log.curves.epochs.figures["loss"].values
    assert losses[-1] < losses[0]


def test_pause_stop_and_the_buttons_meanwhile(bench: Bench) -> None:
    bench.ready(epochs=100_000)
    bench.press("train-button")
    bench.until(RunStatus.RUNNING)
    assert not bench.button("train-button").isVisible()
    assert bench.button("pause-button").text() == "Pause"
    assert not bench.button("start-over-button").isEnabled()
    bench.press("pause-button")
    bench.until(RunStatus.PAUSED)
    assert bench.button("pause-button").text() == "Resume"
    bench.press("pause-button")
    bench.until(RunStatus.RUNNING)
    bench.press("stop-button")
    bench.until(RunStatus.FINISHED)
    assert bench.panel.status.text().startswith("Stopped in epoch")
    assert not bench.button("stop-button").isEnabled()


def test_train_with_a_problem_says_it_and_leads_there(bench: Bench) -> None:
    assert bench.button("train-button").isEnabled()
    sentence = bench.document.problems[0].text
    assert bench.panel.status.text() == "Not ready yet."
    bench.press("train-button")
    assert [problem.text for problem in bench.clicked] == [sentence]
    assert not bench.runner.is_active
    QTest.mouseClick(bench.panel.status, Qt.MouseButton.LeftButton)
    assert len(bench.clicked) == 2


def test_what_was_trained_is_said_also_when_something_stands_in_the_way(bench: Bench) -> None:
    bench.ready(epochs=1)
    bench.press("train-button")
    bench.until(RunStatus.FINISHED)
    said = bench.panel.status.text()
    bench.document.edit("Delete everything", bench.document.project.with_graph(Graph()))
    assert bench.panel.status.text() == said == "1 epoch trained. Continue adds 1 more."


def test_unread_data_are_a_reason(bench: Bench) -> None:
    bench.document.reset(project())
    bench.press("train-button")
    assert "data are not read yet" in bench.clicked[0].text


def test_the_reason_follows_the_document(bench: Bench) -> None:
    bench.ready()
    assert not bench.panel.status.is_link
    bench.document.edit("Delete everything", bench.document.project.with_graph(Graph()))
    assert bench.panel.status.is_link
    assert bench.panel.status.text() == "Not ready yet."
    QTest.mouseClick(bench.panel.status, Qt.MouseButton.LeftButton)
    assert "canvas is empty" in bench.clicked[0].text
    bench.document.undo()
    assert bench.panel.status.text() == "Ready to train."


def test_start_over_asks_in_place_and_can_be_taken_back(bench: Bench) -> None:
    bench.ready(epochs=2)
    bench.press("train-button")
    bench.until(RunStatus.FINISHED)
    state = bench.runner.state
    bench.press("start-over-button")
    assert bench.button("start-over-yes").isVisible()
    QTest.keyClick(bench.panel.question, Qt.Key.Key_Escape)
    assert bench.runner.state is state
    bench.press("start-over-button")
    bench.press("start-over-yes")
    assert bench.runner.state is None
    assert bench.button("train-button").text() == "Train"
    assert len(bench.runner.run_log.past) == 1
    bench.press("bring-back-button")
    assert bench.runner.state is state
    assert bench.button("train-button").text() == "Continue"
    bench.press("start-over-button")
    bench.press("start-over-yes")
    bench.press("train-button")
    bench.until(RunStatus.FINISHED)
    assert not bench.button("bring-back-button").isVisible()
    assert len(bench.runner.run_log.past) == 1
    assert bench.runner.state.epoch == 2


def test_the_same_seed_gives_the_same_run_again(bench: Bench) -> None:
    bench.ready(epochs=2)
    bench.press("train-button")
    bench.until(RunStatus.FINISHED)
    bench.press("start-over-button")
    bench.press("start-over-yes")
    bench.press("train-button")
    bench.until(RunStatus.FINISHED)
    first, again = bench.runner.run_log.past[0], bench.runner.run_log.curves
    np.testing.assert_array_equal(first.batches.figures["loss"].values, again.batches.figures["loss"].values)


def test_preparation_is_shown_and_stop_works_in_it(bench: Bench) -> None:
    bench.ready()
    bench.runner.start_job(held(threading.Event()))
    bench.until(RunStatus.COMPILING)
    bar = bench.panel.findChild(QProgressBar, "epoch-progress")
    bench.qtbot.waitUntil(lambda: bar.value() == 250)
    assert bar.accessibleDescription() == "Preparing kernels 3 of 12"
    bench.press("stop-button")
    bench.until(RunStatus.FINISHED)


def test_texts_are_refreshed_at_most_four_times_a_second(bench: Bench) -> None:
    bench.ready()
    gate = threading.Event()
    gate.set()
    bench.runner.start_job(held(gate))
    bench.until(RunStatus.RUNNING)
    speed = bench.panel.findChild(QLabel, "run-speed")
    bar = bench.panel.findChild(QProgressBar, "batch-progress")
    shown: list[str] = []

    def note() -> None:
        state = f"{speed.text()} {bar.accessibleDescription()}"
        if not shown or shown[-1] != state:
            shown.append(state)

    bench.runner.frame.connect(note)
    begun = time.monotonic()
    bench.qtbot.wait(1000)
    lasted = time.monotonic() - begun  # on a busy machine, waiting takes longer than it was meant to
    bench.runner.stop()
    bench.until(RunStatus.FINISHED)
    assert 2 <= len(shown) <= 4 * lasted + 2


def test_a_failure_is_shown_and_can_be_asked_about(bench: Bench, expected_warnings: list[str]) -> None:
    expected_warnings.append("internal fault")
    bench.ready()

    def job(control: Control) -> Iterator[Event]:
        raise ValueError("broken")
        yield

    bench.runner.start_job(job)
    bench.until(RunStatus.FAILED)
    assert "fault ended the run in epoch 1" in bench.panel.status.text()
    QTest.mouseClick(bench.panel.status, Qt.MouseButton.LeftButton)
    assert bench.clicked == [bench.runner.failure]


def test_focus_stays_where_it_was_pressed(bench: Bench) -> None:
    bench.ready(epochs=100_000)
    bench.panel.activateWindow()
    bench.qtbot.waitUntil(bench.panel.isActiveWindow)
    bench.button("train-button").setFocus()
    QTest.keyClick(bench.button("train-button"), Qt.Key.Key_Space)
    bench.until(RunStatus.RUNNING)
    assert bench.button("pause-button").hasFocus()
    bench.button("stop-button").setFocus()
    QTest.keyClick(bench.button("stop-button"), Qt.Key.Key_Space)
    bench.until(RunStatus.FINISHED)
    assert bench.button("train-button").hasFocus()


def test_every_control_teaches(bench: Bench) -> None:
    names = ("train-button", "pause-button", "stop-button", "start-over-button", "bring-back-button",
             "start-over-yes", "start-over-no")  # fmt: skip
    for name in names:
        button = bench.button(name)
        assert button.toolTip()
        assert button.text()
        assert not button.icon().isNull()


def test_a_hidden_panel_starts_no_timers(bench: Bench) -> None:
    bench.ready(epochs=2)
    bench.panel.hide()
    bench.panel.train()
    bench.until(RunStatus.FINISHED)
    assert not bench.panel._slow.isActive()
    assert not bench.panel.curves.redrawer.is_busy
    bench.panel.show()
    bench.qtbot.waitUntil(lambda: not bench.panel.curves.loss_plot.needs_redraw())
    assert float(bench.text("number-loss")) > 0


@pytest.fixture
def block(qtbot: QtBot) -> Callable[[list[Event]], ProgressBlock]:
    def make(events: list[Event]) -> ProgressBlock:
        log = RunLog()
        log.apply(events)
        made = ProgressBlock(log)
        qtbot.addWidget(made)
        made.refresh(active=True)
        return made

    return make


def words(block: ProgressBlock) -> list[str]:
    return [label.text() for label in block.findChildren(QLabel) if label.text()]


def test_progress_in_words(block: Callable[[list[Event]], ProgressBlock]) -> None:
    run: list[Event] = [Started(0, 0, 0, 4, 10, 160, 0, ("accuracy",), 1)]
    run += [BatchEnd(n, 0, n, 0.5, 0.5, (0.75,), n * 2.0) for n in range(1, 6)]
    found = words(block(run))
    assert {"Epoch 1 of 4", "Batch 5 of 10", "10 s left", "1:10 left", "0.5 updates/s · 8 samples/s"} <= set(found)
    assert {"0.5000", "0.7500"} <= set(found)
    logs = {"loss": 0.25, "accuracy": 0.9}
    found = words(block([*run, Validating(3, 8)]))
    assert "Validating, batch 3 of 8" in found
    found = words(block([*run, EpochEnd(1, 10, logs, 20.0)]))
    assert {"0.2500", "0.9000", "Epoch 2 of 4"} <= set(found)


def test_a_long_sentence_is_broken_and_shortened(qtbot: QtBot) -> None:
    sentence = StatusSentence()
    qtbot.addWidget(sentence)
    sentence.resize(200, 40)
    sentence.show_sentence("Short.", "check", "success", link=False)
    assert sentence.lines() == ["Short."]
    sentence.show_sentence("Many words " * 30, "check", "success", link=True)
    assert len(sentence.lines()) == 3
    assert sentence.lines()[-1].endswith("…")
    assert sentence.toolTip() == plain_tip("Many words " * 30)
    sentence.show_sentence("<img src='x'> stopped.", "check", "success", link=True)
    assert "<img" not in sentence.toolTip()
