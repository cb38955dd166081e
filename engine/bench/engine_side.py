"""One round of the benchmark with this engine: ``python -m engine.bench.engine_side WORKLOAD STEPS``."""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np

from engine.bench.workloads import WORKLOADS, layers, report, samples
from engine.data.split import Parts
from engine.graph import Graph
from engine.infer import infer
from engine.plan.parameters import Parameters
from engine.project import Project, TrainConfig
from engine.templates import chain
from engine.train.control import Control
from engine.train.events import BatchEnd, Failed
from engine.train.predictor import Predictor
from engine.train.trainer import Trainer


def network(name: str) -> Graph:
    """The network of a workload."""
    inputs, _ = samples(name)
    return chain(("Input", {"shape": inputs.shape[1:]}), *layers(name))


def training(name: str) -> tuple[Project, Parts]:
    """The project of a workload and its data."""
    inputs, labels = samples(name)
    classes = tuple(str(n) for n in range(int(labels.max()) + 1))
    parts = Parts({"x": inputs}, {"y": labels}, {}, {}, {"y": classes})
    return Project(network(name), TrainConfig(batch_size=WORKLOADS[name].batch, metrics=())), parts


def train(name: str, steps: int) -> None:
    """Train and write down when each update was done."""
    work = WORKLOADS[name]
    project, parts = training(name)
    stamps = np.zeros(work.warm + steps + 1)
    control, count, loss = Control(), 0, 0.0
    for event in Trainer(project, parts, epochs=1_000_000).run(control):
        if isinstance(event, BatchEnd):
            stamps[count] = perf_counter()
            count, loss = count + 1, event.loss
            if count == len(stamps):
                control.stop()
                break
        elif isinstance(event, Failed):
            raise SystemExit(event.problem.text)
    report(stamps[work.warm :], loss)


def answer(name: str, steps: int) -> None:
    """Answer batch after batch and write down when each was done."""
    work = WORKLOADS[name]
    inputs, _ = samples(name)
    graph = network(name)
    parameters = Parameters(graph, infer(graph), np.dtype("float32"))
    parameters.initialize(seed=0)
    predictor = Predictor(graph, parameters.copy())
    (key,), (end,) = graph.inputs, graph.outputs
    stamps, mean = np.zeros(work.warm + steps + 1), 0.0
    for count in range(len(stamps)):
        first = count * work.batch % len(inputs)
        mean = float(predictor.predict({key: inputs[first : first + work.batch]}, work.batch)[end].mean())
        stamps[count] = perf_counter()
    report(stamps[work.warm :], mean)


if __name__ == "__main__":
    (answer if WORKLOADS[sys.argv[1]].answers else train)(sys.argv[1], int(sys.argv[2]))
