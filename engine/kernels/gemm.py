"""Matrix products through the BLAS that SciPy brings, on strided views and without copies.

Numba's ``np.dot`` copies what is not contiguous; this calls the same library routine with
leading dimensions, so a block of columns or rows of a larger array is used where it lies.
"""

from __future__ import annotations

from typing import Any

import scipy.linalg  # noqa: F401  (Numba finds the BLAS through it)
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from engine.kernels.jit import inline

utils: Any = cgutils  # its functions carry no types


def _xgemm_intrinsic(
    typingctx: Any, transa: Any, transb: Any, m: Any, n: Any, k: Any, alpha: Any, a: Any, lda: Any, b: Any, ldb: Any,
    beta: Any, c: Any, ldc: Any,
) -> Any:  # fmt: skip
    """Numba's own BLAS helper: column-major C = alpha·op(A)·op(B) + beta·C on raw addresses."""
    real = alpha
    if real not in (types.float32, types.float64):
        return None
    size = types.intp
    signature = types.void(
        types.boolean, types.boolean, size, size, size, real, types.uintp, size, types.uintp, size, real, types.uintp,
        size,
    )  # fmt: skip
    kind = ord("s") if real == types.float32 else ord("d")

    def codegen(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        char, word, pointer = ir.IntType(8), context.get_value_type(size), utils.voidptr_t
        fnty = ir.FunctionType(
            ir.IntType(32),
            [char, char, char, word, word, word, pointer, pointer, word, pointer, word, pointer, pointer, word],
        )
        function = utils.get_or_insert_function(builder.module, fnty, "numba_xxgemm")

        def letter(flag: Any) -> Any:
            on = builder.icmp_unsigned("!=", flag, ir.Constant(flag.type, 0))
            return builder.select(on, ir.Constant(char, ord("t")), ir.Constant(char, ord("n")))

        def address(value: Any) -> Any:
            return builder.bitcast(utils.alloca_once_value(builder, value), pointer)

        def at(value: Any) -> Any:
            return builder.inttoptr(value, pointer)

        ta, tb, m_, n_, k_, alpha_, a_, lda_, b_, ldb_, beta_, c_, ldc_ = args
        builder.call(
            function,
            [
                ir.Constant(char, kind), letter(ta), letter(tb), m_, n_, k_, address(alpha_), at(a_), lda_, at(b_),
                ldb_, address(beta_), at(c_), ldc_,
            ],
        )  # fmt: skip
        return context.get_dummy_value()

    return signature, codegen


_xgemm: Any = intrinsic(_xgemm_intrinsic)


@inline
def gemm(transpose_a: bool, transpose_b: bool, a: Any, b: Any, beta: Any, c: Any) -> None:
    """c = op(a)·op(b) + beta·c for row-major matrices whose last axis is contiguous.

    Args:
        transpose_a: use the transpose of ``a``.
        transpose_b: use the transpose of ``b``.
        a: two-dimensional, unit stride in the last axis, any stride in the first.
        b: likewise.
        beta: 0 or 1 in the element type of ``c``.
        c: result, likewise strided.
    """
    # Row-major C = A·B is column-major C' = B'·A', so operands swap places.
    item = c.itemsize
    k = a.shape[0] if transpose_a else a.shape[1]
    one = c.dtype.type(1)
    _xgemm(
        transpose_b, transpose_a, c.shape[1], c.shape[0], k, one,
        b.ctypes.data, b.strides[0] // item, a.ctypes.data, a.strides[0] // item,
        c.dtype.type(beta), c.ctypes.data, c.strides[0] // item,
    )  # fmt: skip
