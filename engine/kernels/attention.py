"""Attention: who looks at whom, for every sample and head.

Tensors are (samples, places, heads, size); scores and weights are (samples, heads, asking places, seen places).
"""

from __future__ import annotations

from typing import Any

from engine.kernels.bits import select
from engine.kernels.gemm import gemm
from engine.kernels.jit import inline, kernel
from engine.kernels.math import exp, like, tanh


@kernel
def pair_products(a: Any, b: Any, c: Any) -> None:
    """c[n, h] = a[n, :, h] · b[n, :, h]ᵀ: every place of a with every place of b."""
    for n in range(c.shape[0]):
        for h in range(c.shape[1]):
            gemm(False, True, a[n, :, h], b[n, :, h], 0, c[n, h])


@kernel
def weigh_places(weights: Any, b: Any, c: Any) -> None:
    """c[n, :, h] = weights[n, h] · b[n, :, h]: for every asking place a mix of the seen ones."""
    for n in range(c.shape[0]):
        for h in range(c.shape[2]):
            gemm(False, False, weights[n, h], b[n, :, h], 0, c[n, :, h])


@kernel
def weigh_askers(weights: Any, b: Any, c: Any) -> None:
    """c[n, :, h] = weights[n, h]ᵀ · b[n, :, h]: for every seen place a mix of the asking ones."""
    for n in range(c.shape[0]):
        for h in range(c.shape[2]):
            gemm(True, False, weights[n, h], b[n, :, h], 0, c[n, :, h])


@inline
def _soften(row: Any, first: int, last: int, factor: Any, seen: Any, also: Any, free: int) -> int:
    """Softmax of factor·row over the places that count from first to last; the number of such places.

    With ``free`` 1 all places count.
    """
    found = 0
    largest = like(row[0], 0)
    for j in range(first, last):
        if free | (seen[j] & also[j]):
            value = row[j] * factor
            largest = value if found == 0 or value > largest else largest
            found += 1
    if found == 0:
        return found  # the row stays as it is
    zero = like(largest, 0)
    for j in range(first):
        row[j] = zero
    for j in range(last, row.size):
        row[j] = zero
    for j in range(first, last):
        counts = (free | (seen[j] & also[j])) != 0
        row[j] = select(counts, exp(select(counts, row[j] * factor - largest, zero)), zero)
    total = zero
    for j in range(first, last):
        total += row[j]
    share = like(total, 1) / total
    for j in range(first, last):
        row[j] *= share
    return found


@kernel
def attend(
    scores: Any, factor: Any, asks: Any, seen: Any, also: Any, causal: bool, window: int, keeps_empty: bool
) -> None:
    """scores = softmax of factor·scores over the places that a place may look at.

    Args:
        scores: (samples, heads, asking, seen), overwritten by weights.
        factor: one number.
        asks: (samples, asking) bytes; where 0, the place looks at nothing.
        seen: (samples, seen) bytes; where 0, nobody looks there.
        also: likewise.
        causal: a place looks at none behind its own.
        window: it looks at places nearer than this; 0 for all.
        keeps_empty: a place that may look at nothing looks at everything; else all its weights are 0.
    """
    places = scores.shape[3]
    for n in range(scores.shape[0]):
        for h in range(scores.shape[1]):
            for i in range(scores.shape[2]):
                first = max(0, i - window + 1) if window else 0
                last = min(places, i + window) if window else places
                last = min(last, i + 1) if causal else last
                first = min(first, last)
                row = scores[n, h, i]
                found = 0
                if asks[n, i]:
                    found = _soften(row, first, last, factor[0], seen[n], also[n], 0)
                if found == 0 and keeps_empty:
                    _soften(row, 0, places, factor[0], seen[n], also[n], 1)
                elif found == 0:
                    for j in range(places):
                        row[j] = 0


@kernel
def attend_back(weights: Any, slope: Any) -> None:
    """slope = weights·(slope - sum of weights·slope): from slopes of weights to those of what was softened."""
    for n in range(weights.shape[0]):
        for h in range(weights.shape[1]):
            for i in range(weights.shape[2]):
                w, s = weights[n, h, i], slope[n, h, i]
                total = like(w[0], 0)
                for j in range(w.size):
                    total += w[j] * s[j]
                for j in range(w.size):
                    s[j] = w[j] * (s[j] - total)


@kernel
def scale_by(x: Any, factor: Any) -> None:
    """x *= factor[0], for a flat x."""
    for i in range(x.size):
        x[i] *= factor[0]


@kernel
def sum_of_products(a: Any, b: Any, total: Any) -> None:
    """total[0] = sum of a·b, for flat arrays."""
    found = like(a[0], 0)
    for i in range(a.size):
        found += a[i] * b[i]
    total[0] = found


@kernel
def additive_scores(q: Any, k: Any, each: Any, inner: Any, scores: Any) -> None:
    """scores[n, 0, i, j] = sum over c of each[c] · tanh(inner · (q[n, i, c] + k[n, j, c])).

    ``each`` may be a single number.
    """
    wide = int(each.size > 1)
    for n in range(scores.shape[0]):
        for i in range(scores.shape[2]):
            for j in range(scores.shape[3]):
                total = like(q[0, 0, 0], 0)
                for c in range(q.shape[2]):
                    total += each[c * wide] * tanh(inner[0] * (q[n, i, c] + k[n, j, c]))
                scores[n, 0, i, j] = total


@kernel
def additive_back(
    q: Any, k: Any, each: Any, inner: Any, slope: Any, dq: Any, dk: Any, d_each: Any, d_inner: Any
) -> None:
    """The way back of ``additive_scores``: dq, dk and the sums for ``each`` and ``inner``."""
    zero = like(q[0, 0, 0], 0)
    one, wide = like(zero, 1), int(each.size > 1)
    for c in range(d_each.size):
        d_each[c] = zero
    d_inner[0] = zero
    for n in range(slope.shape[0]):
        for i in range(dq.shape[1]):
            for c in range(d_each.size):
                dq[n, i, c] = zero
        for j in range(dk.shape[1]):
            for c in range(d_each.size):
                dk[n, j, c] = zero
        for i in range(dq.shape[1]):
            for j in range(dk.shape[1]):
                s = slope[n, 0, i, j]
                for c in range(d_each.size):
                    both = q[n, i, c] + k[n, j, c]
                    t = tanh(inner[0] * both)
                    inside = s * each[c * wide] * (one - t * t)
                    d_each[c] += s * t
                    d_inner[0] += inside * both
                    dq[n, i, c] += inside * inner[0]
                    dk[n, j, c] += inside * inner[0]


@kernel
def repeat_table(table: Any, y: Any) -> None:
    """y[n] = table, for (samples, numbers) and a flat table."""
    for n in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[n, j] = table[j]
