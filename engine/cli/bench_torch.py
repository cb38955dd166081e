"""One round of the benchmark with PyTorch: ``python -m engine.cli.bench_torch WORKLOAD STEPS [LAYOUT]``.

Its best settings: all cores, fused Adam, and pictures in the layout that is asked for.
"""

from __future__ import annotations

import os
import sys
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import nn

from engine.cli.bench_workloads import WORKLOADS, report, samples


def network(name: str) -> Any:
    """The network of a workload, answering with logits (its loss takes those)."""
    if name == "tiny":
        return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 2))
    if name == "mlp":
        return nn.Sequential(nn.Linear(784, 500), nn.Sigmoid(), nn.Linear(500, 500), nn.Sigmoid(), nn.Linear(500, 10))
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(64 * 12 * 12, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10),
    )  # fmt: skip


def main(name: str, steps: int, layout: str = "contiguous") -> None:
    """Train and write down when each update was done.

    Args:
        name: the workload.
        steps: updates to measure, after those that warm up.
        layout: ``contiguous`` (samples, channels, height, width) or ``channels_last``.
    """
    torch.manual_seed(0)
    torch.set_num_threads(os.cpu_count() or 1)
    work = WORKLOADS[name]
    values, numbers = samples(name)
    inputs, labels = torch.from_numpy(values), torch.from_numpy(numbers)
    model = network(name)
    if name == "mlp":
        inputs = inputs.reshape(len(inputs), -1)
    elif name == "cnn":
        kept = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}[layout]
        inputs = inputs.permute(0, 3, 1, 2).contiguous(memory_format=kept)
        model = model.to(memory_format=kept)
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    judge = nn.CrossEntropyLoss()
    stamps, count, loss = np.zeros(work.warm + steps + 1), 0, 0.0
    while count < len(stamps):
        order = torch.randperm(len(inputs))
        for first in range(0, len(inputs), work.batch):
            rows = order[first : first + work.batch]
            optimizer.zero_grad(set_to_none=True)
            value = judge(model(inputs[rows]), labels[rows])
            value.backward()
            optimizer.step()
            loss = value.item()
            stamps[count] = perf_counter()
            count += 1
            if count == len(stamps):
                break
    report(stamps[work.warm :], loss)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
