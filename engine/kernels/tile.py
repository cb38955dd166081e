"""A register tile: the innermost loop of convolutions and small matrix products.

``ROWS`` × ``width`` sums stay in registers while a reduction runs over addresses found in
tables, so that one loop serves the convolution, both its gradients and dense products without
ever copying patches into a matrix. The loop is written in LLVM's own vector types: LLVM splits
them into whatever registers the machine has.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

#: Rows of a tile: 6 rows of two registers, two for a row of b and one or two for a leave none of AVX2's 16 idle.
ROWS = 6


def _tile_bytes() -> int:
    """Bytes of one row of the tile: two vector registers (four of NEON, which has 32)."""
    return 128 if llvmlite.binding.get_host_cpu_features().get("avx512f") else 64


#: Bytes in a row of a tile; the row's width in elements follows from the element type.
TILE_BYTES = _tile_bytes()


def tile_width(itemsize: int) -> int:
    """Columns of a tile for elements of this size."""
    return TILE_BYTES // itemsize


def tiles(count: int) -> int:
    """Number of tiles that cover ``count`` rows."""
    return -(-count // ROWS)


def _accumulate_tile(
    typingctx: Any, a: Any, a_rows: Any, a_step: Any, b: Any, b_step: Any, segments: Any, count: Any, length: Any,
    start: Any, start_rows: Any, c: Any, c_rows: Any, floor: Any,
) -> Any:  # fmt: skip
    """c[i, :] = max(floor, start[i, :] + sum over k of a[i, k]·b[k, :]) for the rows i of one tile.

    All positions are counted in elements from the raw addresses ``a``, ``b``, ``start`` and ``c``.
    Row i lies at ``a_rows[i]``, ``start_rows[i]`` and ``c_rows[i]`` (addresses of ``ROWS`` int64).
    The reduction runs over ``count`` segments of ``length`` terms; segment s begins at
    ``segments[2s]`` in a and ``segments[2s+1]`` in b and advances by ``a_step`` and ``b_step``.
    ``floor`` (minus infinity for none) also says the element type. NaN stays NaN.
    """
    if floor not in (types.float32, types.float64):
        return None
    address, size = types.uintp, types.intp
    signature = types.void(
        address, address, size, address, size, address, size, size, address, address, address, address, floor
    )
    width = TILE_BYTES // (floor.bitwidth // 8)
    return signature, lambda context, builder, sig, args: _Emitter(context, builder, floor, width).emit(args)


#: Numba knows intrinsics by their function's name and signature; callers pass all but the first argument.
accumulate_tile: Any = intrinsic(_accumulate_tile)


class _Emitter:
    """Writes the tile's loops as LLVM instructions."""

    def __init__(self, context: Any, builder: Any, real: Any, width: int) -> None:
        self.context, self.builder = context, builder
        self.scalar = context.get_value_type(real)
        self.vector = ir.VectorType(self.scalar, width)
        self.word = context.get_value_type(types.intp)
        self.align = real.bitwidth // 8
        self.splat = ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width)
        fma = ir.FunctionType(self.vector, [self.vector] * 3)
        name = f"llvm.fmuladd.v{width}f{real.bitwidth}"
        self.fma = builder.module.globals.get(name) or ir.Function(builder.module, fma, name)

    def number(self, value: int) -> Any:
        return ir.Constant(self.word, value)

    def at(self, address: Any, position: Any) -> Any:
        """Pointer to an element."""
        return self.builder.gep(self.builder.inttoptr(address, self.scalar.as_pointer()), [position])

    def entry(self, table: Any, index: Any) -> Any:
        """One number of a table of int64."""
        return self.builder.load(self.builder.gep(self.builder.inttoptr(table, self.word.as_pointer()), [index]))

    def load(self, pointer: Any) -> Any:
        return self.builder.load(self.builder.bitcast(pointer, self.vector.as_pointer()), align=self.align)

    def spread(self, value: Any) -> Any:
        """A vector of one repeated number."""
        undefined = ir.Constant(self.vector, ir.Undefined)
        one = self.builder.insert_element(undefined, value, ir.Constant(ir.IntType(32), 0))
        return self.builder.shuffle_vector(one, undefined, self.splat)

    def emit(self, args: Any) -> Any:
        a, a_rows, a_step, b, b_step, segments, count, length, start, start_rows, c, c_rows, floor = args
        rows = [self.number(i) for i in range(ROWS)]
        lines = [self.at(a, self.entry(a_rows, i)) for i in rows]
        sums = [self.load(self.at(start, self.entry(start_rows, i))) for i in rows]

        def segment(index: Any, sums: list[Any]) -> list[Any]:
            twice = self.builder.shl(index, self.number(1))
            first = self.entry(segments, twice)
            base = self.at(b, self.entry(segments, self.builder.add(twice, self.number(1))))
            return self.loop(length, sums, lambda places, sums: self.term(lines, base, places, sums),
                             ((first, a_step), (self.number(0), b_step)))  # fmt: skip

        sums = self.loop(count, sums, lambda places, sums: segment(places[0], sums), ((self.number(0), None),))
        least = self.spread(floor)
        for i, total in zip(rows, sums, strict=True):
            below = self.builder.fcmp_ordered("<", total, least)
            target = self.builder.bitcast(self.at(c, self.entry(c_rows, i)), self.vector.as_pointer())
            self.builder.store(self.builder.select(below, least, total), target, align=self.align)
        return self.context.get_dummy_value()

    def term(self, lines: list[Any], base: Any, places: list[Any], sums: list[Any]) -> list[Any]:
        """One step of the reduction: a column of a times a row of b."""
        row = self.load(self.builder.gep(base, [places[1]]))
        found = []
        for line, total in zip(lines, sums, strict=True):
            factor = self.spread(self.builder.load(self.builder.gep(line, [places[0]])))
            found.append(self.builder.call(self.fma, [factor, row, total]))
        return found

    def loop(self, count: Any, sums: list[Any], body: Any, moving: Any) -> list[Any]:
        """Repeat ``body`` ``count`` times; ``moving`` holds (first value, step) of its positions."""
        builder = self.builder
        before, one = builder.block, self.number(1)
        head, inside, after = (builder.append_basic_block(name) for name in ("head", "inside", "after"))
        builder.branch(head)
        builder.position_at_end(head)
        turn = builder.phi(self.word)
        places = [builder.phi(self.word) for _ in moving]
        totals = [builder.phi(self.vector) for _ in sums]
        builder.cbranch(builder.icmp_signed("<", turn, count), inside, after)
        builder.position_at_end(inside)
        results = body(places, totals)
        turn.add_incoming(self.number(0), before)
        turn.add_incoming(builder.add(turn, one), builder.block)
        for place, (first, step) in zip(places, moving, strict=True):
            place.add_incoming(first, before)
            place.add_incoming(builder.add(place, one if step is None else step), builder.block)
        for total, first, result in zip(totals, sums, results, strict=True):
            total.add_incoming(first, before)
            total.add_incoming(result, builder.block)
        builder.branch(head)
        builder.position_at_end(after)
        return totals
