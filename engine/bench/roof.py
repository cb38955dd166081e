"""The roof of this machine: how fast it multiplies large matrices with all its cores, and what workloads need."""

from __future__ import annotations

import threading
from time import perf_counter

import numpy as np

from engine.bench.engine_side import network
from engine.bench.workloads import WORKLOADS
from engine.estimate.work import work_of
from engine.infer import infer
from engine.plan.crew import Crew, cores

#: Rows and columns of the matrices, and how often they are multiplied; the fastest time counts.
SIDE, TURNS = 1024, 12
#: Paces whose operations count.
MULTIPLYING = ("products", "sweeps", "winograd", "steps")


def roof() -> float:
    """GFLOP/s of single-precision products, one on each core at the same time.

    Every thread multiplies matrices of its own with serial BLAS, as workers of a step do.
    """
    random = np.random.default_rng(0)
    sides = [[random.random((SIDE, SIDE), np.float32) for _ in range(3)] for _ in range(cores())]
    with Crew(1):  # which holds BLAS at one thread
        best = min(_seconds(sides) for _ in range(TURNS))
    return 2.0 * SIDE**3 * len(sides) / best / 1e9


def _seconds(sides: list[list[np.ndarray]]) -> float:
    workers = [threading.Thread(target=np.matmul, args=(a, b), kwargs={"out": c}) for a, b, c in sides]
    began = perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return perf_counter() - began


def operations(name: str) -> float:
    """Floating-point operations of one step of a workload in its products and convolutions, taken directly."""
    graph, work = network(name), WORKLOADS[name]
    counted = [one for one in work_of(graph, infer(graph)).values() if one.pace in MULTIPLYING]
    return work.batch * sum(one.forward + (0.0 if work.answers else one.backward) for one in counted)
