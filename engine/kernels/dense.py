"""Kernels of fully connected layers: products, bias, column sums."""

from __future__ import annotations

from typing import Any

from engine.kernels.gemm import gemm
from engine.kernels.jit import kernel


@kernel
def multiply(a: Any, b: Any, c: Any) -> None:
    """c = a·b."""
    gemm(False, False, a, b, 0, c)


@kernel
def multiply_b_transposed(a: Any, b: Any, c: Any) -> None:
    """c = a·bᵀ."""
    gemm(False, True, a, b, 0, c)


@kernel
def multiply_a_transposed(a: Any, b: Any, c: Any) -> None:
    """c = aᵀ·b; ``a`` may be a block of columns of a larger array."""
    gemm(True, False, a, b, 0, c)


@kernel
def add_bias(z: Any, bias: Any) -> None:
    """z[i, j] += bias[j]."""
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            z[i, j] += bias[j]


@kernel
def column_sum(a: Any, total: Any) -> None:
    """total[j] = sum over i of a[i, j], rows in order (so the bits never change)."""
    for j in range(a.shape[1]):
        total[j] = 0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            total[j] += a[i, j]
