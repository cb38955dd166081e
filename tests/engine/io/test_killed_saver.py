"""A process that is killed while it trains and saves leaves a whole project, always."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.io import killed_saver

ROOT = Path(killed_saver.__file__).parents[3]


def kill(folder: Path, rounds: int, least: int, seed: int) -> int:
    """Run the killing program and check its figures; it checks what each kill left itself.

    Returns:
        How often the process was killed.
    """
    ended = subprocess.run(
        [sys.executable, killed_saver.__file__, str(folder / "p.loom"), str(rounds), str(least), str(seed)],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=240 + 6 * rounds,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    print(told)
    assert told["kills"] == sum(told["phases"].values()) >= rounds
    for name in ("training", "write", "fsync", "rename"):
        assert told["phases"][name] >= least, f"too few died in {name}: {told}"
    assert told["bytes"] > 2 * 2**20
    assert told["rounds_with_saves"] > 0  # otherwise nothing was under way when it was killed
    assert told["trained_to_the_end"] >= rounds // killed_saver.SAMPLE
    return int(told["kills"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_twenty_kills(tmp_path: Path) -> None:
    assert kill(tmp_path, 20, 1, 1) >= 20


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_three_hundred_kills(tmp_path: Path) -> None:
    assert kill(tmp_path, 300, 10, 2) >= 300
