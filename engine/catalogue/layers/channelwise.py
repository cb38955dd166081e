"""Lists the kernel calls of convolutions that treat each channel by itself."""

from __future__ import annotations

from functools import lru_cache
from math import inf, prod
from typing import Any

import numpy as np

from engine.catalogue.layers.base import Array, Lane
from engine.catalogue.layers.convolutions import aligned, in_lines
from engine.catalogue.layers.moving import TABLES, Places, gather, scatter
from engine.kernels.conv2d import pack_kernel, unpack_gradient
from engine.kernels.conv_tables import Axis, Geometry
from engine.kernels.depthwise import convolve_each, convolve_each_backward
from engine.kernels.depthwise_tables import backward_columns, forward_columns, gradient_columns


class Channelwise:
    """Sums over windows of single channels, each with the same number of filters.

    Args:
        axes: how windows lie.
        channels: that come in.
        many: filters of each channel; theirs are neighbours in the output.
        itemsize: bytes of an element.
    """

    def __init__(self, axes: tuple[Axis, ...], channels: int, many: int, itemsize: int) -> None:
        columns = channels * many
        self.many = many
        self.g = Geometry(axes, columns, columns, 1, itemsize)
        self.cells = prod(axis.kernel for axis in axes)

    def forward(self, lane: Lane, x: Array, kernel: Array, bias: Array, floor: Any, z: Array) -> None:
        """List z = max(floor, x * kernel + bias)."""
        g, sweep = self.g, forward_columns(self.g)
        lane.call(
            convolve_each, in_lines(self._spread(lane, x), g.x.size), *self._framed(lane),
            self._packed(lane, kernel, bias), sweep.parts, sweep.rows, sweep.places, sweep.segments, floor,
            in_lines(z, g.x.out),
        )  # fmt: skip

    def backward(
        self, lane: Lane, x: Array, kernel: Array, y: Array, dy: Array, rectified: bool, dx: Array | None,
        dkernel: Array, dbias: Array,
    ) -> None:  # fmt: skip
        """List the gradients by input (where wanted), kernel and bias, through relu's where ``rectified``."""
        g, sweep, wanted = self.g, backward_columns(self.g), dx is not None
        x = self._spread(lane, x)
        slope = x[:0] if dx is None else dx if self.many == 1 else lane.scratch("spread slope", x.shape)
        packed = self._packed(lane, kernel, np.zeros(0, lane.dtype))
        staged = aligned(lane, "staged", g.frame_size + g.panel if wanted else 0)
        panels = aligned(lane, "panels", g.panels(g.filters) * g.pixels * g.panel)
        sums = aligned(lane, "sums", g.panels(g.filters) * (1 + self.cells) * g.panel)
        lane.call(
            convolve_each_backward, in_lines(x, g.x.size), *self._framed(lane),
            *(in_lines(a, g.x.out) for a in (dy, y)), rectified, panels, staged, g.frame_lines(), g.frame[-1][0],
            g.frame_width, *gradient_columns(g), g.x.stride * g.channels, g.lines_at_once, sums, packed, sweep.parts,
            sweep.rows, sweep.places, sweep.segments, lane.number_of(-inf), in_lines(slope, g.x.size),
        )  # fmt: skip
        lane.call(unpack_gradient, sums, dkernel.reshape(self.cells, g.filters), dbias, 1)
        if dx is not None and self.many > 1:
            scatter(lane, slope, _repeated(dx[:1].size, self.many), 1, dx)

    def _spread(self, lane: Lane, x: Array) -> Array:
        """x with a channel for every filter."""
        if self.many == 1:
            return x
        found = lane.scratch("spread", (*x.shape[:-1], x.shape[-1] * self.many))
        gather(lane, x, _repeated(x[:1].size, self.many), 1, found)
        return found

    def _packed(self, lane: Lane, kernel: Array, bias: Array) -> Array:
        g = self.g
        packed = aligned(lane, "packed", g.panels(g.filters) * (1 + self.cells) * g.panel)
        lane.call(pack_kernel, kernel.reshape(self.cells, g.filters), bias, packed, 1)
        return packed

    def _framed(self, lane: Lane) -> tuple[Array, Array, int, int]:
        """Scratch for one sample (empty when it can be read as it is), where its lines go, its origin and its width.

        Vectors are read whole, so what does not fill them is copied to where more follows.
        """
        g = self.g
        copied = g.is_padded or g.channels % g.panel
        return aligned(lane, "framed", g.padded + g.panel if copied else 0), g.input_lines(), g.x.before, g.x.padded


@lru_cache(TABLES)
def _repeated(count: int, times: int) -> Places:
    """Every place so many times."""
    return np.repeat(np.arange(count), times)
