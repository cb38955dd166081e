"""A process that is killed while it saves leaves a whole project, always."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.io import killed_saver

ROOT = Path(killed_saver.__file__).parents[3]


def kill(folder: Path, rounds: int, seed: int) -> None:
    """Run the killing program and check its figures."""
    ended = subprocess.run(
        [sys.executable, killed_saver.__file__, str(folder / "p.loom"), str(rounds), str(seed)],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=60 + 2 * rounds,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["kills"] == rounds
    assert told["rounds_with_saves"] > 0  # otherwise nothing was under way when it was killed
    assert told["rounds_with_leftovers"] > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_twenty_kills(tmp_path: Path) -> None:
    kill(tmp_path, 20, 1)


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_two_hundred_kills(tmp_path: Path) -> None:
    kill(tmp_path, 200, 2)
