"""Numbers put into other places, and weighted sums of a few of them: what shape layers and pooling are made of.

Tables say where a sample's numbers come from; they are made once per shape. A table counts runs: pieces of
neighbours (mostly the channels of one pixel) that travel together.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.jit import kernel
from engine.kernels.math import like


@kernel
def gather_runs(x: Any, table: Any, run: int, y: Any) -> None:
    """y[i, k·run + c] = x[i, table[k] + c]; 0 where table[k] is negative.

    Args:
        x: (rows, elements).
        table: int64, where each run begins.
        run: elements in a run.
        y: (rows, runs · run).
    """
    zero = like(y[0, 0], 0)
    for i in range(y.shape[0]):
        for k in range(table.size):
            start = table[k]
            target = y[i, k * run : (k + 1) * run]
            if start < 0:
                for c in range(run):
                    target[c] = zero
            else:
                source = x[i, start : start + run]
                for c in range(run):
                    target[c] = source[c]


@kernel
def scatter_runs(dy: Any, table: Any, run: int, dx: Any) -> None:
    """dx = 0, then dx[i, table[k] + c] += dy[i, k·run + c]; arguments as in :func:`gather_runs`."""
    zero = like(dx[0, 0], 0)
    for i in range(dx.shape[0]):
        for j in range(dx.shape[1]):
            dx[i, j] = zero
        for k in range(table.size):
            start = table[k]
            if start >= 0:
                source, target = dy[i, k * run : (k + 1) * run], dx[i, start : start + run]
                for c in range(run):
                    target[c] += source[c]


@kernel
def weigh_runs(x: Any, starts: Any, table: Any, weights: Any, run: int, y: Any) -> None:
    """y[i, k·run + c] = sum of weights[t] · x[i, table[t] + c] over t from starts[k] to starts[k + 1].

    Args:
        x: (rows, elements).
        starts: int64, one more than runs of y.
        table: int64, where each term's run begins.
        weights: one for each term.
        run: elements in a run.
        y: (rows, runs · run).
    """
    zero = like(y[0, 0], 0)
    for i in range(y.shape[0]):
        for k in range(starts.size - 1):
            target = y[i, k * run : (k + 1) * run]
            for c in range(run):
                target[c] = zero
            for t in range(starts[k], starts[k + 1]):
                weight, source = weights[t], x[i, table[t] : table[t] + run]
                for c in range(run):
                    target[c] += weight * source[c]


@kernel
def weigh_back(dy: Any, starts: Any, table: Any, weights: Any, run: int, dx: Any) -> None:
    """Hand every gradient to the terms of its sum; arguments as in :func:`weigh_runs`."""
    zero = like(dx[0, 0], 0)
    for i in range(dx.shape[0]):
        for j in range(dx.shape[1]):
            dx[i, j] = zero
        for k in range(starts.size - 1):
            source = dy[i, k * run : (k + 1) * run]
            for t in range(starts[k], starts[k + 1]):
                weight, target = weights[t], dx[i, table[t] : table[t] + run]
                for c in range(run):
                    target[c] += weight * source[c]
