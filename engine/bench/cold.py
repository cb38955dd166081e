"""How long the first batch takes where nothing was compiled before: ``python -m engine.bench.cold WORKLOAD``.

It prints one line of JSON. Whoever starts it names an empty folder for compiled kernels (``LAYERLOOM_CACHE``).
"""

from __future__ import annotations

import json
import os
import sys
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from engine.bench.engine_side import training
from engine.bench.rounds import answer_of
from engine.train.control import Control
from engine.train.events import BatchEnd, Compiling, Failed
from engine.train.trainer import Trainer


def cold(name: str) -> dict[str, Any]:
    """Seconds until the first batch of a workload, and of every kernel, in a process that finds no kernels.

    Args:
        name: a workload that is trained.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        surroundings = os.environ | {"LAYERLOOM_CACHE": folder}
        return answer_of("engine.bench.cold", (name,), f"The cold start of {name}", surroundings)


def first_batch(name: str) -> dict[str, Any]:
    """Train up to the first batch: ``seconds`` of it all, and ``kernels`` as (name, seconds), the longest first."""
    control, kernels = Control(), []
    began = last = perf_counter()
    compiling = ""
    for event in Trainer(*training(name), epochs=1).run(control):
        now = perf_counter()
        if isinstance(event, Failed):
            raise SystemExit(event.problem.text)
        if compiling:
            kernels.append((compiling, now - last))
        compiling, last = event.name if isinstance(event, Compiling) else "", now
        if isinstance(event, BatchEnd):
            control.stop()
            break
    kernels.sort(key=lambda kernel: -kernel[1])
    return {"seconds": perf_counter() - began, "kernels": kernels}


if __name__ == "__main__":
    print(json.dumps(first_batch(sys.argv[1])))
