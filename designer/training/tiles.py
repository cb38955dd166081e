"""Numbers of a layer laid out as tiles of colour codes, ready to be painted.

A code is a place in a table of 256 colours that the painter brings along, so the numbers are turned into codes
once, in the background, and a change of theme costs nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Codes 0 .. TOP are the scale; MIDDLE is zero on a scale with two sides.
TOP, MIDDLE = 252, 126
#: No finite number, and the space between tiles.
BAD, GAP = 254, 255
#: Most pixels laid out; further channels are left away and it is said.
MOST = 1_500_000
#: Side of a channel in a small picture (pixels).
TILE = 15


@dataclass(frozen=True, eq=False)
class Tiles:
    """Channels side by side.

    Attributes:
        codes: uint8 (height, width), or (height, width, 4) for filters in colour (red, green, blue, opaque).
        values: the numbers behind it, (rows, columns, channels).
        columns: tiles in a row.
        gap: pixels between two tiles.
        shown: channels laid out; all unless there are too many pixels.
        low, high: what the ends of the scale stand for; of each channel its own when ``own``.
        signed: whether the scale has two sides around zero.
        own: whether every channel has a scale of its own.
        silent: by channel, whether all its numbers are zero.
        zeros: share of all numbers that are exactly zero.
        axes: the layer's own shape, for sentences about single numbers.
        turned: the first of two axes runs to the right, as steps of a sequence do.
    """

    codes: Array
    values: Array
    columns: int
    gap: int
    shown: int
    low: float
    high: float
    signed: bool
    own: bool
    silent: Array
    zeros: float
    axes: tuple[int, ...]
    turned: bool = False

    @property
    def channels(self) -> int:
        """Number of channels, those left away included."""
        return int(self.values.shape[2])

    @property
    def step(self) -> tuple[int, int]:
        """Distance of tiles across and down, in pixels of ``codes``."""
        return self.values.shape[1] + self.gap, self.values.shape[0] + self.gap

    def box(self, channel: int) -> tuple[int, int, int, int]:
        """Left, top, width and height of a channel's tile."""
        across, down = self.step
        row, column = divmod(channel, self.columns)
        return column * across, row * down, self.values.shape[1], self.values.shape[0]

    def at(self, x: float, y: float) -> tuple[int, int, int] | None:
        """Channel, row and column of a number at a place; ``None`` between tiles."""
        if x < 0 or y < 0:
            return None
        across, down = self.step
        column, inner_x = divmod(int(x), across)
        row, inner_y = divmod(int(y), down)
        channel = row * self.columns + column
        if column >= self.columns or channel >= self.shown:
            return None
        if inner_x >= self.values.shape[1] or inner_y >= self.values.shape[0]:
            return None
        return channel, inner_y, inner_x

    def only(self, channel: int) -> Tiles:
        """One channel alone, in the same colours."""
        left, top, width, height = self.box(channel)
        return replace(
            self,
            codes=np.ascontiguousarray(self.codes[top : top + height, left : left + width]),
            values=self.values[:, :, channel : channel + 1],
            columns=1,
            shown=1,
            silent=self.silent[channel : channel + 1],
        )


def activation_tiles(values: Array, aspect: float, own: bool = False, most: int = MOST, turned: bool = False) -> Tiles:
    """What a layer put out for one sample.

    Args:
        values: (h, w, channels): a tile per channel; (depth, h, w, channels): likewise, slices in a row;
            (n,): a grid of single cells; (rows, columns): one tile.
        aspect: width by height of the place where it is shown.
        own: let every channel use all colours.
        most: pixels laid out at most.
        turned: of two axes the first, the steps of a sequence, runs to the right.

    The scale begins at zero; it has two sides where some numbers are negative.
    """
    block = as_block(values, turned)
    shown = shown_channels(block, most)
    part = block[:, :, :shown]
    signed = bool(part.size) and float(np.nanmin(part)) < 0
    codes, low, high = coded(part, signed, own)
    gap = 0 if block.shape[0] * block.shape[1] == 1 else 1
    columns = best_columns(shown, block.shape[0] + gap, block.shape[1] + gap, aspect)
    return Tiles(
        laid_out(codes, columns, gap), block, columns, gap, shown, low, high, signed, own,
        ~np.any(block, axis=(0, 1)), zero_share(block), tuple(values.shape), turned,
    )  # fmt: skip


