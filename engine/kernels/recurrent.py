"""What recurrent kernels share: packed products, activations by number, and the order of time.

Inside, time is the first axis: one step of all rows lies together. The recurrent kernel is multiplied once per
step, so it is brought into panels as wide as a register tile beforehand, both for the way forth and back.
"""

from __future__ import annotations

from typing import Any

from engine.kernels.bits import select
from engine.kernels.dense import TERMS_AT_ONCE, combine
from engine.kernels.jit import inline, kernel
from engine.kernels.math import like, sigmoid, tanh
from engine.kernels.panels import pack_rows
from engine.kernels.vectors import address_of

#: Activations that recurrent kernels know themselves, by key; all others are listed step by step.
CODES = {"linear": 0, "tanh": 1, "sigmoid": 2, "relu": 3, "hard_sigmoid": 4, "hard_sigmoid_keras2": 5}


@kernel
def pack_panels(b: Any, packed: Any) -> None:
    """packed[p, k, j] = b[k, p·width + j], filled up with zeros."""
    item, zero = b.itemsize, b.dtype.type(0)
    terms, width = packed.shape[1], packed.shape[2]
    for p in range(packed.shape[0]):
        pack_rows(
            address_of(b, p * width), b.strides[0] // item, address_of(packed, p * terms * width), width, terms,
            b.shape[1] - p * width, zero,
        )  # fmt: skip


@kernel
def pack_transposed(b: Any, packed: Any) -> None:
    """packed[p, k, j] = b[p·width + j, k], filled up with zeros."""
    zero = like(b[0, 0], 0)
    for p in range(packed.shape[0]):
        for k in range(packed.shape[1]):
            for j in range(packed.shape[2]):
                row = p * packed.shape[2] + j
                packed[p, k, j] = b[row, k] if row < b.shape[0] else zero


@inline
def add_product(a: Any, a_row: int, packed: Any, first: int, terms: int, c: Any, c_row: int, rows: int, columns: int,
                like_this: Any) -> None:  # fmt: skip
    """c += a·b for matrices at addresses; b is ``terms`` rows of panels, beginning with row ``first``."""
    item, zero = like_this.itemsize, like_this.dtype.type(0)
    width = packed.shape[2]
    for p in range(packed.shape[0]):
        panel = address_of(packed, (p * packed.shape[1] + first) * width)
        for k in range(0, terms, TERMS_AT_ONCE):
            combine(
                a + k * item, a_row, 1, min(TERMS_AT_ONCE, terms - k), panel + k * width * item, width,
                c + p * width * item, c_row, rows, min(width, columns - p * width), False, item, zero,
            )  # fmt: skip


@inline
def add_recurrent(h: Any, packed: Any, drop: Any, dropped: Any, place: int, z: Any, gate: int, gates: int) -> None:
    """z[:, gate : gate + gates] += h·kernel for one step.

    Args:
        h: (rows, units), what the step begins with.
        packed: (parts, panels, units, width): the kernel of these gates, as one part or as one for each.
        drop: (rows, all gates, units): factors on h, every gate's own; without rows where nothing is dropped.
        dropped: (rows, all gates, units): receives h·drop, which the gradient needs.
        place: the first gate's place in ``drop``.
        z: (rows, some gates, units).
        gate: first of the gates in z.
        gates: how many.
    """
    rows, units = h.shape
    parts = packed.shape[0]
    share = gates * units // parts
    for part in range(parts):
        a, a_row = address_of(h, 0), units
        if drop.shape[0] > 0:
            for r in range(rows):
                for j in range(units):
                    dropped[r, place + part, j] = h[r, j] * drop[r, place + part, j]
            a, a_row = address_of(dropped, (place + part) * units), drop.shape[1] * units
        c = address_of(z, gate * units + part * share)
        add_product(a, a_row, packed[part], 0, units, c, z.shape[1] * units, rows, share, z)


@inline
def add_back(dz: Any, gate: int, gates: int, packed: Any, drop: Any, place: int, product: Any, dh: Any) -> None:
    """dh += dz[:, gate : gate + gates]·kernelᵀ for one step, through what was dropped.

    Args:
        dz: (rows, some gates, units).
        gate: first of the gates in dz.
        gates: how many.
        packed: (panels, gates·units, width): the transposed kernel of these gates.
        drop: as in :func:`add_recurrent`.
        place: as in :func:`add_recurrent`.
        product: (rows, units): working memory.
        dh: (rows, units).
    """
    rows, units = dh.shape
    row = dz.shape[1] * units
    zero = like(dh[0, 0], 0)
    if drop.shape[0] == 0:
        target = address_of(dh, 0)
        add_product(address_of(dz, gate * units), row, packed, 0, gates * units, target, units, rows, units, dz)
        return
    for g in range(gates):
        for r in range(rows):
            for j in range(units):
                product[r, j] = zero
        a = address_of(dz, (gate + g) * units)
        add_product(a, row, packed, g * units, units, address_of(product, 0), units, rows, units, dz)
        for r in range(rows):
            for j in range(units):
                dh[r, j] += product[r, j] * drop[r, place + g, j]


