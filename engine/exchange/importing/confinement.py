"""What the child may use: set by itself before it looks at a stranger's bytes."""

from __future__ import annotations

import contextlib
import sys

if sys.platform != "win32":
    import resource

#: Address space beside three copies of the file (bytes); the interpreter and its libraries take a part of it.
SPACE = 4 * 2**30


def _limit(name: str, most: int) -> None:
    if sys.platform != "win32":
        # Where a system lacks a limit or refuses it, the checks and the other limits still stand.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (wanted, wanted))


def confine(seconds: int, size: int) -> None:
    """Bound time and memory, and forbid core dumps, files to grow and processes to start.

    Args:
        seconds: processor time.
        size: bytes of the file that will be read.
    """
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_CPU", seconds)
    _limit("RLIMIT_AS", SPACE + 4 * size)
    _limit("RLIMIT_FSIZE", 0)
    _limit("RLIMIT_NPROC", 0)


def close_doors() -> None:
    """Allow no further file or connection to be opened; what is open stays usable."""
    _limit("RLIMIT_NOFILE", 0)
