"""Loops over vectors, written as LLVM instructions inside a Numba kernel.

LLVM's own vector types need no knowledge of the machine: it splits a vector of 16 numbers into
two AVX, four NEON or one AVX-512 register.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

INT = ir.IntType(32)


def _address_of(typingctx: Any, array: Any, index: Any) -> Any:
    """The address of element ``index`` of an array, counted as if it were flat and contiguous."""
    if not isinstance(array, types.Array):
        return None

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        made = context.make_array(array)(context, builder, args[0])
        return builder.ptrtoint(builder.gep(made.data, [args[1]]), context.get_value_type(types.intp))

    return types.intp(array, types.intp), codegen


address_of: Any = intrinsic(_address_of)


def _copy_bytes(typingctx: Any, source: Any, target: Any, count: Any) -> Any:
    """Copy ``count`` bytes from one address to another; they must not overlap."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        byte = cgutils.voidptr_t
        copy: Any = cgutils.raw_memcpy
        copy(builder, builder.inttoptr(args[1], byte), builder.inttoptr(args[0], byte), args[2], itemsize=1)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, types.intp), codegen


copy_bytes: Any = intrinsic(_copy_bytes)


class Writer:
    """Writes vector instructions for one element type and width."""

    def __init__(self, context: Any, builder: Any, real: Any, width: int) -> None:
        self.context, self.builder = context, builder
        self.scalar = context.get_value_type(real)
        self.vector = ir.VectorType(self.scalar, width)
        self.word = context.get_value_type(types.intp)
        self.width, self.align = width, real.bitwidth // 8
        self.suffix = f"v{width}f{real.bitwidth}"

    def number(self, value: int) -> Any:
        """A machine integer."""
        return ir.Constant(self.word, value)

    def zero(self) -> Any:
        """A vector of zeros."""
        return self.constant(0.0)

    def constant(self, value: float) -> Any:
        """A vector of one number."""
        return ir.Constant(self.vector, [value] * self.width)

    def at(self, address: Any, position: Any) -> Any:
        """Pointer to an element, ``position`` elements after an address."""
        return self.builder.gep(self.builder.inttoptr(address, self.scalar.as_pointer()), [position])

    def entry(self, table: Any, index: Any) -> Any:
        """One number of a table of int64."""
        return self.builder.load(self.builder.gep(self.builder.inttoptr(table, self.word.as_pointer()), [index]))

    def spread(self, value: Any) -> Any:
        """A vector of one repeated number."""
        undefined = ir.Constant(ir.VectorType(value.type, self.width), ir.Undefined)
        one = self.builder.insert_element(undefined, value, ir.Constant(INT, 0))
        everywhere = ir.Constant(ir.VectorType(INT, self.width), [0] * self.width)
        return self.builder.shuffle_vector(one, undefined, everywhere)

    def multiply_add(self, a: Any, b: Any, c: Any) -> Any:
        """a·b + c, in one instruction where the machine has one."""
        return self.builder.call(self._function("fmuladd", self.vector, [self.vector] * 3, self.suffix), [a, b, c])

    def load(self, pointer: Any, mask: Any = None) -> Any:
        """A vector from unaligned memory; elements that are masked out are zero and not touched."""
        place = self.builder.bitcast(pointer, self.vector.as_pointer())
        if mask is None:
            return self.builder.load(place, align=self.align)
        takes = [place.type, INT, mask.type, self.vector]
        function = self._function("masked.load", self.vector, takes, self.suffix + ".p0")
        return self.builder.call(function, [place, ir.Constant(INT, self.align), mask, self.zero()])

    def store(self, value: Any, pointer: Any, mask: Any = None) -> None:
        """A vector to unaligned memory, or the elements that the mask lets through."""
        place = self.builder.bitcast(pointer, value.type.as_pointer())
        whole = isinstance(value.type.element, ir.IntType)
        align = value.type.element.width // 8 if whole else self.align
        if mask is None:
            self.builder.store(value, place, align=align)
            return
        suffix = f"v{self.width}i{8 * align}" if whole else self.suffix
        takes = [value.type, place.type, INT, mask.type]
        function = self._function("masked.store", ir.VoidType(), takes, suffix + ".p0")
        self.builder.call(function, [value, place, ir.Constant(INT, align), mask])

    def _function(self, name: str, result: Any, takes: list[Any], suffix: str) -> Any:
        full = f"llvm.{name}.{suffix}"
        kind = ir.FunctionType(result, takes)
        return self.builder.module.globals.get(full) or ir.Function(self.builder.module, kind, full)

    def masks(self, valid: Any) -> Iterator[Any]:
        """Let the caller write code twice: for whole vectors (None) and for their first ``valid`` elements."""
        whole = self.builder.icmp_signed(">=", valid, self.number(self.width))
        with self.builder.if_else(whole) as (then, otherwise):
            with then:
                yield None
            with otherwise:
                yield self.first_lanes(valid)

    def first_lanes(self, valid: Any) -> Any:
        """A mask that lets the first ``valid`` elements through."""
        lanes = ir.Constant(ir.VectorType(self.word, self.width), list(range(self.width)))
        return self.builder.icmp_signed("<", lanes, self.spread(valid))

    def transposed(self, rows: list[Any]) -> list[Any]:
        """Columns of as many rows as a vector has elements: neighbours interleave, once per power of two."""
        width = self.width
        kind = ir.VectorType(INT, width)
        low = ir.Constant(kind, [i // 2 + i % 2 * width for i in range(width)])
        high = ir.Constant(kind, [width // 2 + i // 2 + i % 2 * width for i in range(width)])
        for _ in range(width.bit_length() - 1):
            pairs = [(rows[i], rows[i + width // 2]) for i in range(width // 2)]
            rows = [self.builder.shuffle_vector(*pair, order) for pair in pairs for order in (low, high)]
        return rows

    def total(self, vector: Any) -> Any:
        """The sum of a vector's elements, neighbours added pairwise."""
        undefined = ir.Constant(self.vector, ir.Undefined)
        half = self.width // 2
        while half:
            order = [i if i < half else 0 for i in range(self.width)]
            upper = [half + i if i < half else 0 for i in range(self.width)]
            low, high = (
                self.builder.shuffle_vector(vector, undefined, ir.Constant(ir.VectorType(INT, self.width), places))
                for places in (order, upper)
            )
            vector, half = self.builder.fadd(low, high), half // 2
        return self.builder.extract_element(vector, ir.Constant(INT, 0))

    def either(self, condition: Any, values: list[Any], otherwise: Callable[[], list[Any]]) -> list[Any]:
        """``values`` if the condition holds; else what ``otherwise`` writes code for."""
        builder, before = self.builder, self.builder.block
        with builder.if_then(builder.not_(condition)):
            others, inside = otherwise(), builder.block
        found = []
        for value, other in zip(values, others, strict=True):
            one = builder.phi(value.type)
            one.add_incoming(value, before)
            one.add_incoming(other, inside)
            found.append(one)
        return found

    def loop(
        self, count: Any, moving: Sequence[tuple[Any, Any]], sums: Sequence[Any],
        body: Callable[[list[Any], list[Any]], list[Any]],
    ) -> list[Any]:  # fmt: skip
        """Repeat ``body(positions, sums)``, which returns the new sums.

        Args:
            count: how often.
            moving: first value and step of each position.
            sums: vectors that stay in registers.
            body: writes one turn.
        """
        builder, before = self.builder, self.builder.block
        head, inside, after = (builder.append_basic_block(name) for name in ("head", "inside", "after"))
        builder.branch(head)
        builder.position_at_end(head)
        turn = builder.phi(self.word)
        places = [builder.phi(self.word) for _ in moving]
        totals = [builder.phi(total.type) for total in sums]
        builder.cbranch(builder.icmp_signed("<", turn, count), inside, after)
        builder.position_at_end(inside)
        results = body(places, totals)
        begins = [self.number(0), *(first for first, _ in moving), *sums]
        steps = zip((turn, *places), (self.number(1), *(step for _, step in moving)), strict=True)
        ends = [builder.add(place, step) for place, step in steps] + results
        for value, begin, end in zip((turn, *places, *totals), begins, ends, strict=True):
            value.add_incoming(begin, before)
            value.add_incoming(end, builder.block)
        builder.branch(head)
        builder.position_at_end(after)
        return totals
