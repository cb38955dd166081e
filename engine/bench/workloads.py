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
#: A layer: its kind and its parameters.
Step = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Workload:
    """One network on one set of samples.

    Attributes:
        title: what it is.
        batch: samples per update.
        warm: updates that are not counted.
        steps: updates that are.
        layouts: memory layouts of pictures between which a peer may choose; empty for none.
        shape: of one sample where samples are noise; empty where they are not.
        classes: how many classes such samples are divided into.
        answers: nothing is trained; a step is one batch of answers.
        words: how many different words samples are made of; 0 where they are numbers.
    """

    title: str
    batch: int
    warm: int
    steps: int
    layouts: tuple[str, ...] = ()
    shape: tuple[int, ...] = ()
    classes: int = 0
    answers: bool = False
    words: int = 0


POOL: Step = ("MaxPooling2D", {"pool_size": 2})
LAYOUTS = ("contiguous", "channels_last")
#: Words in a text, how many there are to choose from, and the numbers of each.
TEXT, WORDS, SENSE = (200,), 10_000, 32


def _texts(layer: str) -> Workload:
    title = f"Embedding(10000, 32) - {layer} over 200 words, Dense 2, Adam, batch 128"
    return Workload(title, 128, 5, 40, shape=TEXT, classes=2, words=WORDS)


_CNN = "Conv 32 - Conv 64 - pool - Dense 128 - Dense 10"
WORKLOADS = {
    "mlp": Workload("784-500-500-10, sigmoid, Adam, batch 100", 100, 40, 400),
    "cnn": Workload(f"{_CNN}, Adam, batch 128", 128, 6, 60, LAYOUTS),
    "cats": Workload(
        "four times Conv - pool (32-64-128-128), Dense 512 on 150 x 150 x 3, batch 20", 20, 3, 20, LAYOUTS,
        shape=(150, 150, 3), classes=2,
    ),
    "norms": Workload(
        "four times Conv - BatchNormalization - relu (32-32-64-64), Dense 256 on 32 x 32 x 3, batch 64", 64, 5, 40,
        LAYOUTS, shape=(32, 32, 3), classes=10,
    ),
    "vgg": Workload(
        "VGG16's first two blocks (64-64-pool-128-128-pool) on 64 x 64 x 3, batch 16", 16, 3, 20, LAYOUTS,
        shape=(64, 64, 3), classes=10,
    ),
    "tiny": Workload("2-8-8-2, tanh, Adam, batch 10", 10, 500, 5000),
    "lstm": _texts("LSTM 32"),
    "gru": _texts("GRU 32"),
    "both-ways": _texts("Bidirectional LSTM 32"),
    "answer-1": Workload(f"answers of {_CNN}, one sample at a time", 1, 100, 1000, LAYOUTS, answers=True),
    "answer-256": Workload(f"answers of {_CNN}, batch 256", 256, 5, 40, LAYOUTS, answers=True),
}  # fmt: skip

#: The layers of workloads with a single recurrent one.
RECURRENT: dict[str, Step] = {
    "lstm": ("LSTM", {"units": 32}),
    "gru": ("GRU", {"units": 32}),
    "both-ways": ("Bidirectional", {"layer": {"type": "LSTM", "units": 32}}),
}


def layers(name: str) -> list[Step]:
    """A workload's layers between Input and answer, which every side builds in its own way."""
    own = {"mlp": _mlp, "tiny": _tiny, "cats": _cats, "norms": _norms, "vgg": _vgg}
    if name in RECURRENT:
        return [("Embedding", {"input_dim": WORDS, "output_dim": SENSE}), RECURRENT[name], _answer(2)]
    return own.get(name, _cnn)()


def _mlp() -> list[Step]:
    hidden: Step = ("Dense", {"units": 500, "activation": "sigmoid"})
    return [("Flatten", {}), hidden, hidden, _answer(10)]


def _tiny() -> list[Step]:
    hidden: Step = ("Dense", {"units": 8, "activation": "tanh"})
    return [hidden, hidden, _answer(2)]


def _cnn() -> list[Step]:
    return [
        _conv(32), _conv(64), POOL, ("Dropout", {"rate": 0.25}), ("Flatten", {}),
        ("Dense", {"units": 128, "activation": "relu"}), ("Dropout", {"rate": 0.5}), _answer(10),
    ]  # fmt: skip


def _cats() -> list[Step]:
    blocks = [step for filters in (32, 64, 128, 128) for step in (_conv(filters), POOL)]
    return [*blocks, ("Flatten", {}), ("Dense", {"units": 512, "activation": "relu"}), _answer(2)]


def _norms() -> list[Step]:
    made: list[Step] = []
    for place, filters in enumerate((32, 32, 64, 64)):
        made += [
            ("Conv2D", {"filters": filters, "kernel_size": 3, "padding": "same", "use_bias": False}),
            ("BatchNormalization", {}),
            ("Activation", {"activation": "relu"}),
        ]
        if place % 2:
            made.append(POOL)
    return [*made, ("Flatten", {}), ("Dense", {"units": 256, "activation": "relu"}), _answer(10)]


def _vgg() -> list[Step]:
    twice = [(_conv(filters, "same"), _conv(filters, "same"), POOL) for filters in (64, 128)]
    return [*(step for steps in twice for step in steps), ("GlobalAveragePooling2D", {}), _answer(10)]


def _conv(filters: int, padding: str = "valid") -> Step:
    return "Conv2D", {"filters": filters, "kernel_size": 3, "padding": padding, "activation": "relu"}


def _answer(classes: int) -> Step:
    return "Dense", {"units": classes, "activation": "softmax"}


def samples(name: str) -> tuple[Array, Array]:
    """Inputs (float32; words int32) and labels (int64): noise, the shipped digits, or two rings for ``tiny``.

    As many as fill whole batches: a short one would count as the fastest update.
    """
    work = WORKLOADS[name]
    random = np.random.default_rng(0)
    if work.shape:
        count = 8 * work.batch
        classes = np.arange(count, dtype=np.int64) % work.classes
        if work.words:
            return random.integers(0, work.words, (count, *work.shape)).astype(np.int32), classes
        return random.random((count, *work.shape), np.float32), classes
    if name != "tiny":
        images, labels = digits("train")
        whole = len(labels) - len(labels) % work.batch
        return images.values[:whole], labels.values[:whole]
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
    """Write one side's figures as one line: milliseconds per update, last loss (or mean answer), peak memory."""
    times = np.diff(stamps) * 1000.0
    told = {"min": float(times.min()), "median": float(np.median(times)), "loss": loss, "memory": peak_memory()}
    print(json.dumps(told))
