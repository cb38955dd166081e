"""Looking inside while it learns."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from designer.training.insight import PERIOD, SHARE
from designer.training.look import Origin
from engine.data.split import split
from engine.errors import DataError
from engine.plan.parameters import Parameters
from engine.train.events import BatchEnd, Compiling
from engine.train.predictor import Predictor
from engine.train.trainer import Trainer
from tests.engine.train.networks import bits, halted


def answer(stage, weights) -> np.ndarray:
    """What an ordinary forward pass says to the sample that is shown."""
    graph = stage.document.project.graph
    sample = stage.panel.chooser.fields()["image"]
    return Predictor(graph, weights, threads=1).predict({"input": sample[None]})["dense"][0]


def test_untrained_weights_are_those_training_begins_with(stage) -> None:
    stage.show()
    look = stage.panel._look
    inference = stage.document.inference
    parameters = Parameters(stage.document.project.graph, inference, np.dtype("float32"))
    parameters.initialize(stage.document.project.training.seed)

    assert look.knowledge.origin is Origin.UNTRAINED
    assert "random" in stage.panel.state.text
    np.testing.assert_allclose(look.outputs["dense"], answer(stage, parameters.copy()), rtol=1e-5)


def test_a_run_is_seen_while_it_learns(stage) -> None:
    stage.show()
    first = stage.panel.prediction.bars.answer
    stage.train()
    steps = []
    stage.panel.insight.looked.connect(lambda look: steps.append(look.knowledge.step))
    stage.until(lambda: len(steps) > 4)

    assert steps == sorted(steps) and steps[-1] > steps[0]
    assert "Live" in stage.panel.state.text
    assert stage.panel.prediction.bars.answer != first


def test_after_the_run_the_trained_weights_are_seen(stage) -> None:
    stage.show()
    stage.train(epochs=3)
    stage.until(lambda: not stage.runner.is_active)
    stage.until(lambda: stage.panel._look.knowledge.origin is Origin.TRAINED)
    stage.settle()

    look = stage.panel._look
    assert "3 epochs trained" in stage.panel.state.text
    np.testing.assert_allclose(look.outputs["dense"], answer(stage, stage.runner.state.weights), rtol=1e-4, atol=1e-6)
    assert look.cam is not None and look.cam.layer == "conv2d_1"


def test_looking_does_not_change_a_bit(stage) -> None:
    stage.show()
    stage.train()
    stage.until(lambda: stage.panel._look.knowledge.origin is Origin.RUNNING)
    stage.stop()
    watched, project = stage.runner.state, stage.document.project
    alone = halted(
        Trainer(project, split(stage.document.dataset, project.split)),
        lambda event: isinstance(event, BatchEnd) and event.step == watched.step,
    )

    assert stage.panel.insight.probes > 0
    assert bits(watched) == bits(alone)


def test_hidden_it_costs_nothing(stage) -> None:
    stage.show()
    stage.train()
    stage.until(lambda: stage.panel.insight.probes > 2)
    stage.panel.hide()
    insight = stage.panel.insight
    probes, looks, step = insight.probes, insight.looks, stage.runner.run_log.progress.step
    stage.until(lambda: stage.runner.run_log.progress.step > step + 500)

    assert (insight.probes, insight.looks) == (probes, looks)
    assert not insight._collector.isActive() and not insight._next.isActive()
    stage.show()
    stage.until(lambda: insight.probes > probes)


def test_looks_are_paced(stage) -> None:
    stage.show()
    stage.train()
    insight = stage.panel.insight
    stage.until(lambda: insight.probes > 0)
    seen = []  # when the run was asked, and what the look took

    def note(look) -> None:
        seen.append((insight._asked_at, look.seconds + look.knowledge.seconds))

    insight.looked.connect(note)
    stage.until(lambda: len(seen) > 5)

    for (asked, spent), (again, _) in pairwise(seen):
        assert again - asked >= 0.9 * max(PERIOD, spent / SHARE)  # Qt's timers may be a twentieth early


def test_a_pause_is_looked_at_once(stage) -> None:
    stage.show()
    stage.train()
    stage.runner.pause()
    stage.until(lambda: stage.runner.status.value == "paused")
    stage.until(lambda: stage.panel.insight._is_current and not stage.panel.insight.waiting)
    probes = stage.panel.insight.probes
    stage.qtbot.wait(400)

    assert stage.panel.insight.probes == probes
    assert "Paused" in stage.panel.state.text
    stage.runner.resume()
    stage.until(lambda: stage.panel.insight.probes > probes)


def test_the_runs_network_is_shown_while_another_is_edited(stage) -> None:
    stage.show()
    stage.train()
    stage.until(lambda: stage.panel._look.knowledge.origin is Origin.RUNNING)
    project = stage.document.project
    stage.document.edit("Delete", project.with_graph(project.graph.without({"conv2d_1"})))
    looks = stage.panel.insight.looks
    stage.until(lambda: stage.panel.insight.looks > looks + 1)

    assert "conv2d_1" in stage.panel.layers.strip.layers
    assert "has changed" in stage.panel.state.text
    assert not stage.panel._look.fault


def test_moving_a_layer_is_no_other_network(stage) -> None:
    stage.show()
    explainers = list(stage.panel.insight._looker._eye._explainers)
    project = stage.document.project
    stage.document.edit("Move", project.with_graph(project.graph.moved({"dense"}, (5.0, 5.0))))
    stage.settle()

    assert not stage.panel.insight.differs
    assert list(stage.panel.insight._looker._eye._explainers) == explainers


def test_a_faulty_network_is_said_plainly(stage) -> None:
    stage.show()
    project = stage.document.project
    stage.document.edit("Delete", project.with_graph(project.graph.without({"flatten"})))
    stage.until(lambda: bool(stage.panel._look.fault))

    assert "dense" in stage.panel.state.text
    assert stage.panel.prediction.bars.answer is None
    stage.document.undo()
    stage.until(lambda: not stage.panel._look.fault)
    assert stage.panel.prediction.bars.answer is not None


def test_start_over_shows_random_weights_again(stage) -> None:
    stage.show()
    stage.train(epochs=1)
    stage.until(lambda: stage.panel._look.knowledge.origin is Origin.TRAINED)
    assert "random" not in stage.panel.state.text
    stage.runner.start_over()
    stage.until(lambda: stage.panel._look.knowledge.origin is Origin.UNTRAINED)

    assert "random" in stage.panel.state.text


def test_a_run_that_never_begins_leaves_nothing_unanswered(stage) -> None:
    stage.show()

    def failing(control):
        yield Compiling(0, 1, "nothing")
        while not stage.panel.insight._owed:
            if control.wait(0.01) and control.stopped:
                return
        raise DataError("There is nothing to learn from. Give some data.")

    assert stage.runner.start_job(failing)
    stage.until(lambda: stage.panel.insight.preparing)
    looks = stage.panel.insight.looks
    stage.panel.chooser.browser.step(1)
    stage.until(lambda: not stage.runner.is_active)
    stage.until(lambda: stage.panel.insight.looks > looks)
    assert "random" in stage.panel.state.text
