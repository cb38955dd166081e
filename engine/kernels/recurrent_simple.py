"""A simple recurrent layer: one step in pieces, and all steps of some rows in one call.

z (rows, 1, units) holds the sums, then the activated state; ``h`` holds for each step what the step begins with.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.jit import inline, kernel
from engine.kernels.math import like
from engine.kernels.recurrent import add_back, add_recurrent, gather_back, shape_gate, slope_gate


@inline
def answer(z: Any, mask: Any, h: Any, next_h: Any) -> None:
    """next_h = z; a masked row keeps h."""
    for r in range(h.shape[0]):
        if mask[r] != 0:
            for j in range(h.shape[1]):
                next_h[r, j] = z[r, 0, j]
        else:
            for j in range(h.shape[1]):
                next_h[r, j] = h[r, j]


@inline
def answer_back(mask: Any, dy: Any, dh: Any, dz: Any) -> None:
    """dz = dh + dy; dh is 0 afterwards, but goes on through a masked row."""
    gather_back(mask, dy, dh, dz)
    zero = like(dh[0, 0], 0)
    for r in range(dh.shape[0]):
        if mask[r] != 0:
            for j in range(dh.shape[1]):
                dz[r, 0, j] = dh[r, j]
            for j in range(dh.shape[1]):
                dh[r, j] = zero


@kernel
def simple_forward(
    code: int, mask: Any, packed: Any, bias: Any, drop: Any, dropped: Any, z: Any, h: Any, last_h: Any
) -> None:
    """All steps of some rows (see ``lstm_forward`` for the arguments)."""
    steps = h.shape[0]
    for t in range(steps):
        add_recurrent(h[t], packed, drop, dropped[t], 0, z[t], 0, 1)
        shape_gate(code, z[t], 0, bias)
        answer(z[t], mask[t], h[t], h[t + 1] if t + 1 < steps else last_h)


@kernel
def simple_backward(
    code: int, mask: Any, packed: Any, drop: Any, z: Any, dy: Any, dh: Any, dz: Any, product: Any
) -> None:
    """Back through all steps of some rows (see ``lstm_backward`` for the arguments)."""
    for t in range(z.shape[0] - 1, -1, -1):
        answer_back(mask[t], dy[min(t, dy.shape[0] - 1)], dh, dz[t])
        slope_gate(code, z[t], dz[t], 0)
        add_back(dz[t], 0, 1, packed, drop, 0, product, dh)


@kernel
def simple_sums(packed: Any, drop: Any, dropped: Any, h: Any, z: Any) -> None:
    """One step's sums (for activations that these kernels do not know)."""
    add_recurrent(h, packed, drop, dropped, 0, z, 0, 1)


@kernel
def simple_answer(z: Any, mask: Any, h: Any, next_h: Any) -> None:
    """One step's state (see ``answer``)."""
    answer(z, mask, h, next_h)


@kernel
def simple_answer_back(mask: Any, dy: Any, dh: Any, dz: Any) -> None:
    """One step back from the state (see ``answer_back``)."""
    answer_back(mask, dy, dh, dz)


@kernel
def simple_back(packed: Any, drop: Any, dz: Any, product: Any, dh: Any) -> None:
    """One step back from the sums to the state before."""
    add_back(dz, 0, 1, packed, drop, 0, product, dh)
