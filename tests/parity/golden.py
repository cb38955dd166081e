"""Golden arrays: asked of the peers once and kept, or with ``main.py test --peers`` asked anew.

A part of the comparison is a script ``make_*.py`` that asks Keras or PyTorch and writes to ``target(FILE)``, and a
test that gets the arrays from ``golden(SCRIPT, FILE)``. To make the kept files anew, run the script with a Python that
has the peers, from the checkout: ``KERAS_BACKEND=torch python tests/parity/make_layer_golden.py``.
This file must not need the engine, for the scripts import it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
#: Whether the peers are asked by the tests themselves.
LIVE = bool(os.environ.get("LAYERLOOM_PEERS"))
#: Where a script that runs for a test shall write.
PLACE = "LAYERLOOM_GOLDEN"
#: The peers that the kept files were made with.
KERAS, TORCH = "Keras 3.15.1", "PyTorch 2.13.0"


def target(file: str) -> Path:
    """Where a script writes its arrays."""
    return Path(os.environ.get(PLACE) or HERE) / file


def in_double(keras: Any) -> None:
    """Let Keras keep double precision; where it works out the type of a result, it allows PyTorch but single."""
    keras.src.backend.common.dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"


@cache
def golden(script: str, file: str) -> dict[str, Any]:
    """The arrays of a part, by name.

    Raises:
        AssertionError: the peers were to be asked and their script failed.
    """
    if not LIVE:
        return dict(np.load(HERE / file, allow_pickle=False))
    with tempfile.TemporaryDirectory(prefix="layerloom-golden-") as folder:
        environ = os.environ | {PLACE: folder, "KERAS_BACKEND": "torch", "PYTHONPATH": str(HERE.parents[1])}
        environ.pop("PYTHONSAFEPATH", None)  # scripts import what lies beside them
        command = [sys.executable, str(HERE / script)]
        ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=1200, check=False)
        assert ended.returncode == 0, f"{script} failed:\n{ended.stderr[-2000:]}"
        return dict(np.load(Path(folder) / file, allow_pickle=False))
