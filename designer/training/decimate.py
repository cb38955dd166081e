"""Thin long curves to what a screen can show, without losing a peak, a valley or a gap.

Pure numpy. A pyramid keeps, for blocks of 16, 32, 64 ... numbers, *where* their smallest and largest lie and whether
one of them cannot be drawn. Drawing any window then costs what it has in pixels, however long the curve is.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from designer.training.growing import Growing

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

BASE = 16
_NO_GAP = -1


class _Level:
    """Blocks of one size: the places of their lowest, highest and first undrawable number."""

    def __init__(self) -> None:
        self.low = Growing(np.int64)
        self.high = Growing(np.int64)
        self.gap = Growing(np.int64)

    def __len__(self) -> int:
        return len(self.low)

    def append(self, low: Places, high: Places, gap: Places) -> None:
        self.low.extend(low)
        self.high.extend(high)
        self.gap.extend(gap)

    def places(self, first: int, last: int) -> list[Places]:
        gaps = self.gap.values[first:last]
        return [self.low.values[first:last], self.high.values[first:last], gaps[gaps != _NO_GAP]]


class Pyramid:
    """Extrema of a growing series at every power of two.

    The pyramid holds no numbers of its own: each call is given the series it belongs to, which
    must only ever have grown at its end (else call ``clear`` first).
    """

    def __init__(self) -> None:
        self._levels: list[_Level] = [_Level()]

    def clear(self) -> None:
        """Forget everything."""
        self._levels = [_Level()]

    def extend(self, values: Numbers) -> None:
        """Take in what was added to the series since the last call."""
        base = self._levels[0]
        start, end = len(base) * BASE, len(values) // BASE * BASE
        if end > start:
            base.append(*_block_extrema(values[start:end], start))
        level = 0
        while len(self._levels[level]) >= 2:
            if level + 1 == len(self._levels):
                self._levels.append(_Level())
            if not self._merge(values, level):
                break
            level += 1

    def _merge(self, values: Numbers, level: int) -> bool:
        """Bring the level above up to date; whether there was anything to do."""
        below, above = self._levels[level], self._levels[level + 1]
        first, last = 2 * len(above), len(below) // 2 * 2
        if last <= first:
            return False
        low, high, gap = (part.values[first:last].reshape(-1, 2) for part in (below.low, below.high, below.gap))
        rows = np.arange(len(low))
        lowest = low[rows, _drawable(values[low], np.inf).argmin(axis=1)]
        highest = high[rows, _drawable(values[high], -np.inf).argmax(axis=1)]
        above.append(lowest, highest, np.where(gap[:, 0] != _NO_GAP, gap[:, 0], gap[:, 1]))
        return True

    def places(self, values: Numbers, start: int, stop: int, buckets: int) -> Places:
        """Which numbers of ``values[start:stop]`` to draw on about ``buckets`` pixels.

        Args:
            values: the whole series.
            start: first place of the window.
            stop: place after its last.
            buckets: pixels it is drawn on.

        Returns:
            Increasing places, at most about six per pixel. Among them are the first and last of the window, its
            smallest and largest number and, where a pixel has undrawable ones (NaN, infinity), one of these.
        """
        self.extend(values)
        start, stop = max(start, 0), min(stop, len(values))
        if stop - start <= 2 * max(buckets, 1):
            return np.arange(start, max(stop, start), dtype=np.int64)
        level = min(int(np.log2(max((stop - start) / (max(buckets, 1) * BASE), 1.0))), len(self._levels) - 1)
        size = BASE << level
        first, last = -(-start // size), min(stop // size, len(self._levels[level]))
        if size * buckets > stop - start or last <= first:
            # A few numbers per pixel: their extrema are quickly found anew.
            return _window_extrema(values, start, stop, buckets)
        parts = self._levels[level].places(first, last)
        parts += _piece(values, start, first * size) + _piece(values, last * size, stop)
        return np.unique(np.concatenate([*parts, np.array([start, stop - 1])]))


def _drawable(values: Numbers, instead: float) -> Numbers:
    return np.where(np.isfinite(values), values, instead)


def _block_extrema(values: Numbers, offset: int, size: int = BASE) -> tuple[Places, Places, Places]:
    blocks = values.reshape(-1, size)
    starts = offset + size * np.arange(len(blocks))
    finite = np.isfinite(blocks)
    if finite.all():
        return starts + blocks.argmin(axis=1), starts + blocks.argmax(axis=1), np.full(len(blocks), _NO_GAP)
    low = starts + np.where(finite, blocks, np.inf).argmin(axis=1)
    high = starts + np.where(finite, blocks, -np.inf).argmax(axis=1)
    gap = np.where(finite.all(axis=1), _NO_GAP, starts + finite.argmin(axis=1))
    return low, high, gap


def _piece(values: Numbers, start: int, stop: int) -> list[Places]:
    """Extrema of a piece that no whole block covers."""
    if stop <= start:
        return []
    low, high, gap = _block_extrema(values[start:stop], start, stop - start)
    return [low, high, gap[gap != _NO_GAP]]


def _window_extrema(values: Numbers, start: int, stop: int, buckets: int) -> Places:
    size = max((stop - start) // max(buckets, 1), 2)
    end = start + (stop - start) // size * size
    low, high, gap = _block_extrema(values[start:end], start, size)
    parts = [low, high, gap[gap != _NO_GAP], *_piece(values, end, stop), np.array([start, stop - 1])]
    return np.unique(np.concatenate(parts))
