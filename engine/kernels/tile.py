"""A register tile: the innermost loop of convolutions and small matrix products.

``ROWS`` × ``width`` sums stay in registers while a reduction runs over addresses found in
tables, so that one loop serves the convolution, both its gradients and dense products without
ever copying patches into a matrix. The loop is written in LLVM's own vector types: LLVM splits
them into whatever registers the machine has.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding
from numba import types
from numba.extending import intrinsic

from engine.kernels.vectors import Writer

#: Rows of a tile: 6 rows of two registers, two for a row of b and one or two for a leave none of AVX2's 16 idle.
ROWS = 6


def _tile_bytes() -> int:
    """Bytes of one row of the tile: two vector registers (four of NEON, which has 32)."""
    try:
        features = llvmlite.binding.get_host_cpu_features()
    except RuntimeError:  # LLVM does not know this processor
        return 64
    return 128 if features.get("avx512f") else 64


#: Bytes in a row of a tile; the row's width in elements follows from the element type.
TILE_BYTES = _tile_bytes()


def tile_width(itemsize: int) -> int:
    """Columns of a tile for elements of this size."""
    return TILE_BYTES // itemsize


def tiles(count: int) -> int:
    """Number of tiles that cover ``count`` rows."""
    return -(-count // ROWS)


def _accumulator(spreads: bool) -> Any:
    """The loop of a tile: numbers of a are spread over a row of it, or rows of a meet rows of b."""

    def accumulate(
        typingctx: Any, a: Any, a_rows: Any, a_step: Any, b: Any, b_step: Any, segments: Any, count: Any, length: Any,
        start: Any, start_rows: Any, c: Any, c_rows: Any, valid: Any, floor: Any,
    ) -> Any:  # fmt: skip
        """c[i, :] = max(floor, start[i, :] + sum over k of a[i, k]·b[k, :]) for the rows i of one tile.

        All positions are counted in elements from the addresses ``a``, ``b``, ``start`` and ``c``.
        Row i lies at ``a_rows[i]``, ``start_rows[i]`` and ``c_rows[i]`` (addresses of ``ROWS`` int64).
        The reduction runs over ``count`` segments of ``length`` terms; segment s begins at
        ``segments[2s]`` in a and ``segments[2s+1]`` in b and advances by ``a_step`` and ``b_step``.
        Only the first ``valid`` columns are written, but ``b`` and ``start`` are read over the whole width,
        and so is a where its rows meet those of b (a[i, k, :] instead of a[i, k]).
        ``floor`` (minus infinity for none) also says the element type. NaN stays NaN.
        """
        if floor not in (types.float32, types.float64):
            return None
        at, size = types.intp, types.intp
        signature = types.void(at, at, size, at, size, at, size, size, at, at, at, at, size, floor)
        width = TILE_BYTES // (floor.bitwidth // 8)

        def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return _write_tile(Writer(context, builder, floor, width), args, spreads)

        return signature, codegen

    return intrinsic(accumulate)


#: Numba knows intrinsics by their function's name and signature; callers pass all but the first argument.
accumulate_tile: Any = _accumulator(True)
#: The same number by number: each column of a tile has its own a.
accumulate_columns: Any = _accumulator(False)


def _write_tile(w: Writer, args: Any, spreads: bool) -> Any:
    a, a_rows, a_step, b, b_step, segments, count, length, start, start_rows, c, c_rows, valid, floor = args
    rows = [w.number(i) for i in range(ROWS)]
    lines = [w.at(a, w.entry(a_rows, i)) for i in rows]
    sums = [w.load(w.at(start, w.entry(start_rows, i))) for i in rows]

    def taken(place: Any) -> Any:
        return w.spread(w.builder.load(place)) if spreads else w.load(place)

    def term(base: Any, places: list[Any], sums: list[Any]) -> list[Any]:
        row = w.load(w.builder.gep(base, [places[1]]))
        return [
            w.multiply_add(taken(w.builder.gep(line, [places[0]])), row, total)
            for line, total in zip(lines, sums, strict=True)
        ]

    def segment(places: list[Any], sums: list[Any]) -> list[Any]:
        twice = w.builder.shl(places[0], w.number(1))
        first = w.entry(segments, twice)
        base = w.at(b, w.entry(segments, w.builder.add(twice, w.number(1))))
        moving = ((first, a_step), (w.number(0), b_step))
        return w.loop(length, moving, sums, lambda places, sums: term(base, places, sums))

    sums = w.loop(count, ((w.number(0), w.number(1)),), sums, segment)
    least = w.spread(floor)
    sums = [w.builder.select(w.builder.fcmp_ordered("<", total, least), least, total) for total in sums]
    targets = [w.at(c, w.entry(c_rows, i)) for i in rows]
    for mask in w.masks(valid):
        for target, total in zip(targets, sums, strict=True):
            w.store(total, target, mask)
    return w.context.get_dummy_value()
