"""One round of the benchmark with this engine: ``python -m engine.cli.bench_engine WORKLOAD STEPS``."""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np

from engine.cli.bench_workloads import WORKLOADS, report, samples
from engine.data.split import Parts
from engine.graph import Graph
from engine.project import Project, TrainConfig
from engine.templates import TEMPLATES, chain
from engine.train.control import Control
from engine.train.events import BatchEnd, Failed
from engine.train.trainer import Trainer

_DENSE = {"units": 8, "activation": "tanh"}


def network(name: str) -> Graph:
    """The network of a workload."""
    if name == "tiny":
        last = {"units": 2, "activation": "softmax"}
        return chain(("Input", {"shape": (2,)}), ("Dense", _DENSE), ("Dense", _DENSE), ("Dense", last))
    return TEMPLATES["digits-dense" if name == "mlp" else "digits-convolution"].make().graph


def main(name: str, steps: int) -> None:
    """Train and write down when each update was done."""
    work = WORKLOADS[name]
    inputs, labels = samples(name)
    classes = tuple(str(n) for n in range(int(labels.max()) + 1))
    parts = Parts({"x": inputs}, {"y": labels}, {}, {}, {"y": classes})
    project = Project(network(name), TrainConfig(batch_size=work.batch, metrics=()))
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


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
