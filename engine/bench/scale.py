"""How time and memory of an update grow: one round in a process of its own for every size.

``python -m engine.bench.scale AXIS SIZE`` prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import h5py
import numpy as np

from engine import layers
from engine.api.callback import Callback
from engine.bench.workloads import Step, peak_memory
from engine.data.split import Parts
from engine.graph import Graph
from engine.infer import infer
from engine.models import Sequential
from engine.project import Project, TrainConfig
from engine.templates import chain
from engine.train.control import Control
from engine.train.events import BatchEnd, Event, Failed
from engine.train.trainer import Trainer

#: Seconds that a size is measured for, and updates that it is measured for at least.
PATIENCE, FEWEST = 1.5, 4
#: Samples that are made, and classes they are divided into.
SAMPLES, CLASSES = 4096, 10
#: Samples of the array that is read in place, and its pictures.
STREAMED, PICTURE, STREAM_BATCH = 3000, (64, 64, 3), 32


@dataclass(frozen=True)
class Axis:
    """What grows.

    Attributes:
        title: what is trained.
        sizes: the sizes that are measured.
        unit: what a size counts.
        project: the network and its batch size, by size.
        samples: how many samples there are, by size.
        words: what sizes are called that are no numbers.
    """

    title: str
    unit: str
    sizes: tuple[int, ...]
    project: Callable[[int], tuple[Graph, int]]
    samples: Callable[[int], int] = lambda size: SAMPLES
    words: tuple[str, ...] = ()

    def shown(self, size: int) -> str:
        """A size as people read it."""
        return self.words[size] if self.words else f"{size:,}"


def _dense(*units: int, shape: tuple[int, ...] = (784,)) -> Graph:
    hidden = [("Dense", {"units": n, "activation": "sigmoid"}) for n in units]
    return chain(("Input", {"shape": shape}), *hidden, ("Dense", {"units": CLASSES, "activation": "softmax"}))


def _pictures(side: int) -> Graph:
    convolution: Step = ("Conv2D", {"filters": 32, "kernel_size": 3, "padding": "same", "activation": "relu"})
    end: Step = ("Dense", {"units": CLASSES, "activation": "softmax"})
    start: Step = ("Input", {"shape": (side, side, 3)})
    return chain(start, convolution, ("MaxPooling2D", {}), convolution, ("GlobalAveragePooling2D", {}), end)


AXES = {
    "batch": Axis(
        "784-500-500-10 on digits, by batch size", "samples", (1, 10, 100, 512, 4096),
        lambda n: (_dense(500, 500), n),
    ),
    "depth": Axis(
        "so many Dense 64 one after the other, batch 100", "layers", (1, 10, 50, 200),
        lambda n: (_dense(*[64] * n), 100),
    ),
    "width": Axis(
        "784 - n - n - 10, batch 100", "units", (64, 256, 1024, 2048), lambda n: (_dense(n, n), 100)
    ),
    "picture": Axis(
        "Conv 32 - pool - Conv 32 on n x n x 3, batch 16", "pixels a side", (16, 32, 64, 128, 256),
        lambda n: (_pictures(n), 16), lambda n: 64,
    ),
    "samples": Axis(
        "784-500-500-10, batch 100, by number of samples", "samples", (1_000, 8_000, 50_000),
        lambda n: (_dense(500, 500), 100), lambda n: n,
    ),
    "threads": Axis(
        "784-500-500-10, batch 100, by number of threads", "threads", (1, 2, 4), lambda n: (_dense(500, 500), 100)
    ),
    "stream": Axis(
        "Conv 32 - pool - Conv 32 on 3,000 pictures of 64 x 64 x 3 (147 MB), batch 32", "source", (0, 1),
        lambda n: (_pictures(PICTURE[0]), STREAM_BATCH), words=("memory", "HDF5 file, read in place"),
    ),
}  # fmt: skip


def measure(axis: str, size: int) -> dict[str, Any]:
    """Milliseconds per update (fastest and median), samples a second, and peak memory (MB)."""
    graph, batch = AXES[axis].project(size)
    shape = infer(graph).outputs[graph.inputs[0]][0].sizes
    parts = _noise(AXES[axis].samples(size), shape)
    project = Project(graph, TrainConfig(batch_size=batch, metrics=()))
    trainer = Trainer(project, parts, epochs=1_000_000, threads=size if axis == "threads" else None)
    return _told(_times(trainer), batch)


def _noise(count: int, shape: tuple[int, ...]) -> Parts:
    values = np.random.default_rng(0).random((count, *shape), np.float32)
    return _parts(values, np.arange(count, dtype=np.int64) % CLASSES)


def _parts(values: Any, labels: Any) -> Parts:
    return Parts({"x": values}, {"y": labels}, {}, {}, {"y": tuple(str(n) for n in range(CLASSES))})


def _times(trainer: Trainer) -> np.ndarray:
    """Seconds of each update, after two that warm up."""
    control, stamps = Control(), []
    for event in trainer.run(control):
        if isinstance(event, BatchEnd):
            stamps.append(perf_counter())
            if len(stamps) > FEWEST + 2 and stamps[-1] - stamps[2] > PATIENCE:
                control.stop()
        _refuse(event)
    return np.diff(stamps[2:])


def _refuse(event: Event) -> None:
    if isinstance(event, Failed):
        raise SystemExit(event.problem.text)


def _told(times: np.ndarray, batch: int) -> dict[str, Any]:
    middle = float(np.median(times))
    return {
        "min_ms": float(times.min()) * 1e3, "median_ms": middle * 1e3, "per_second": batch / middle,
        "memory_mb": peak_memory(),
    }  # fmt: skip


def streamed(from_file: bool) -> dict[str, Any]:
    """The same figures for pictures that lie in memory, or in an HDF5 file from which batches are read in place."""
    random, stamps = np.random.default_rng(0), [perf_counter()]
    labels = np.arange(STREAMED, dtype=np.int64) % CLASSES
    model = Sequential([
        layers.Input(PICTURE), layers.Conv2D(32, 3, padding="same", activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(32, 3, padding="same", activation="relu"), layers.GlobalAveragePooling2D(),
        layers.Dense(CLASSES, activation="softmax"),
    ])  # fmt: skip
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    with TemporaryDirectory() as folder, h5py.File(Path(folder) / "pictures.h5", "w") as file:
        stored = file.create_dataset("x", (STREAMED, *PICTURE), "f4") if from_file else None
        values = np.zeros((0 if from_file else STREAMED, *PICTURE), np.float32)
        for first in range(0, STREAMED, STREAM_BATCH):
            part = random.random((min(STREAM_BATCH, STREAMED - first), *PICTURE), np.float32)
            (values if stored is None else stored)[first : first + len(part)] = part
        file.flush()
        watch = _Watch(stamps)
        model.fit(values if stored is None else stored, labels, batch_size=STREAM_BATCH, epochs=1, shuffle="batch",
                  verbose=0, callbacks=[watch])  # fmt: skip
    return _told(np.diff(stamps[3:-1]), STREAM_BATCH)


class _Watch(Callback):
    """Writes down when each batch was done."""

    def __init__(self, stamps: list[float]) -> None:
        super().__init__()
        self.stamps = stamps

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.stamps.append(perf_counter())


if __name__ == "__main__":
    wanted, size = sys.argv[1], int(sys.argv[2])
    print(json.dumps(streamed(size == 1) if wanted == "stream" else measure(wanted, size)))
