"""The penalty on vectors that are not at right angles to each other."""

from __future__ import annotations

from math import sqrt
from typing import Any

from engine.kernels.jit import kernel
from engine.kernels.math import like, sign


@kernel
def penalize(weight: Any, gradient: Any, penalty: Any, inverse: Any, factor: Any) -> None:
    """penalty[0] = factor · mean of abs(u_i · u_j), u the rows of length 1; its slope is added to ``gradient``.

    ``inverse`` is scratch for 1 / length of every row; a row too short to have a direction counts as 0.
    """
    rows, columns = weight.shape
    for i in range(rows):
        square = 0.0
        for k in range(columns):
            square += float(weight[i, k]) * float(weight[i, k])
        inverse[i] = like(factor, 1.0 / sqrt(square) if square > 1e-24 else 0.0)
    total = 0.0
    share = factor / like(factor, max(rows * (rows - 1) // 2, 1))
    for i in range(rows):
        for j in range(i + 1, rows):
            product = like(factor, 0)
            for k in range(columns):
                product += weight[i, k] * weight[j, k]
            product *= inverse[i] * inverse[j]
            total += abs(product)
            push = share * sign(product)
            both = push * inverse[i] * inverse[j]
            own_i, own_j = push * product * inverse[i] * inverse[i], push * product * inverse[j] * inverse[j]
            for k in range(columns):
                gradient[i, k] += both * weight[j, k] - own_i * weight[i, k]
                gradient[j, k] += both * weight[i, k] - own_j * weight[j, k]
    penalty[0] = share * total
