"""Moving matrices in and out of panels: columns as wide as a register tile, row after row."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from engine.kernels.tile import TILE_BYTES
from engine.kernels.vectors import Writer


def _mover(packs: bool) -> Any:
    """Copies rows into a panel (filling it up with zeros) or out of it (what exists)."""

    def move(
        typingctx: Any, source: Any, step: Any, target: Any, target_step: Any, count: Any, valid: Any, sample: Any
    ) -> Any:
        """Copy ``count`` rows of a tile's width between addresses; only ``valid`` columns exist outside the panel.

        ``step`` and ``target_step`` count elements from row to row; ``sample`` says the element type.
        """
        size = types.intp
        width = TILE_BYTES // (sample.bitwidth // 8)

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            w = Writer(context, builder, sample, width)
            source, step, target, target_step, count, valid, _ = args
            moving = ((w.number(0), step), (w.number(0), target_step))
            for mask in w.masks(valid):

                def row(places: list[Any], sums: list[Any], mask: Any = mask) -> list[Any]:
                    value = w.load(w.at(source, places[0]), mask if packs else None)
                    w.store(value, w.at(target, places[1]), None if packs else mask)
                    return []

                w.loop(count, moving, [], row)
            return context.get_dummy_value()

        return types.void(*[size] * 6, sample), codegen

    return intrinsic(move)


pack_rows: Any = _mover(True)
unpack_rows: Any = _mover(False)


def _stack_room(typingctx: Any, size: Any) -> Any:
    """The address of ``size`` (a constant) bytes on the stack, at the beginning of a cache line."""
    if not isinstance(size, types.IntegerLiteral):
        return None

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.ArrayType(ir.IntType(8), size.literal_value)
        with builder.goto_entry_block():
            room = builder.alloca(kind)
        room.align = 64
        return builder.ptrtoint(room, context.get_value_type(types.intp))

    return types.intp(size), codegen


stack_room: Any = intrinsic(prefer_literal=True)(_stack_room)
