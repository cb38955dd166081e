"""Rectifiers with a bend somewhere else, and with slopes that are learnt."""

from __future__ import annotations

from typing import Any

from engine.kernels.bits import select
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.math import like


@scalar
def _bent(x: Any, top: Any, slope: Any, edge: Any) -> Any:
    y = select(x > edge, x, slope * (x - edge))
    return select(y > top, top, y)


@scalar
def _bent_slope(x: Any, top: Any, slope: Any, edge: Any) -> Any:
    inner = select(x > edge, like(x, 1), slope)
    y = select(x > edge, x, slope * (x - edge))
    return select(y > top, like(x, 0), inner)


@kernel
def bent(x: Any, y: Any, top: Any, slope: Any, edge: Any) -> None:
    """y = x above the edge and slope·(x - edge) below it, at most top."""
    apply(_bent, x, y, (top, slope, edge))


@kernel
def bent_back(x: Any, dy: Any, dx: Any, top: Any, slope: Any, edge: Any) -> None:
    """dx = dy · derivative of :func:`bent`."""
    apply_chain(_bent_slope, x, dy, dx, (top, slope, edge))


@kernel
def learnt(x: Any, alpha: Any, y: Any) -> None:
    """y = x where positive, else alpha·x; x and y are (rows, columns), alpha has a number for each column."""
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] if x[i, j] > 0 else alpha[j] * x[i, j]


@kernel
def learnt_back(x: Any, alpha: Any, dy: Any, dx: Any) -> None:
    """dx = dy where x is positive, else alpha·dy."""
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            dx[i, j] = dy[i, j] if x[i, j] > 0 else alpha[j] * dy[i, j]


@kernel
def learnt_slopes(x: Any, dy: Any, dalpha: Any) -> None:
    """dalpha = sums of dy·x over the rows where x is not positive."""
    zero = like(x[0, 0], 0)
    for j in range(x.shape[1]):
        dalpha[j] = zero
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            dalpha[j] += zero if x[i, j] > 0 else dy[i, j] * x[i, j]
