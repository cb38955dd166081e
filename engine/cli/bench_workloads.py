"""What the benchmark trains: the same numbers for every side."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.catalogue.sources.mnist import digits

if sys.platform != "win32":
    import resource

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Workload:
    """One network on one set of samples.

    Attributes:
        title: what it is.
        batch: samples per update.
        warm: updates that are not counted.
        steps: updates that are.
        layouts: memory layouts of pictures between which a peer may choose; empty for none.
    """

    title: str
    batch: int
    warm: int
    steps: int
    layouts: tuple[str, ...] = ()


LAYOUTS = ("contiguous", "channels_last")
WORKLOADS = {
    "mlp": Workload("784-500-500-10, sigmoid, Adam, batch 100", 100, 40, 400),
    "cnn": Workload("Conv 32 - Conv 64 - pool - Dense 128 - Dense 10, Adam, batch 128", 128, 6, 60, LAYOUTS),
    "tiny": Workload("2-8-8-2, tanh, Adam, batch 10", 10, 500, 5000),
}


def samples(name: str) -> tuple[Array, Array]:
    """Inputs as float32 and labels as int64: the shipped digits, or two rings for ``tiny``.

    As many as fill whole batches: a short one would count as the fastest update.
    """
    if name != "tiny":
        images, labels = digits("train")
        whole = len(labels) - len(labels) % WORKLOADS[name].batch
        return images.values[:whole], labels.values[:whole]
    random = np.random.default_rng(0)
    rings = random.integers(0, 2, 1000)
    angle = random.uniform(0, 2 * np.pi, 1000)
    radius = 1.0 + rings + random.normal(0, 0.1, 1000)
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return points.astype(np.float32), rings.astype(np.int64)


def peak_memory() -> float | None:
    """The most memory this process has held, in MB; ``None`` where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage would also count the parent's memory from before this program began.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    if sys.platform == "win32":
        return None
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 2**20 if sys.platform == "darwin" else size / 1024


def report(stamps: Array, loss: float) -> None:
    """Write one side's figures as one line: milliseconds per update, last loss, peak memory."""
    times = np.diff(stamps) * 1000.0
    told = {"min": float(times.min()), "median": float(np.median(times)), "loss": loss, "memory": peak_memory()}
    print(json.dumps(told))
