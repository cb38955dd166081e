"""A gated recurrent unit: one step in pieces, and all steps of some rows in one call.

z (rows, 3, units) holds update gate, reset gate and candidate: first as sums, then activated. ``inner`` (rows, 1,
units) is h·kernel + bias of the candidate where the reset gate comes after the product, else reset·h.
``h`` holds for each step what the step begins with.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.jit import inline, kernel
from engine.kernels.math import like
from engine.kernels.recurrent import add_back, add_product, add_recurrent, gather_back, shape_gate, slope_gate
from engine.kernels.vectors import address_of


@inline
def consider(after: bool, packed: Any, bias: Any, drop: Any, dropped: Any, z: Any, inner: Any, h: Any) -> None:
    """Add the state's part to the candidate's sum; update and reset gate are activated already."""
    rows, units = h.shape
    if after:
        for r in range(rows):
            for j in range(units):
                inner[r, 0, j] = bias[0, j]
        add_recurrent(h, packed, drop, dropped, 2, inner, 0, 1)
        for r in range(rows):
            for j in range(units):
                z[r, 2, j] += z[r, 1, j] * inner[r, 0, j]
        return
    for r in range(rows):
        for j in range(units):
            inner[r, 0, j] = z[r, 1, j] * h[r, j]
        if drop.shape[0] > 0:
            for j in range(units):
                inner[r, 0, j] *= drop[r, 2, j]
    target = address_of(z, 2 * units)
    add_product(address_of(inner, 0), units, packed[0], 0, units, target, 3 * units, rows, units, z)


@inline
def answer(z: Any, mask: Any, h: Any, next_h: Any) -> None:
    """next_h = update·h + (1 - update)·candidate; a masked row keeps h."""
    one = like(h[0, 0], 1)
    for r in range(h.shape[0]):
        if mask[r] != 0:
            for j in range(h.shape[1]):
                next_h[r, j] = z[r, 0, j] * h[r, j] + (one - z[r, 0, j]) * z[r, 2, j]
        else:
            for j in range(h.shape[1]):
                next_h[r, j] = h[r, j]


@inline
def answer_back(z: Any, mask: Any, h: Any, dy: Any, dh: Any, dz: Any) -> None:
    """Gradients by update gate and candidate from dh + dy; dh becomes what passes by both."""
    gather_back(mask, dy, dh, dz)
    one = like(dh[0, 0], 1)
    for r in range(dh.shape[0]):
        if mask[r] != 0:
            for j in range(dh.shape[1]):
                dz[r, 0, j] = dh[r, j] * (h[r, j] - z[r, 2, j])
            for j in range(dh.shape[1]):
                dz[r, 2, j] = dh[r, j] * (one - z[r, 0, j])
            for j in range(dh.shape[1]):
                dh[r, j] *= z[r, 0, j]


@inline
def consider_back(
    after: bool, packed: Any, drop: Any, z: Any, inner: Any, h: Any, dz: Any, d_inner: Any, product: Any, dh: Any
) -> None:
    """Gradient by the reset gate, and to the state by way of the candidate; dz of the candidate is that of its sum."""
    rows, units = dh.shape
    if after:
        for r in range(rows):
            for j in range(units):
                dz[r, 1, j] = dz[r, 2, j] * inner[r, 0, j]
            for j in range(units):
                d_inner[r, 0, j] = dz[r, 2, j] * z[r, 1, j]
        add_back(d_inner, 0, 1, packed, drop, 2, product, dh)
        return
    zero = like(dh[0, 0], 0)
    for r in range(rows):
        for j in range(units):
            product[r, j] = zero
    source, target = address_of(dz, 2 * units), address_of(product, 0)
    add_product(source, 3 * units, packed, 0, units, target, units, rows, units, dz)
    for r in range(rows):
        if drop.shape[0] > 0:
            for j in range(units):
                product[r, j] *= drop[r, 2, j]
        for j in range(units):
            dz[r, 1, j] = product[r, j] * h[r, j]
        for j in range(units):
            dh[r, j] += product[r, j] * z[r, 1, j]


@kernel
def gru_forward(
    code: int, gate_code: int, after: bool, mask: Any, packed: Any, packed_candidate: Any, bias: Any, inner_bias: Any,
    drop: Any, dropped: Any, z: Any, inner: Any, h: Any, last_h: Any,
) -> None:  # fmt: skip
    """All steps of some rows.

    Args:
        code: number of the activation of the candidate.
        gate_code: number of the activation of the gates.
        after: the reset gate acts on the product of state and kernel, not on the state.
        mask: (steps, rows), 0 where a step is skipped.
        packed: the recurrent kernel of the gates in panels.
        packed_candidate: that of the candidate.
        bias: (3, units), added to the sums.
        inner_bias: (1, units), added to the candidate's product where the reset gate comes after it.
        drop: factors on the state (see ``add_recurrent``).
        dropped: (steps, rows, 3, units), filled where ``drop`` is.
        z: (steps, rows, 3, units): x·kernel, becomes the gates.
        inner: (steps, rows, 1, units).
        h: (steps, rows, units); the first step's is given.
        last_h: (rows, units): after the last step.
    """
    steps = h.shape[0]
    for t in range(steps):
        add_recurrent(h[t], packed, drop, dropped[t], 0, z[t], 0, 2)
        for gate in range(2):
            shape_gate(gate_code, z[t], gate, bias)
        consider(after, packed_candidate, inner_bias, drop, dropped[t], z[t], inner[t], h[t])
        shape_gate(code, z[t], 2, bias)
        answer(z[t], mask[t], h[t], h[t + 1] if t + 1 < steps else last_h)


@kernel
def gru_backward(
    code: int, gate_code: int, after: bool, mask: Any, packed: Any, packed_candidate: Any, drop: Any, z: Any,
    inner: Any, h: Any, dy: Any, dh: Any, dz: Any, d_inner: Any, product: Any,
) -> None:  # fmt: skip
    """Back through all steps of some rows.

    Args:
        code: as forward.
        gate_code: as forward.
        after: as forward.
        mask: as forward.
        packed: (panels, 2·units, width): the transposed recurrent kernel of the gates.
        packed_candidate: (panels, units, width): that of the candidate.
        drop: as forward.
        z: the gates.
        inner: as forward.
        h: the state before each step.
        dy: (steps, rows, units): gradient by the state after each step, from outside; or one step for all.
        dh: (rows, units): gradient by the last state; becomes that by the first.
        dz: (steps, rows, 3, units): becomes the gradient by the sums.
        d_inner: (steps, rows, 1, units): becomes the gradient by ``inner`` where ``after``.
        product: (rows, units): working memory.
    """
    for t in range(h.shape[0] - 1, -1, -1):
        answer_back(z[t], mask[t], h[t], dy[min(t, dy.shape[0] - 1)], dh, dz[t])
        slope_gate(code, z[t], dz[t], 2)
        consider_back(after, packed_candidate, drop, z[t], inner[t], h[t], dz[t], d_inner[t], product, dh)
        for gate in range(2):
            slope_gate(gate_code, z[t], dz[t], gate)
        add_back(dz[t], 0, 2, packed, drop, 0, product, dh)


@kernel
def gru_bias(bias: Any, sums: Any, inner: Any) -> None:
    """The two biases of (2, 3·units) as they are needed: those of both gates together, and the candidate's apart."""
    units = sums.shape[1]
    for j in range(units):
        for gate in range(3):
            sums[gate, j] = bias[0, gate * units + j]
        for gate in range(2):
            sums[gate, j] += bias[1, gate * units + j]
        inner[0, j] = bias[1, 2 * units + j]


