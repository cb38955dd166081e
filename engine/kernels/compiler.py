"""How Numba is made to compile less.

Numba makes machine code for every function it compiles, also for those that only kernels call, and
then once more inside each kernel. Here such a part stays a list of plain instructions until a kernel
takes it in and is optimized as a whole.
"""

from __future__ import annotations

from typing import Any

from numba.core import codegen, compiler, compiler_machinery, typed_passes

# Numba's classes carry no types.
Library: Any = codegen.JITCodeLibrary
Lowering: Any = typed_passes.NativeLowering
Compiler: Any = compiler.Compiler
register_pass: Any = compiler_machinery.register_pass


class PartLibrary(Library):  # type: ignore[misc]
    """Instructions as they were written, to be linked into kernels."""

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        """The kernel does it."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


class KernelLibrary(Library):  # type: ignore[misc]
    """A kernel with all its parts, optimized once.

    Numba's own library runs a round before this one that serves the counting of references, which
    kernels do without.
    """

    def _optimize_final_module(self) -> None:
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


@register_pass(mutates_CFG=True, analysis_only=False)
class PartLowering(Lowering):  # type: ignore[misc]
    """Writes a part's instructions; there is no way to call it from Python."""

    _name = "part_lowering"

    def run_pass(self, state: Any) -> bool:
        """Lower into a library without machine code."""
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        flags = state.flags
        flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
        super().run_pass(state)
        state.library.finalize()
        # Numba knows a part by its entry; this one only raises.
        entry = dict[str, str]().__getitem__
        state.targetctx.insert_user_function(entry, state.cr.fndesc, [state.library])
        state.cr = state.cr._replace(cfunc=entry)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class KernelLowering(Lowering):  # type: ignore[misc]
    """Writes a kernel's instructions and makes machine code of it and its parts."""

    _name = "kernel_lowering"

    def run_pass(self, state: Any) -> bool:
        """Lower into a library that optimizes once."""
        state.library = KernelLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        state.flags.no_cfunc_wrapper = True
        return bool(super().run_pass(state))


def _lowered_by(lowering: Any) -> Any:
    """Numba's compiler with another last step."""

    class Lowered(Compiler):  # type: ignore[misc]
        def define_pipelines(self) -> list[Any]:
            (passes,) = super().define_pipelines()
            passes.passes = [(lowering if step is Lowering else step, text) for step, text in passes.passes]
            passes._finalized = False
            passes.finalize()
            return [passes]

    return Lowered


#: For functions that only kernels call.
PartCompiler = _lowered_by(PartLowering)
#: For kernels.
KernelCompiler = _lowered_by(KernelLowering)
