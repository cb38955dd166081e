"""Rows brought to mean 0 and variance 1, or to length 1. Statistics belong to one row, so shards cannot matter."""

from __future__ import annotations

from math import sqrt
from typing import Any

from engine.kernels.jit import kernel
from engine.kernels.math import like


@kernel
def standardize(x: Any, epsilon: Any, gamma: Any, beta: Any, y: Any, mean: Any, inverse: Any) -> None:
    """y = (x - mean) · inverse · gamma + beta with inverse = 1 / sqrt(variance + epsilon), row by row.

    Args:
        x: (rows, terms).
        epsilon: added to the variance.
        gamma: (period, terms): row i takes factors i mod period.
        beta: likewise.
        y: (rows, terms).
        mean: (rows,), written.
        inverse: (rows,), written.
    """
    rows, terms = x.shape
    period = gamma.shape[0]
    share = like(x[0, 0], 1) / like(x[0, 0], terms)
    for i in range(rows):
        total = like(x[0, 0], 0)
        for j in range(terms):
            total += x[i, j]
        middle = total * share
        squares = like(middle, 0)
        for j in range(terms):
            squares += (x[i, j] - middle) * (x[i, j] - middle)
        scale = like(middle, 1) / like(middle, sqrt(squares * share + epsilon))
        mean[i], inverse[i] = middle, scale
        factor, shift = gamma[i % period], beta[i % period]
        for j in range(terms):
            y[i, j] = (x[i, j] - middle) * scale * factor[j] + shift[j]


@kernel
def standardize_back(x: Any, mean: Any, inverse: Any, gamma: Any, dy: Any, dx: Any) -> None:
    """dx = inverse · (g - mean of g - x̂ · mean of g·x̂) with g = dy·gamma and x̂ = (x - mean) · inverse."""
    rows, terms = x.shape
    share = like(x[0, 0], 1) / like(x[0, 0], terms)
    for i in range(rows):
        factor, middle, scale = gamma[i % gamma.shape[0]], mean[i], inverse[i]
        total, product = like(middle, 0), like(middle, 0)
        for j in range(terms):
            slope = dy[i, j] * factor[j]
            total += slope
            product += slope * (x[i, j] - middle)
        total *= share
        product *= share * scale
        for j in range(terms):
            hat = (x[i, j] - middle) * scale
            dx[i, j] = scale * (dy[i, j] * factor[j] - total - hat * product)


@kernel
def standardize_slopes(x: Any, mean: Any, inverse: Any, dy: Any, dgamma: Any, dbeta: Any) -> None:
    """dgamma = sums of dy·x̂ and dbeta = sums of dy over the rows of each period; both (period, terms)."""
    rows, terms = x.shape
    period = dgamma.shape[0]
    zero = like(x[0, 0], 0)
    for p in range(period):
        for j in range(terms):
            dgamma[p, j] = zero
            dbeta[p, j] = zero
    for i in range(rows):
        p, middle, scale = i % period, mean[i], inverse[i]
        for j in range(terms):
            dgamma[p, j] += dy[i, j] * (x[i, j] - middle) * scale
            dbeta[p, j] += dy[i, j]


@kernel
def unit_rows(x: Any, y: Any, inverse: Any) -> None:
    """y = x · inverse with inverse = 1 / max(length of the row, 1e-12)."""
    for i in range(x.shape[0]):
        squares = like(x[0, 0], 0)
        for j in range(x.shape[1]):
            squares += x[i, j] * x[i, j]
        inverse[i] = 1.0 / max(sqrt(squares), 1e-12)
        scale = inverse[i]
        for j in range(x.shape[1]):
            y[i, j] = x[i, j] * scale


@kernel
def unit_rows_back(y: Any, inverse: Any, dy: Any, dx: Any) -> None:
    """dx = inverse · (dy - y · (y·dy))."""
    for i in range(y.shape[0]):
        product = like(y[0, 0], 0)
        for j in range(y.shape[1]):
            product += y[i, j] * dy[i, j]
        for j in range(y.shape[1]):
            dx[i, j] = inverse[i] * (dy[i, j] - y[i, j] * product)