@inline
def shape_gate(code: int, z: Any, gate: int, bias: Any) -> None:
    """z = f(z + bias) in one gate of all rows, for the activation of this number; z: (rows, gates, units)."""
    zero, one, half = like(z[0, 0, 0], 0), like(z[0, 0, 0], 1), like(z[0, 0, 0], 0.5)
    slope = like(z[0, 0, 0], 1 / 6) if code == 4 else like(z[0, 0, 0], 0.2)
    units = z.shape[2]
    for r in range(z.shape[0]):
        if code == 1:
            for j in range(units):
                z[r, gate, j] = tanh(z[r, gate, j] + bias[gate, j])
        elif code == 2:
            for j in range(units):
                z[r, gate, j] = sigmoid(z[r, gate, j] + bias[gate, j])
        elif code == 3:
            for j in range(units):
                x = z[r, gate, j] + bias[gate, j]
                z[r, gate, j] = select(x < zero, zero, x)
        elif code >= 4:
            for j in range(units):
                x = (z[r, gate, j] + bias[gate, j]) * slope + half
                x = select(x < zero, zero, x)
                z[r, gate, j] = select(x > one, one, x)
        else:
            for j in range(units):
                z[r, gate, j] = z[r, gate, j] + bias[gate, j]


@inline
def slope_gate(code: int, y: Any, d: Any, gate: int) -> None:
    """d = d · f'(x) in one gate of all rows, for results y = f(x) of the activation of this number."""
    zero, one = like(y[0, 0, 0], 0), like(y[0, 0, 0], 1)
    slope = like(y[0, 0, 0], 1 / 6) if code == 4 else like(y[0, 0, 0], 0.2)
    units = y.shape[2]
    for r in range(y.shape[0]):
        if code == 1:
            for j in range(units):
                d[r, gate, j] = d[r, gate, j] * (one - y[r, gate, j] * y[r, gate, j])
        elif code == 2:
            for j in range(units):
                d[r, gate, j] = d[r, gate, j] * (y[r, gate, j] * (one - y[r, gate, j]))
        elif code == 3:
            for j in range(units):
                d[r, gate, j] = select(y[r, gate, j] <= zero, zero, d[r, gate, j])
        elif code >= 4:
            for j in range(units):
                flat = (y[r, gate, j] <= zero) | (y[r, gate, j] >= one)
                d[r, gate, j] = select(flat, zero, d[r, gate, j] * slope)


@inline
def gather_back(mask: Any, dy: Any, dh: Any, dz: Any) -> None:
    """dh += dy for one step; the gradients of gates in rows where the step is masked become 0."""
    zero = like(dh[0, 0], 0)
    for r in range(dh.shape[0]):
        for j in range(dh.shape[1]):
            dh[r, j] += dy[r, j]
        if mask[r] == 0:
            for gate in range(dz.shape[1]):
                for j in range(dh.shape[1]):
                    dz[r, gate, j] = zero


@kernel
def time_first(x: Any, backwards: bool, y: Any) -> None:
    """y[t, r] = x[r, t], with time running backwards if wanted."""
    steps = y.shape[0]
    for r in range(x.shape[0]):
        for t in range(steps):
            source = steps - 1 - t if backwards else t
            for j in range(y.shape[2]):
                y[t, r, j] = x[r, source, j]


@kernel
def rows_first(y: Any, backwards: bool, x: Any) -> None:
    """x[r, t] = y[t, r], with time running backwards if wanted."""
    steps = y.shape[0]
    for r in range(x.shape[0]):
        for t in range(steps):
            source = steps - 1 - t if backwards else t
            for j in range(y.shape[2]):
                x[r, t, j] = y[source, r, j]


@kernel
def scale_steps(x: Any, factor: Any) -> None:
    """x[t, r] = x[t, r]·factor[r]: what is dropped is dropped in every step."""
    for t in range(x.shape[0]):
        for r in range(x.shape[1]):
            for j in range(x.shape[2]):
                x[t, r, j] *= factor[r, j]


@kernel
def tell_sequence(h: Any, last: Any, mask: Any, zero_masked: bool, y: Any) -> None:
    """y[r, t] = the state after step t; where the step is masked, what y held before, or zeros.

    Args:
        h: (steps, rows, units): the state before each step.
        last: (rows, units): the state after the last.
        mask: (steps, rows).
        zero_masked: zeros instead of what was before.
        y: (rows, steps, units).
    """
    zero = like(y[0, 0, 0], 0)
    steps = y.shape[1]
    for r in range(y.shape[0]):
        for t in range(steps):
            state = h[t + 1] if t + 1 < steps else last
            if mask[t, r] != 0:
                for j in range(y.shape[2]):
                    y[r, t, j] = state[r, j]
            elif t == 0 or zero_masked:
                for j in range(y.shape[2]):
                    y[r, t, j] = zero
            else:
                for j in range(y.shape[2]):
                    y[r, t, j] = y[r, t - 1, j]


