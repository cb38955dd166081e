"""Writes golden_torch.npz: what PyTorch computes for small networks, for comparison with the engine.

Run with a Python that has torch and numpy: ``python tests/parity/make_golden.py``.
Made with torch 2.13.0 (CPU), float64. Weights are stored in Keras's layout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from golden import target
from torch import nn

STEPS = 5
Case = tuple[Callable[[], nn.Module], Callable[[Any], Any], tuple[int, ...], int]


def dense_adam() -> nn.Module:
    return nn.Sequential(nn.Linear(6, 8), nn.Sigmoid(), nn.Linear(8, 5), nn.Tanh(), nn.Linear(5, 3))


def conv_nesterov() -> nn.Module:
    layers = [nn.Conv2d(2, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 3, 2, padding=0), nn.ReLU()]
    return nn.Sequential(*layers, HeightWidthChannels(), nn.Linear(3 * 2 * 1, 3))


def conv_same_strided() -> nn.Module:
    return nn.Sequential(nn.Conv2d(2, 4, 3, stride=2, padding=1), nn.GELU(), HeightWidthChannels(), nn.Linear(64, 3))


def conv_wide() -> nn.Module:
    return nn.Sequential(nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), HeightWidthChannels(), nn.Linear(16 * 36, 3))


def batch_norm() -> nn.Module:
    norm = nn.BatchNorm1d(8, eps=1e-3)
    return nn.Sequential(nn.Linear(6, 8, bias=False), norm, nn.SiLU(), nn.Linear(8, 3))


class HeightWidthChannels(nn.Module):
    """Flatten in the order in which channels come last."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.permute(0, 2, 3, 1).reshape(len(x), -1)


CASES: dict[str, Case] = {
    "dense_adam": (dense_adam, lambda p: torch.optim.Adam(p, 0.01, eps=1e-30), (6,), 12),
    "conv_nesterov": (conv_nesterov, lambda p: torch.optim.SGD(p, 0.05, momentum=0.9, nesterov=True), (8, 6, 2), 9),
    "conv_same_strided": (conv_same_strided, lambda p: torch.optim.SGD(p, 0.05, momentum=0.9), (7, 7, 2), 10),
    "conv_wide": (conv_wide, lambda p: torch.optim.SGD(p, 0.01), (6, 6, 16), 6),
    "batch_norm": (batch_norm, lambda p: torch.optim.RMSprop(p, 0.01, alpha=0.9, eps=1e-30), (6,), 11),
}


def keras_layout(value: torch.Tensor) -> np.ndarray:
    """(out, in) to (in, out); (out, in, height, width) to (height, width, in, out)."""
    array = value.detach().numpy()
    if array.ndim == 2:
        return array.T.copy()
    return array.transpose(2, 3, 1, 0).copy() if array.ndim == 4 else array.copy()


def run(name: str) -> dict[str, np.ndarray]:
    """Losses, output and weights of one case."""
    build, optimizer_of, shape, rows = CASES[name]
    torch.manual_seed(1)
    torch.set_default_dtype(torch.float64)
    random = np.random.default_rng(len(name))
    x, y = random.standard_normal((rows, *shape)), random.integers(0, 3, rows)
    net = build()
    given = torch.from_numpy(x if len(shape) == 1 else x.transpose(0, 3, 1, 2).copy())
    labels = torch.from_numpy(y)
    found = {"x": x, "y": y}
    found |= {f"before{n}": keras_layout(p) for n, p in enumerate(net.parameters())}
    optimizer, losses = optimizer_of(net.parameters()), []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(given), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    found |= {f"after{n}": keras_layout(p) for n, p in enumerate(net.parameters())}
    return found | {"losses": np.array(losses)}


if __name__ == "__main__":
    arrays = {f"{name}/{key}": value for name in CASES for key, value in run(name).items()}
    np.savez_compressed(target("golden_torch.npz"), version=np.array(torch.__version__), **arrays)
