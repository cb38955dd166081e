"""Single-precision numbers taken apart and put together, and mixed bits, in ways that LLVM vectorizes.

Integer work stays inside these intrinsics: Numba would widen it to 64 bits and halve the speed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

INT, FLOAT = ir.IntType(32), ir.FloatType()
#: Bits of sqrt(1/2): mantissas are taken from there to sqrt(2), so that logarithms lie around 0.
ROOT_HALF = 0x3F3504F3


def machine(function: Callable[..., Any]) -> Callable[..., Any]:
    """Numba's ``intrinsic``: the function returns a signature and writes LLVM instructions."""
    made: Callable[..., Any] = intrinsic(function)
    return made


@machine
def select(typingctx: Any, condition: Any, yes: Any, no: Any) -> Any:
    """``yes if condition else no`` without a branch: both sides are computed, so loops vectorize."""
    if condition != types.boolean or yes != no:
        return None

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(args[0], args[1], args[2])

    return yes(condition, yes, no), codegen


@machine
def nearest(typingctx: Any, x: Any) -> Any:
    """The whole number nearest to a float32, as float32."""
    if x != types.float32:
        return None

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        rint = builder.module.declare_intrinsic("llvm.rint", [FLOAT])
        return builder.call(rint, args)

    return types.float32(types.float32), codegen


@machine
def power_of_two(typingctx: Any, n: Any) -> Any:
    """2ⁿ for a whole float32 from -126 to 127; anything else, NaN included, gives some number."""
    if n != types.float32:
        return None

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        # The comparison keeps NaN away from the conversion, whose result would be undefined.
        safe = builder.select(builder.fcmp_ordered("ord", args[0], args[0]), args[0], ir.Constant(FLOAT, 0.0))
        biased = builder.add(builder.fptosi(safe, INT), ir.Constant(INT, 127))
        return builder.bitcast(builder.shl(biased, ir.Constant(INT, 23)), FLOAT)

    return types.float32(types.float32), codegen


@machine
def exponent(typingctx: Any, x: Any) -> Any:
    """n of x = m·2ⁿ with m from sqrt(1/2) to sqrt(2), for a positive normal float32."""
    if x != types.float32:
        return None

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        moved = builder.sub(builder.bitcast(args[0], INT), ir.Constant(INT, ROOT_HALF))
        return builder.sitofp(builder.ashr(moved, ir.Constant(INT, 23)), FLOAT)

    return types.float32(types.float32), codegen


@machine
def mantissa(typingctx: Any, x: Any) -> Any:
    """m of x = m·2ⁿ with m from sqrt(1/2) to sqrt(2), for a positive normal float32."""
    if x != types.float32:
        return None

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        moved = builder.sub(builder.bitcast(args[0], INT), ir.Constant(INT, ROOT_HALF))
        kept = builder.and_(moved, ir.Constant(INT, 0x7FFFFF))
        return builder.bitcast(builder.add(kept, ir.Constant(INT, ROOT_HALF)), FLOAT)

    return types.float32(types.float32), codegen


@machine
def mixed(typingctx: Any, counter: Any, low: Any, high: Any) -> Any:
    """32 well mixed bits of a counter under a key of two 32-bit halves, as int32.

    Two multiplications with shifts between them spread every bit of the counter over all others
    (the finalizer of MurmurHash3, A. Appleby); the second half of the key enters in the middle, so
    that two keys never give shifted copies of one sequence.
    """
    if counter != types.intp or low != types.int32 or high != types.int32:
        return None

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        def fold(value: Any, places: int) -> Any:
            return builder.xor(value, builder.lshr(value, ir.Constant(INT, places)))

        h = builder.add(builder.mul(builder.trunc(args[0], INT), ir.Constant(INT, 0x9E3779B1)), args[1])
        h = builder.mul(fold(h, 16), ir.Constant(INT, 0x85EBCA6B))
        h = builder.xor(h, args[2])
        h = builder.mul(fold(h, 13), ir.Constant(INT, 0xC2B2AE35))
        return fold(h, 16)

    return types.int32(types.intp, types.int32, types.int32), codegen
