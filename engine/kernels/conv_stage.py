"""One pass over a convolution's output gradient that does everything both gradients need of it."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic

from engine.kernels.tile import TILE_BYTES
from engine.kernels.vectors import Writer


def _stage_line(
    typingctx: Any, dy: Any, y: Any, step: Any, count: Any, valid: Any, panel: Any, frame: Any, frame_step: Any,
    total: Any, rectified: Any, sample: Any,
) -> Any:  # fmt: skip
    """Pass a line of pixels, as many filters as a tile is wide, through relu's derivative.

    What passes (everything, unless ``rectified``) goes to ``panel``, whose rows follow each other, and
    to ``frame``, and is added to the vector ``total``. ``step`` and ``frame_step`` lead from pixel to
    pixel. Only the first ``valid`` filters exist; the others are zero in ``panel``. All places are
    addresses; ``sample`` is a number that says the element type.
    """
    at, size = types.intp, types.intp
    signature = types.void(at, at, size, size, size, at, at, size, at, types.boolean, sample)
    width = TILE_BYTES // (sample.bitwidth // 8)

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _write_line(Writer(context, builder, sample, width), args)

    return signature, codegen


stage_line: Any = intrinsic(_stage_line)


def _write_line(w: Writer, args: Any) -> Any:
    dy, y, step, count, valid, panel, frame, frame_step, total, rectified, _ = args
    first = w.number(0)
    chosen = w.spread(w.builder.icmp_unsigned("!=", rectified, rectified.type(0)))
    moving = ((first, step), (first, w.number(w.width)), (first, frame_step))
    for mask in w.masks(valid):

        def pixel(places: list[Any], sums: list[Any], mask: Any = mask) -> list[Any]:
            value, sign = w.load(w.at(dy, places[0]), mask), w.load(w.at(y, places[0]), mask)
            off = w.builder.and_(chosen, w.builder.fcmp_ordered("<=", sign, w.zero()))
            value = w.builder.select(off, w.zero(), value)
            w.store(value, w.at(panel, places[1]))
            w.store(value, w.at(frame, places[2]), mask)
            return [w.builder.fadd(sums[0], value)]

        (added,) = w.loop(count, moving, [w.load(w.at(total, first))], pixel)
        w.store(added, w.at(total, first))
    return w.context.get_dummy_value()
