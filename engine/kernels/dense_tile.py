"""Register tiles of dense matrix products that read both matrices where they lie.

Library routines copy a matrix into an order of their own before they multiply. For the few rows of
a shard that copy costs as much as the product, so these tiles do without.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import types
from numba.extending import intrinsic

from engine.kernels.tile import TILE_BYTES
from engine.kernels.vectors import Writer

#: Rows of a dot tile, each from a, and how many rows of b they meet: 12 sums and 7 loads a step.
DOT_A, DOT_B = 4, 3
#: Bytes of a vector in a dot tile.
DOT_BYTES = TILE_BYTES // 2


def _axpy_tile(most: int) -> Any:
    """A tile of at most ``most`` rows."""

    def tile(
        typingctx: Any, a: Any, a_row: Any, a_step: Any, b: Any, b_step: Any, length: Any, c: Any, c_row: Any,
        rows: Any, columns: Any, fresh: Any, sample: Any,
    ) -> Any:  # fmt: skip
        """c[i, :] (+)= sum over k < length of a[i, k]·b[k, :].

        Args:
            typingctx: Numba's.
            a: address; row i begins ``i·a_row`` elements later and advances by ``a_step``.
            a_row: see ``a``.
            a_step: see ``a``.
            b: address of the first row of the panel.
            b_step: elements from row to row.
            length: number of terms.
            c: address of the tile.
            c_row: elements from row to row.
            rows: how many rows exist.
            columns: how many columns exist; neither matrix is touched beyond.
            fresh: start from zero instead of from ``c``.
            sample: a number that says the element type.
        """
        at, size = types.intp, types.intp
        signature = types.void(at, size, size, at, size, size, at, size, size, size, types.boolean, sample)
        width = TILE_BYTES // (sample.bitwidth // 8)

        def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return _write_axpy(Writer(context, builder, sample, width), most, args)

        return signature, codegen

    return intrinsic(tile)


wide_tile: Any = _axpy_tile(6)
low_tile: Any = _axpy_tile(4)


def _rows(w: Writer, base: Any, row: Any, existing: Any, most: int) -> list[Any]:
    """Pointers to the rows of a tile; the last existing one stands in for those beyond it."""
    last = w.builder.sub(existing, w.number(1))
    found = []
    for i in range(most):
        beyond = w.builder.icmp_signed("<", last, w.number(i))
        index = w.builder.select(beyond, last, w.number(i))
        found.append(w.at(base, w.builder.mul(index, row)))
    return found


def _write_axpy(w: Writer, most: int, args: Any) -> Any:
    a, a_row, a_step, b, b_step, length, c, c_row, rows, columns, fresh, _ = args
    lines, targets = _rows(w, a, a_row, rows, most), _rows(w, c, c_row, rows, most)
    base, none = w.at(b, w.number(0)), w.number(0)
    new = w.builder.icmp_unsigned("!=", fresh, fresh.type(0))
    for mask in w.masks(columns):

        def term(places: list[Any], sums: list[Any], mask: Any = mask) -> list[Any]:
            row = w.load(w.builder.gep(base, [places[1]]), mask)
            factors = [w.spread(w.builder.load(w.builder.gep(line, [places[0]]))) for line in lines]
            return [w.multiply_add(factor, row, total) for factor, total in zip(factors, sums, strict=True)]

        def held(mask: Any = mask) -> list[Any]:
            return [w.load(target, mask) for target in targets]

        starts = w.either(new, [w.zero()] * most, held)
        sums = w.loop(length, ((none, a_step), (none, b_step)), starts, term)
        for target, total in zip(targets, sums, strict=True):
            w.store(total, target, mask)
    return w.context.get_dummy_value()


def _dot_tile(
    typingctx: Any, a: Any, a_row: Any, a_rows: Any, b: Any, b_row: Any, b_rows: Any, length: Any, c: Any, c_row: Any,
    sample: Any,
) -> Any:  # fmt: skip
    """c[i, j] = sum over k < length of a[i, k]·b[j, k] for up to DOT_A rows of a and DOT_B rows of b.

    ``a``, ``b``, ``c`` are addresses of rows ``a_row``, ``b_row``, ``c_row`` elements apart, of which
    ``a_rows`` and ``b_rows`` exist. Vectors run along k, in which both matrices are contiguous.
    """
    at, size = types.intp, types.intp
    signature = types.void(at, size, size, at, size, size, size, at, size, sample)
    width = DOT_BYTES // (sample.bitwidth // 8)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _write_dot(Writer(context, builder, sample, width), args)

    return signature, codegen


dot_tile: Any = intrinsic(_dot_tile)


def _write_dot(w: Writer, args: Any) -> Any:
    a, a_row, a_rows, b, b_row, b_rows, length, c, c_row, _ = args
    left, right = _rows(w, a, a_row, a_rows, DOT_A), _rows(w, b, b_row, b_rows, DOT_B)
    step = w.number(w.width)
    whole = w.builder.sdiv(length, step)

    def terms(mask: Any) -> Callable[[list[Any], list[Any]], list[Any]]:
        def term(places: list[Any], sums: list[Any]) -> list[Any]:
            ours = [w.load(w.builder.gep(row, places), mask) for row in left]
            theirs = [w.load(w.builder.gep(row, places), mask) for row in right]
            pairs = [(x, y) for x in ours for y in theirs]
            return [w.multiply_add(x, y, total) for (x, y), total in zip(pairs, sums, strict=True)]

        return term

    sums = w.loop(whole, ((w.number(0), step),), [w.zero()] * (DOT_A * DOT_B), terms(None))
    done = w.builder.mul(whole, step)
    rest = w.builder.sub(length, done)
    more = w.builder.zext(w.builder.icmp_signed(">", rest, w.number(0)), w.word)
    sums = w.loop(more, ((done, step),), sums, terms(w.first_lanes(rest)))
    targets = _rows(w, c, c_row, a_rows, DOT_A)
    last = w.builder.sub(b_rows, w.number(1))
    for place, total in enumerate(sums):
        column = w.number(place % DOT_B)
        column = w.builder.select(w.builder.icmp_signed("<", last, column), last, column)
        w.builder.store(w.total(total), w.builder.gep(targets[place // DOT_B], [column]))
    return w.context.get_dummy_value()
