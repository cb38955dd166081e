"""One round of the benchmark with PyTorch: ``python -m engine.bench.torch_side WORKLOAD STEPS [LAYOUT]``.

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

from engine.bench.workloads import SENSE, WORKLOADS, layers, report, samples

ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}


def network(name: str, example: torch.Tensor) -> Any:
    """The network of a workload, answering with logits (its loss takes those)."""
    modules: list[nn.Module] = []
    for kind, values in layers(name):
        modules.append(_module(kind, values))
        if values.get("activation", "softmax") != "softmax":
            modules.append(ACTIVATIONS[values["activation"]]())
    model = nn.Sequential(*(module for module in modules if not isinstance(module, nn.Identity)))
    model.eval()
    with torch.no_grad():
        model(example)  # what is lazy learns its sizes
    return model.train()


class LastState(nn.Module):  # type: ignore[misc, unused-ignore] # without PyTorch it is anything
    """A recurrent layer that answers with its last state, or with those of both directions."""

    def __init__(self, kind: str, units: int, both: bool) -> None:
        super().__init__()
        self.steps = getattr(nn, kind)(SENSE, units, batch_first=True, bidirectional=both)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(rows, steps, numbers) to (rows, units)."""
        _, state = self.steps(x)
        last = state[0] if isinstance(state, tuple) else state
        answer: torch.Tensor = last.transpose(0, 1).flatten(1)
        return answer


def _module(kind: str, values: dict[str, Any]) -> nn.Module:
    if kind == "Dense":
        return nn.LazyLinear(values["units"])
    if kind == "Conv2D":
        size = values["kernel_size"]
        padding = size // 2 if values["padding"] == "same" else 0
        return nn.LazyConv2d(values["filters"], size, padding=padding, bias=values.get("use_bias", True))
    if kind == "Embedding":
        return nn.Embedding(values["input_dim"], values["output_dim"])
    if kind in ("LSTM", "GRU"):
        return LastState(kind, values["units"], both=False)
    if kind == "Bidirectional":
        return LastState(values["layer"]["type"], values["layer"]["units"], both=True)
    if kind == "Dropout":
        return nn.Dropout(values["rate"])
    made: dict[str, nn.Module] = {
        "Activation": nn.Identity(), "BatchNormalization": nn.LazyBatchNorm2d(), "Flatten": nn.Flatten(),
        "MaxPooling2D": nn.MaxPool2d(2),
    }  # fmt: skip
    return made[kind] if kind in made else nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())


def prepared(name: str, wanted: str) -> tuple[Any, torch.Tensor, torch.Tensor]:
    """Network, inputs and labels, in a layout; ``-compiled`` behind it asks for PyTorch's compiler."""
    layout, _, compiled = wanted.partition("-")
    model, inputs, labels = _laid_out(name, layout)
    return torch.compile(model) if compiled else model, inputs, labels


def _laid_out(name: str, layout: str) -> tuple[Any, torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    torch.set_num_threads(os.cpu_count() or 1)
    values, numbers = samples(name)
    inputs, labels = torch.from_numpy(values), torch.from_numpy(numbers)
    if inputs.ndim != 4:
        return network(name, inputs[:1]), inputs, labels
    kept = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    inputs = inputs.permute(0, 3, 1, 2).contiguous(memory_format=kept)
    return network(name, inputs[:1]).to(memory_format=kept), inputs, labels


def train(name: str, steps: int, layout: str = "plain") -> None:
    """Train and write down when each update was done.

    Args:
        name: the workload.
        steps: updates to measure, after those that warm up.
        layout: ``contiguous`` (samples, channels, height, width) or ``channels_last``, ``plain`` where there are no
            pictures; with ``-compiled`` behind it to have PyTorch's compiler at work.
    """
    work = WORKLOADS[name]
    model, inputs, labels = prepared(name, layout)
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


@torch.inference_mode()  # type: ignore[untyped-decorator, unused-ignore]
def answer(name: str, steps: int, layout: str = "plain") -> None:
    """Answer batch after batch and write down when each was done."""
    work = WORKLOADS[name]
    model, inputs, _ = prepared(name, layout)
    model.eval()
    stamps, mean = np.zeros(work.warm + steps + 1), 0.0
    for count in range(len(stamps)):
        first = count * work.batch % len(inputs)
        mean = float(model(inputs[first : first + work.batch]).softmax(1).mean())
        stamps[count] = perf_counter()
    report(stamps[work.warm :], mean)


if __name__ == "__main__":
    (answer if WORKLOADS[sys.argv[1]].answers else train)(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
