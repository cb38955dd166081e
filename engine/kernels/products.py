"""Products of two small matrices for every sample."""

from __future__ import annotations

from typing import Any

from engine.kernels.jit import kernel
from engine.kernels.math import like


@kernel
def dot_rows(a: Any, b: Any, y: Any) -> None:
    """y[n, i, j] = sum over k of a[n, i, k] · b[n, j, k]."""
    for n in range(y.shape[0]):
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                total = like(y[0, 0, 0], 0)
                for k in range(a.shape[2]):
                    total += a[n, i, k] * b[n, j, k]
                y[n, i, j] = total


@kernel
def dot_back_left(dy: Any, b: Any, da: Any) -> None:
    """da[n, i, k] = sum over j of dy[n, i, j] · b[n, j, k]."""
    zero = like(da[0, 0, 0], 0)
    for n in range(da.shape[0]):
        for i in range(da.shape[1]):
            for k in range(da.shape[2]):
                da[n, i, k] = zero
            for j in range(dy.shape[2]):
                for k in range(da.shape[2]):
                    da[n, i, k] += dy[n, i, j] * b[n, j, k]


@kernel
def dot_back_right(dy: Any, a: Any, db: Any) -> None:
    """db[n, j, k] = sum over i of dy[n, i, j] · a[n, i, k]."""
    zero = like(db[0, 0, 0], 0)
    for n in range(db.shape[0]):
        for j in range(db.shape[1]):
            for k in range(db.shape[2]):
                db[n, j, k] = zero
            for i in range(dy.shape[1]):
                for k in range(db.shape[2]):
                    db[n, j, k] += dy[n, i, j] * a[n, i, k]