def small_tiles(values: Array, turned: bool = False) -> Tiles:
    """A layer's first channels, shrunk to a picture of about 46 × 46 pixels; shares and sizes are those of all.

    Args:
        values: as for ``activation_tiles``.
        turned: likewise.
    """
    block = as_block(values, turned)
    height, width = block.shape[:2]
    step = max(1, round(max(height, width) / TILE))
    part = block[:, :, : (9 if height * width > 1 else TILE * TILE * 9)]
    if step > 1:
        rows, columns = max(1, height // step), max(1, width // step)
        across, down = min(step, width), min(step, height)
        cut = part[: rows * down, : columns * across]
        part = cut.reshape(rows, down, columns, across, part.shape[2]).mean(axis=(1, 3))
    made = activation_tiles(part, 1.0)
    return replace(made, silent=~np.any(block, axis=(0, 1)), zeros=zero_share(block), axes=tuple(values.shape))


def kernel_tiles(kernel: Array, chosen: int, aspect: float, most: int = MOST) -> Tiles:
    """Filters of a layer, a tile per output channel.

    Args:
        kernel: (h, w, inputs, outputs).
        chosen: the input channel that is shown; -1 shows three inputs as red, green and blue.
        aspect: width by height of the place where it is shown.
        most: pixels laid out at most.

    Zero is in the middle of the scale, in colour: a middle grey.
    """
    height, width, inputs, outputs = kernel.shape
    coloured = chosen < 0 and inputs == 3
    block = kernel if coloured else kernel[:, :, min(max(chosen, 0), inputs - 1), :]
    shown = max(1, min(outputs, most // max(1, (height + 1) * (width + 1))))
    limit = _limit(block[..., :shown])
    columns = best_columns(shown, height + 1, width + 1, aspect)
    if coloured:
        codes, values = _in_colour(block[..., :shown], limit, columns), np.abs(block).max(axis=2)
    else:
        codes, values = laid_out(coded(block[:, :, :shown], True, False)[0], columns, 1), block
    silent = ~np.any(block.reshape(-1, outputs), axis=0)
    return Tiles(
        codes, values, columns, 1, shown, -limit, limit, True, False, silent, zero_share(block), tuple(kernel.shape)
    )


def as_block(values: Array, turned: bool = False) -> Array:
    """Any output as (rows, columns, channels); the slices of a volume stand in a row."""
    if values.ndim == 3:
        return values
    if values.ndim == 2:
        return (values.T if turned else values)[:, :, None]
    if values.ndim == 4:
        depth, height, width, channels = values.shape
        return values.transpose(1, 0, 2, 3).reshape(height, depth * width, channels)
    return values.reshape(1, 1, -1)


def shown_channels(block: Array, most: int) -> int:
    """How many channels stay below a number of pixels; at least one."""
    height, width, count = map(int, block.shape)
    return max(1, min(count, most // ((height + 1) * (width + 1))))


def zero_share(values: Array) -> float:
    """Share of numbers that are exactly zero."""
    return 1.0 - int(np.count_nonzero(values)) / max(1, values.size)


def coded(block: Array, signed: bool, own: bool) -> tuple[Array, float, float]:
    """Codes of (rows, columns, channels), and what the ends of the scale stand for."""
    top = np.abs(block).max(axis=(0, 1) if own else (0, 1, 2), keepdims=True, initial=0.0)
    if not np.isfinite(top).all():
        finite = np.isfinite(block)
        codes, low, high = coded(np.where(finite, block, np.float32(0)), signed, own)
        codes[~finite] = BAD
        return codes, low, high
    reach = np.where(top > 0, top, 1.0).astype(np.float32)
    scaled = block * ((MIDDLE if signed else TOP) / reach) + np.float32(MIDDLE * signed + 0.5)
    high = float(reach.max())
    return np.clip(scaled, 0, TOP + 0.5).astype(np.uint8), -high if signed else 0.0, high


def laid_out(codes: Array, columns: int, gap: int) -> Array:
    """Tiles of (rows, columns, channels) side by side, (height, width)."""
    height, width, count = codes.shape
    rows = -(-count // columns)
    padded = np.full((rows * columns, height, width), GAP, np.uint8)
    padded[:count] = codes.transpose(2, 0, 1)
    made = np.full((rows, height + gap, columns, width + gap), GAP, np.uint8)
    made[:, :height, :, :width] = padded.reshape(rows, columns, height, width).transpose(0, 2, 1, 3)
    whole = made.reshape(rows * (height + gap), columns * (width + gap))
    return np.ascontiguousarray(whole[: whole.shape[0] - gap, : whole.shape[1] - gap])


def _in_colour(kernel: Array, limit: float, columns: int) -> Array:
    """Filters over red, green and blue as (height, width, 4); between tiles nothing is opaque."""
    pixels = np.clip(kernel / (2 * limit) + 0.5, 0, 1) * 255
    planes = [laid_out(pixels[:, :, place].astype(np.uint8), columns, 1) for place in range(3)]
    opaque = laid_out(np.zeros(kernel.shape[:2] + kernel.shape[3:], np.uint8), columns, 1) == 0
    return np.ascontiguousarray(np.stack([*planes, opaque * np.uint8(255)], axis=-1))


def _limit(values: Array) -> float:
    """Largest finite magnitude; 1 when there is none."""
    finite = np.abs(values[np.isfinite(values)])
    top = float(finite.max()) if finite.size else 0.0
    return top if top > 0 else 1.0


def best_columns(count: int, height: int, width: int, aspect: float) -> int:
    """How many tiles in a row make them largest in a place of this width by height."""
    guess = math.sqrt(count * aspect * height / width)
    tried = {max(1, min(count, int(guess) + extra)) for extra in range(-1, 3)}
    return max(sorted(tried), key=lambda n: min(aspect / (n * width), 1 / (-(-count // n) * height)))
