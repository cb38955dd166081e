"""Arrays that recurrent layers work on, time first, and what is listed of them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.catalogue.layers.base import Array, Lane
from engine.component import Component
from engine.kernels import recurrent as kernels
from engine.kernels.tile import tile_width


@dataclass(frozen=True)
class Run:
    """The arrays of one lane, time first.

    Attributes:
        x: (steps, rows, features) for every part of the gates that sees inputs of its own.
        z: (steps, rows, gates, units): sums, then activated gates.
        h: (steps, rows, units): the state before each step.
        last: (rows, units) for every kind of state: after the last step.
        mask: (steps, rows): 0 where a step is skipped.
        drop: (rows, gates, units): factors on the state; no rows where nothing is dropped.
        dropped: (steps, rows, gates, units): state · factors, where something is dropped.
        product: (rows, units): working memory.
    """

    x: tuple[Array, ...]
    z: Array
    h: Array
    last: tuple[Array, ...]
    mask: Array
    drop: Array
    dropped: Array
    product: Array

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(self.z)

    def after(self, states: Array, last: Array, step: int) -> Array:
        """Where the state after a step lies."""
        after: Array = states[step + 1] if step + 1 < self.steps else last
        return after


@dataclass(frozen=True)
class Slopes:
    """Gradients of one lane, time first.

    Attributes:
        dy: (steps or 1, rows, units): by the state after each step, from outside.
        states: (rows, units) for every kind of state: by the last, which becomes that by the first.
        dz: (steps, rows, gates, units).
    """

    dy: Array
    states: tuple[Array, ...]
    dz: Array


def table_of(z: Array) -> Array:
    """(steps, rows, gates, units) as rows of columns."""
    return z.reshape(-1, z.shape[2] * z.shape[3])


def pack(lane: Lane, gates: slice, apart: bool) -> Array:
    """List the packing of some gates' recurrent kernel; (parts, panels, units, width).

    Args:
        lane: whose kernel.
        gates: which gates.
        apart: as one part for each gate, because each sees a state of its own.
    """
    kernel, width = lane.weights["recurrent_kernel"], tile_width(lane.dtype.itemsize)
    units, count = kernel.shape[0], gates.stop - gates.start
    parts = count if apart else 1
    share = count * units // parts
    packed = lane.scratch(f"packed {gates.start}", (parts, -(-share // width), units, width))
    for part in range(parts):
        first = gates.start * units + part * share
        lane.call(kernels.pack_panels, kernel[:, first : first + share], packed[part])
    return packed


def pack_back(lane: Lane, gates: slice) -> Array:
    """List the packing of some gates' transposed recurrent kernel; (panels, gates · units, width)."""
    kernel, width = lane.weights["recurrent_kernel"], tile_width(lane.dtype.itemsize)
    units = kernel.shape[0]
    columns = slice(gates.start * units, gates.stop * units)
    shape = (-(-units // width), columns.stop - columns.start, width)
    packed = lane.scratch(f"packed back {gates.start}", shape)
    lane.call(kernels.pack_transposed, kernel[:, columns], packed)
    return packed


@dataclass(frozen=True)
class Outside:
    """Activations that the kernels of whole sequences do not know: listed for every step.

    Attributes:
        lane: where they are listed.
        run: whose arrays are shaped.
        places: how many activations a step has.
    """

    lane: Lane
    run: Run
    places: int

    @classmethod
    def serves(cls, *activations: Component) -> bool:
        """Whether there is one among the activations that the kernels do not know."""
        return any(code_of(activation) < 0 for activation in activations)

    def shape(self, step: int, place: int, activation: Component, z: Array) -> None:
        """List z = activation(z) for (rows, units) of a step."""
        x, y = self._kept(step, place)
        self.lane.copy(z, x)
        self.lane.activate(activation, x, y)
        self.lane.copy(y, z)

    def slope(self, step: int, place: int, activation: Component, dz: Array) -> None:
        """List dz = dz · activation' for what ``shape`` did."""
        x, y = self._kept(step, place)
        d = self.lane.scratch("slope", x.shape)
        self.lane.copy(dz, d)
        self.lane.activate_backward(activation, x, y, d, d)
        self.lane.copy(d, dz)

    def _kept(self, step: int, place: int) -> tuple[Array, Array]:
        steps, rows, units = self.run.h.shape
        shape = (steps, self.places, rows, units)
        x, y = (
            self.lane.buffer(name, (steps, self.places, units)).reshape(shape)[step, place]
            for name in ("before activation", "activated")
        )
        return x, y


def code_of(activation: Component) -> int:
    """The number of an activation that the kernels know, or -1."""
    return kernels.CODES.get(activation.key, -1)
