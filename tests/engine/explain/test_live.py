"""Looking into a run that goes on: the run's numbers stay what they are without anybody looking."""

from __future__ import annotations

import threading
from queue import SimpleQueue

from engine.data.split import Parts
from engine.explain.explainer import Explainer
from engine.explain.question import CamQuestion, Insight, Question
from engine.project import Project, TrainConfig
from engine.train.control import Control
from engine.train.events import BatchEnd, Finished, Probe
from engine.train.state import RunState
from engine.train.trainer import Trainer
from tests.engine.explain.corner import pictures
from tests.engine.explain.nets import wired
from tests.engine.train.networks import bits

GRAPH = wired(
    ("in", "Input", {"shape": (20, 20, 1)}, ""),
    ("conv", "Conv2D", {"filters": 4, "kernel_size": 3, "activation": "relu"}, "in"),
    ("norm", "BatchNormalization", {}, "conv"),
    ("drop", "Dropout", {"rate": 0.3}, "norm"),
    ("pool", "MaxPooling2D", {"pool_size": 3}, "drop"),
    ("flat", "Flatten", {}, "pool"),
    ("out", "Dense", {"units": 3, "activation": "softmax"}, "flat"),
)


def run(look: bool) -> tuple[RunState, list[Insight]]:
    """Train, perhaps with a thread that looks at every second batch's weights."""
    x, labels = pictures(320, 1)
    data = Parts({"x": x}, {"y": labels.clip(0)}, {}, {}, {})
    settings = TrainConfig(epochs=3, batch_size=16, seed=5)
    probes: SimpleQueue[Probe | None] = SimpleQueue()
    found: list[Insight] = []

    def work() -> None:
        explainer = Explainer(GRAPH)
        while (probe := probes.get()) is not None:
            question = Question({"in": x[0]}, tuple(GRAPH.nodes), CamQuestion("conv"))
            found.append(explainer.look(probe.weights, question))

    thread = threading.Thread(target=work)
    thread.start()
    control, last = Control(), None
    for event in Trainer(Project(GRAPH, settings), data).run(control):
        last = event
        if isinstance(event, BatchEnd) and look and event.step % 2:
            control.request_probe()
        if isinstance(event, Probe):
            probes.put(event)
    probes.put(None)
    thread.join()
    assert isinstance(last, Finished), last
    return last.state, found


def test_looks_do_not_change_a_run() -> None:
    alone, none = run(look=False)
    watched, found = run(look=True)

    assert not none
    assert len(found) >= 25
    scores = {insight.cam.score for insight in found if insight.cam is not None}
    assert len(scores) > 20
    assert bits(watched) == bits(alone)
