"""Processes that compile the same kernels share the work: each kernel is claimed before it is compiled.

A claim is a small file beside the compiled kernels. Whoever finds one goes on with another kernel and
comes back later, when it can be loaded.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

#: Age beyond which a claim is ignored (s): its owner was ended in the middle.
STALE = 30.0


def claim_path(folder: Path, function: Any) -> Path:
    """Where the claim on a kernel lies; all its specializations share one, as they share an index."""
    name = f"{function.__module__}.{function.__qualname__}"
    return folder / f"claim-{sha256(name.encode()).hexdigest()[:16]}"


@contextlib.contextmanager
def claimed(path: Path) -> Iterator[bool]:
    """Hold a claim, if nobody else does.

    Yields:
        Whether the kernel may be compiled here and now. A folder that cannot be written has no claims.
    """
    try:
        held = _taken(path)
    except OSError:
        yield True
        return
    try:
        yield held
    finally:
        if held:
            with contextlib.suppress(OSError):
                path.unlink()


def _taken(path: Path) -> bool:
    for _ in range(2):
        try:
            number = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            if not _is_stale(path):
                return False
            path.unlink(missing_ok=True)
            continue
        with os.fdopen(number, "w") as file:
            file.write(str(os.getpid()))
        return True
    return False


def _is_stale(path: Path) -> bool:
    try:
        if time.time() - path.stat().st_mtime > STALE:
            return True
        owner = int(path.read_text() or 0)
    except (OSError, ValueError):
        return False  # it has just been given back, or is just being written
    if owner <= 0 or sys.platform == "win32":
        return False
    try:
        os.kill(owner, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass  # it lives and is somebody else's
    return False
