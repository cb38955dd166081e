"""A long short-term memory: one step in pieces, and all steps of some rows in one call.

z (rows, 4, units) holds input gate, forget gate, candidate and output gate: first as sums, then activated.
c is the carry, a (rows, 1, units) its activation, h the state; both hold for each step what the step begins with.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.jit import inline, kernel
from engine.kernels.math import like
from engine.kernels.recurrent import add_back, add_recurrent, gather_back, shape_gate, slope_gate


@inline
def carry_on(z: Any, mask: Any, c: Any, a: Any, next_c: Any) -> None:
    """next_c = forget·c + input·candidate, copied to a; a masked row keeps c."""
    for r in range(c.shape[0]):
        if mask[r] != 0:
            for j in range(c.shape[1]):
                next_c[r, j] = z[r, 1, j] * c[r, j] + z[r, 0, j] * z[r, 2, j]
        else:
            for j in range(c.shape[1]):
                next_c[r, j] = c[r, j]
        for j in range(c.shape[1]):
            a[r, 0, j] = next_c[r, j]


@inline
def answer(z: Any, mask: Any, a: Any, h: Any, next_h: Any) -> None:
    """next_h = output·a; a masked row keeps h."""
    for r in range(h.shape[0]):
        if mask[r] != 0:
            for j in range(h.shape[1]):
                next_h[r, j] = z[r, 3, j] * a[r, 0, j]
        else:
            for j in range(h.shape[1]):
                next_h[r, j] = h[r, j]


@inline
def answer_back(z: Any, mask: Any, a: Any, dy: Any, dh: Any, dz: Any, da: Any) -> None:
    """Gradients by output gate and a from dh + dy; dh is 0 afterwards, but goes on through a masked row."""
    gather_back(mask, dy, dh, dz)
    zero = like(dh[0, 0], 0)
    for r in range(dh.shape[0]):
        if mask[r] != 0:
            for j in range(dh.shape[1]):
                dz[r, 3, j] = dh[r, j] * a[r, 0, j]
            for j in range(dh.shape[1]):
                da[r, 0, j] = dh[r, j] * z[r, 3, j]
            for j in range(dh.shape[1]):
                dh[r, j] = zero


@inline
def carry_back(z: Any, mask: Any, c: Any, da: Any, dc: Any, dz: Any) -> None:
    """Gradients by input gate, forget gate and candidate from dc + da (by the carry); dc becomes that by c."""
    for r in range(dc.shape[0]):
        if mask[r] != 0:
            for j in range(dc.shape[1]):
                dc[r, j] += da[r, 0, j]
            for j in range(dc.shape[1]):
                dz[r, 0, j] = dc[r, j] * z[r, 2, j]
            for j in range(dc.shape[1]):
                dz[r, 1, j] = dc[r, j] * c[r, j]
            for j in range(dc.shape[1]):
                dz[r, 2, j] = dc[r, j] * z[r, 0, j]
            for j in range(dc.shape[1]):
                dc[r, j] *= z[r, 1, j]


@kernel
def lstm_forward(
    code: int, gate_code: int, mask: Any, packed: Any, bias: Any, none: Any, drop: Any, dropped: Any, z: Any, h: Any,
    c: Any, a: Any, last_h: Any, last_c: Any,
) -> None:  # fmt: skip
    """All steps of some rows.

    Args:
        code: number of the activation of candidate and carry.
        gate_code: number of the activation of the gates.
        mask: (steps, rows), 0 where a step is skipped.
        packed: the recurrent kernel in panels.
        bias: (4, units).
        none: (1, units), zeros.
        drop: factors on the state (see ``add_recurrent``).
        dropped: (steps, rows, 4, units), filled where ``drop`` is.
        z: (steps, rows, 4, units): x·kernel, becomes the gates.
        h: (steps, rows, units); the first step's is given.
        c: likewise.
        a: (steps, rows, 1, units).
        last_h: (rows, units): after the last step.
        last_c: likewise.
    """
    steps = h.shape[0]
    for t in range(steps):
        after = t + 1 < steps
        next_h, next_c = h[t + 1] if after else last_h, c[t + 1] if after else last_c
        add_recurrent(h[t], packed, drop, dropped[t], 0, z[t], 0, 4)
        for gate in range(4):
            shape_gate(code if gate == 2 else gate_code, z[t], gate, bias)
        carry_on(z[t], mask[t], c[t], a[t], next_c)
        shape_gate(code, a[t], 0, none)
        answer(z[t], mask[t], a[t], h[t], next_h)


@kernel
def lstm_backward(
    code: int, gate_code: int, mask: Any, packed: Any, drop: Any, z: Any, c: Any, a: Any, dy: Any, dh: Any, dc: Any,
    dz: Any, da: Any, product: Any,
) -> None:  # fmt: skip
    """Back through all steps of some rows.

    Args:
        code: as forward.
        gate_code: as forward.
        mask: as forward.
        packed: (panels, 4·units, width): the transposed recurrent kernel.
        drop: as forward.
        z: the gates.
        c: the carry before each step.
        a: the activated carry.
        dy: (steps, rows, units): gradient by the state after each step, from outside; or one step for all.
        dh: (rows, units): gradient by the last state; becomes that by the first.
        dc: likewise of the carry.
        dz: (steps, rows, 4, units): becomes the gradient by the gates' sums.
        da: (rows, 1, units): working memory.
        product: (rows, units): working memory.
    """
    for t in range(c.shape[0] - 1, -1, -1):
        answer_back(z[t], mask[t], a[t], dy[min(t, dy.shape[0] - 1)], dh, dz[t], da)
        slope_gate(code, a[t], da, 0)
        carry_back(z[t], mask[t], c[t], da, dc, dz[t])
        for gate in range(4):
            slope_gate(code if gate == 2 else gate_code, z[t], dz[t], gate)
        add_back(dz[t], 0, 4, packed, drop, 0, product, dh)


@kernel
def lstm_sums(packed: Any, drop: Any, dropped: Any, h: Any, z: Any) -> None:
    """One step's sums of all gates (for activations that these kernels do not know)."""
    add_recurrent(h, packed, drop, dropped, 0, z, 0, 4)


@kernel
def lstm_carry(z: Any, mask: Any, c: Any, a: Any, next_c: Any) -> None:
    """One step's carry (see ``carry_on``)."""
    carry_on(z, mask, c, a, next_c)


@kernel
def lstm_answer(z: Any, mask: Any, a: Any, h: Any, next_h: Any) -> None:
    """One step's state (see ``answer``)."""
    answer(z, mask, a, h, next_h)


@kernel
def lstm_answer_back(z: Any, mask: Any, a: Any, dy: Any, dh: Any, dz: Any, da: Any) -> None:
    """One step back from the state (see ``answer_back``)."""
    answer_back(z, mask, a, dy, dh, dz, da)


@kernel
def lstm_carry_back(z: Any, mask: Any, c: Any, da: Any, dc: Any, dz: Any) -> None:
    """One step back from the carry (see ``carry_back``)."""
    carry_back(z, mask, c, da, dc, dz)


@kernel
def lstm_back(packed: Any, drop: Any, dz: Any, product: Any, dh: Any) -> None:
    """One step back from the sums to the state before."""
    add_back(dz, 0, 4, packed, drop, 0, product, dh)
