"""A place of its own for a window that is driven by a program: the user's settings and work stay as they are."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def apart(name: str) -> Iterator[Path]:
    """A folder that is gone afterwards; unsaved work, caches of data and logs go below it meanwhile.

    Args:
        name: tells in the folder's name whose it is.
    """
    place = Path(tempfile.mkdtemp(prefix=f"layerloom-{name}-"))
    before = os.environ.get("LAYERLOOM_DATA")
    os.environ["LAYERLOOM_DATA"] = str(place / "data")
    try:
        yield place
    finally:
        if before is None:
            del os.environ["LAYERLOOM_DATA"]
        else:
            os.environ["LAYERLOOM_DATA"] = before
        shutil.rmtree(place, ignore_errors=True)