@kernel
def gru_gates(packed: Any, drop: Any, dropped: Any, h: Any, z: Any) -> None:
    """One step's sums of both gates (for activations that these kernels do not know)."""
    add_recurrent(h, packed, drop, dropped, 0, z, 0, 2)


@kernel
def gru_consider(after: bool, packed: Any, bias: Any, drop: Any, dropped: Any, z: Any, inner: Any, h: Any) -> None:
    """One step's candidate (see ``consider``)."""
    consider(after, packed, bias, drop, dropped, z, inner, h)


@kernel
def gru_answer(z: Any, mask: Any, h: Any, next_h: Any) -> None:
    """One step's state (see ``answer``)."""
    answer(z, mask, h, next_h)


@kernel
def gru_answer_back(z: Any, mask: Any, h: Any, dy: Any, dh: Any, dz: Any) -> None:
    """One step back from the state (see ``answer_back``)."""
    answer_back(z, mask, h, dy, dh, dz)


@kernel
def gru_consider_back(
    after: bool, packed: Any, drop: Any, z: Any, inner: Any, h: Any, dz: Any, d_inner: Any, product: Any, dh: Any
) -> None:
    """One step back from the candidate (see ``consider_back``)."""
    consider_back(after, packed, drop, z, inner, h, dz, d_inner, product, dh)


@kernel
def gru_back(packed: Any, drop: Any, dz: Any, product: Any, dh: Any) -> None:
    """One step back from the gates' sums to the state before."""
    add_back(dz, 0, 2, packed, drop, 0, product, dh)
