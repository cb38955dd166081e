"""The one door to Numba: every compiled loop passes through :func:`kernel`.

Settings and their reasons:

* ``nogil``: shards run beside each other and the window stays alive.
* ``fastmath`` without ``nnan`` and ``ninf``: with them LLVM deletes ``isnan`` checks.
* ``error_model="numpy"``: division by zero gives inf, as users of numpy expect, and loops vectorize.
* ``_nrt=False``: kernels allocate nothing, so nobody has to count references.
* an own cache folder: Numba's cache does not notice edits in *other* files and ignores
  ``NUMBA_*`` settings, so the folder's name is a digest of both.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numba
import numpy
from numba import njit
from numba.extending import overload, register_jitable

from engine.kernels.compiler import KernelCompiler, PartCompiler

ENGINE = Path(__file__).resolve().parents[1]
FASTMATH = {"contract", "reassoc", "nsz", "arcp"}
COMMON: dict[str, Any] = {"nogil": True, "fastmath": FASTMATH, "error_model": "numpy", "_nrt": False}
#: What a damaged cache file makes Numba raise.
CACHE_FAULTS = (
    pickle.UnpicklingError, EOFError, RuntimeError, AttributeError, ImportError, IndexError, KeyError, OSError,
)  # fmt: skip


def user_cache() -> Path:
    """The user's cache folder for this program (not created)."""
    if given := os.environ.get("LAYERLOOM_CACHE"):
        return Path(given)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "layerloom"


def _digest() -> str:
    """A name for everything that decides what a compiled kernel is."""
    seen = hashlib.sha256()
    for part in (numba.__version__, llvmlite.__version__, numpy.__version__, sys.version, platform.machine()):
        seen.update(part.encode())
    for name in sorted(os.environ):
        if name.startswith("NUMBA_") and name != "NUMBA_CACHE_DIR":
            seen.update(f"{name}={os.environ[name]}".encode())
    folders = (ENGINE / "kernels", ENGINE / "catalogue")
    for path in sorted(path for folder in folders for path in folder.rglob("*.py")):
        seen.update(path.relative_to(ENGINE).as_posix().encode())
        seen.update(path.read_bytes())
    return seen.hexdigest()[:16]


def cache_folder() -> Path:
    """Where this version of the kernels is cached; made with rights for the owner only.

    Cache files are pickles, so nobody else may write there.
    """
    folder = user_cache() / f"kernels-{_digest()}"
    try:
        if not folder.exists():
            _forget_old(user_cache())
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.utime(folder)
    except OSError:
        # A home that cannot be written: compile anew each time, but work.
        folder = Path(tempfile.mkdtemp(prefix="layerloom-kernels-"))
    return folder


def _forget_old(base: Path) -> None:
    """Delete the kernels of versions that nobody started for a month."""
    limit = time.time() - 30 * 24 * 3600
    for other in base.glob("kernels-*"):
        if other.stat().st_mtime < limit:
            shutil.rmtree(other, ignore_errors=True)


CACHE = cache_folder()
setattr(numba.config, "CACHE_DIR", str(CACHE))  # noqa: B010 (the stubs do not know it)


def wipe_cache() -> None:
    """Delete the compiled kernels; they are made again when needed."""
    shutil.rmtree(CACHE, ignore_errors=True)
    CACHE.mkdir(parents=True, exist_ok=True, mode=0o700)


def kernel(function: Callable[..., None]) -> Callable[..., None]:
    """Compile a loop lazily, once per combination of argument types, cached on disk."""
    compiled: Callable[..., None] = njit(cache=True, boundscheck=None, pipeline_class=KernelCompiler, **COMMON)(
        function
    )
    return compiled


def inline(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a small function that kernels call; LLVM inlines it."""
    compiled: Callable[..., Any] = njit(inline="never", pipeline_class=PartCompiler, **COMMON)(function)
    return compiled


def exact(function: Callable[..., Any]) -> Callable[..., Any]:
    """Like :func:`inline`, but sums keep their order: range reductions and error terms depend on it."""
    options = COMMON | {"fastmath": {"contract"}}
    compiled: Callable[..., Any] = njit(forceinline=True, pipeline_class=PartCompiler, **options)(function)
    return compiled


def scalar(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a small function of numbers usable in kernels, also as an argument of :func:`inline` loops.

    A compiled function as an argument is an address, and kernels with addresses cannot be cached.
    """
    usable: Callable[..., Any] = register_jitable(forceinline=True, pipeline_class=PartCompiler, **COMMON)(function)
    return usable


def meaning(function: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """Say what calls of a Python function compile to: the decorated function gets types and returns the code."""
    decorator: Any = overload
    given: Callable[..., Any] = decorator(function, jit_options={"pipeline_class": PartCompiler, **options})
    return given


def ready(function: Any, args: tuple[Any, ...]) -> Callable[..., None]:
    """The compiled entry for these arguments, compiled or loaded now.

    A damaged cache is wiped and the kernel compiled again. Calling the entry directly saves the
    dispatcher's look-up of argument types at every call.
    """
    signature = types_of(args)
    if signature not in function.overloads:
        try:
            function.compile(signature)
        except CACHE_FAULTS:
            wipe_cache()
            function.compile(signature)
    entry: Callable[..., None] = function.overloads[signature].entry_point
    return entry


def types_of(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Numba's types of arguments: what a specialization is made for."""
    typeof: Any = numba.typeof
    return tuple(typeof(arg) for arg in args)
