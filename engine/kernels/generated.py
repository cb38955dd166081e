"""The door to Numba for loops that the program writes itself: the kernels of formulas.

A text is kept in the kernels' cache folder under a digest of itself, so Numba finds what it compiled from it at
the next start. The texts are written by :mod:`engine.expression.loops` alone, out of words of its own: nothing that
a user types is ever part of one.
"""

from __future__ import annotations

import contextlib
import math
import os
import tempfile
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from engine.kernels import jit
from engine.kernels.bits import select
from engine.kernels.elementwise import apply, apply_chain
from engine.kernels.jit import kernel, scalar
from engine.kernels.losses import row_factor
from engine.kernels.math import erf, exp, expm1, like, log, log1p, sigmoid, sign, tanh

#: What generated loops may use.
WORDS: dict[str, Any] = {
    "apply": apply, "apply_chain": apply_chain, "row_factor": row_factor, "select": select, "like": like,
    "exp": exp, "expm1": expm1, "log": log, "log1p": log1p, "sigmoid": sigmoid, "sign": sign, "tanh": tanh, "erf": erf,
    "sqrt": math.sqrt, "sin": math.sin, "cos": math.cos, "floor": np.floor, "rint": np.rint, "scalar": scalar,
    "kernel": kernel, "range": range, "abs": abs, "float": float,
}  # fmt: skip


@lru_cache(maxsize=512)
def kernel_from(text: str, name: str) -> Callable[..., None]:
    """The kernel that a text defines.

    Args:
        text: Python source of loops, with ``NAME`` wherever its own name stands.
        name: what the kernel is called; a digest is added, so that no two are called the same.
    """
    digest = sha256(text.encode()).hexdigest()[:20]
    full = f"{name}_{digest}"
    text = text.replace("NAME", full)
    path = _kept(text, full)
    words: dict[str, Any] = {**WORDS, "__name__": __name__, "__builtins__": {}}
    exec(compile(text, str(path), "exec"), words)
    made: Callable[..., None] = words[full]
    return made


def _kept(text: str, name: str) -> Path:
    """The file that holds a text; in a folder that lasts for this run where the cache cannot be written."""
    try:
        return _written(jit.CACHE / "formulas", text, name)
    except OSError:
        return _written(Path(tempfile.mkdtemp(prefix="layerloom-formulas-")), text, name)


def _written(folder: Path, text: str, name: str) -> Path:
    """Write a text at once, so that no other process reads half of it."""
    path = folder / f"{name}.py"
    if not (path.exists() and path.read_text(encoding="ascii", errors="replace") == text):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(text, encoding="ascii")
        with contextlib.suppress(OSError):
            # Numba compares the time of the file with the one it compiled.
            os.utime(part, (0, 0))
        os.replace(part, path)
    return path
