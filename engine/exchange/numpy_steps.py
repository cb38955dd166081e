"""The recurrent functions that exported NumPy networks are made of; their text goes into the exports as it stands here.

All read x of shape (n, steps, features) from its first step on, and give the state after each: (n, steps, units). They
begin with given states of shape (n, units), or with zeros.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Function = Callable[[Array], Array]


def simple_rnn(
    x: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None,
    activation: Function,
    h: Array | None = None,
) -> Array:
    """h = activation(x · kernel + h · recurrent_kernel + bias), step by step; returns every h."""
    sums = x @ kernel if bias is None else x @ kernel + bias
    h = np.zeros((len(x), len(recurrent_kernel)), x.dtype) if h is None else h
    states = np.empty((*x.shape[:2], len(recurrent_kernel)), x.dtype)
    for t in range(x.shape[1]):
        h = states[:, t] = activation(sums[:, t] + h @ recurrent_kernel)
    return states


def lstm(
    x: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None,
    activation: Function,
    gate: Function,
    h: Array | None = None,
    c: Array | None = None,
) -> tuple[Array, Array]:
    """A memory c with gates that say what it takes in (i), keeps (f) and tells (o); returns every h, and the last c.

    The gates lie one after the other in the kernels: i, f, candidate, o.
    """
    sums = x @ kernel if bias is None else x @ kernel + bias
    zeros = np.zeros((len(x), len(recurrent_kernel)), x.dtype)
    h, c = zeros if h is None else h, zeros if c is None else c
    states = np.empty((*x.shape[:2], len(recurrent_kernel)), x.dtype)
    for t in range(x.shape[1]):
        i, f, candidate, o = np.split(sums[:, t] + h @ recurrent_kernel, 4, axis=-1)
        c = gate(f) * c + gate(i) * activation(candidate)
        h = states[:, t] = gate(o) * activation(c)
    return states, c


def gru(
    x: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array | None,
    activation: Function,
    gate: Function,
    reset_after: bool,
    h: Array | None = None,
) -> Array:
    """A state h with gates that say what it keeps (z) and what of it is looked at (r); returns every h.

    The gates lie one after the other in the kernels: z, r, candidate. With reset_after, r acts on the product of state
    and kernel, which has a bias of its own; without, r acts on the state.
    """
    units = len(recurrent_kernel)
    # One bias for what the input gives, and one for what the state gives.
    biases = np.zeros((2, 3 * units), x.dtype)
    if bias is not None:
        biases[: 2 if reset_after else 1] = bias
    sums = x @ kernel + biases[0]
    h = np.zeros((len(x), units), x.dtype) if h is None else h
    states = np.empty((*x.shape[:2], units), x.dtype)
    for t in range(x.shape[1]):
        xz, xr, xc = np.split(sums[:, t], 3, axis=-1)
        hz, hr, hc = np.split(h @ recurrent_kernel + biases[1], 3, axis=-1)
        z, r = gate(xz + hz), gate(xr + hr)
        seen = r * hc if reset_after else (r * h) @ recurrent_kernel[:, 2 * units :]
        h = states[:, t] = z * h + (1 - z) * activation(xc + seen)
    return states