@kernel
def tell_sequence_back(dy: Any, mask: Any, zero_masked: bool, held: Any, dh: Any) -> None:
    """dh[t, r] = what reaches the state after step t through y (see :func:`tell_sequence`).

    ``held`` (units) carries what masked steps hand to the last step before them.
    """
    zero = like(dh[0, 0, 0], 0)
    steps = dh.shape[0]
    for r in range(dy.shape[0]):
        for j in range(held.size):
            held[j] = zero
        for t in range(steps - 1, -1, -1):
            if mask[t, r] != 0:
                for j in range(held.size):
                    dh[t, r, j] = dy[r, t, j] + held[j]
                    held[j] = zero
            else:
                for j in range(held.size):
                    dh[t, r, j] = zero
                    held[j] = zero if zero_masked else held[j] + dy[r, t, j]


@inline
def tells(mask: Any, r: int, zero_masked: bool) -> Any:
    """Whether a row's last answer is its last state: some step is not masked, or just the last one is not."""
    found = False
    for t in range(mask.shape[0] - 1 if zero_masked else 0, mask.shape[0]):
        found = found or mask[t, r] != 0
    return found


@kernel
def tell_last(last: Any, mask: Any, zero_masked: bool, y: Any) -> None:
    """y = the last state, or zeros for a row of which every step is masked (or the last, with ``zero_masked``)."""
    for r in range(y.shape[0]):
        factor = like(y[0, 0], 1 if tells(mask, r, zero_masked) else 0)
        for j in range(y.shape[1]):
            y[r, j] = last[r, j] * factor


@kernel
def tell_last_back(dy: Any, mask: Any, zero_masked: bool, dh: Any) -> None:
    """dh += dy where :func:`tell_last` puts out the last state."""
    for r in range(dy.shape[0]):
        if tells(mask, r, zero_masked):
            for j in range(dy.shape[1]):
                dh[r, j] += dy[r, j]


@kernel
def turn(x: Any, turned: bool, y: Any) -> None:
    """y[r, t] = x[r, t], or with time the other way round; both (rows, steps, units)."""
    steps = x.shape[1]
    for r in range(x.shape[0]):
        for t in range(steps):
            source = steps - 1 - t if turned else t
            for j in range(x.shape[2]):
                y[r, t, j] = x[r, source, j]


@kernel
def merge(way: int, a: Any, b: Any, turned: bool, y: Any) -> None:
    """Both directions as one; all (rows, steps, units), ``b`` with time the other way round if ``turned``.

    Args:
        way: 0 one after the other, 1 sum, 2 product, 3 mean.
        a: forward.
        b: backward.
        turned: whether b begins with the last step.
        y: the result, as wide as both together where one stands after the other.
    """
    steps, units = a.shape[1], a.shape[2]
    half = like(a[0, 0, 0], 0.5)
    for r in range(a.shape[0]):
        for t in range(steps):
            s = steps - 1 - t if turned else t
            if way == 0:
                for j in range(units):
                    y[r, t, j] = a[r, t, j]
                for j in range(b.shape[2]):
                    y[r, t, units + j] = b[r, s, j]
                continue
            for j in range(units):
                if way == 1:
                    y[r, t, j] = a[r, t, j] + b[r, s, j]
                elif way == 2:
                    y[r, t, j] = a[r, t, j] * b[r, s, j]
                else:
                    y[r, t, j] = (a[r, t, j] + b[r, s, j]) * half


@kernel
def merge_back(way: int, dy: Any, a: Any, b: Any, turned: bool, da: Any, db: Any) -> None:
    """Gradients of :func:`merge`."""
    steps, units = a.shape[1], a.shape[2]
    half = like(a[0, 0, 0], 0.5)
    for r in range(a.shape[0]):
        for t in range(steps):
            s = steps - 1 - t if turned else t
            if way == 0:
                for j in range(units):
                    da[r, t, j] = dy[r, t, j]
                for j in range(b.shape[2]):
                    db[r, s, j] = dy[r, t, units + j]
                continue
            for j in range(units):
                if way == 1:
                    da[r, t, j] = dy[r, t, j]
                    db[r, s, j] = dy[r, t, j]
                elif way == 2:
                    da[r, t, j] = dy[r, t, j] * b[r, s, j]
                    db[r, s, j] = dy[r, t, j] * a[r, t, j]
                else:
                    da[r, t, j] = dy[r, t, j] * half
                    db[r, s, j] = dy[r, t, j] * half
