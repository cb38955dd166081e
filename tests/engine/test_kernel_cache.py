"""Compiled kernels are kept, renewed and repaired without a word to the user."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import numpy as np
from engine.kernels import jit
from engine.kernels.dense import add_bias
z, bias = np.zeros((3, 4)), np.arange(4.0)
jit.ready(add_bias, (z, bias))(z, bias)
hits = sum(add_bias.stats.cache_hits.values())
print(jit.CACHE, hits, z[2].tolist() == [0.0, 1.0, 2.0, 3.0])
"""


def start(cache: Path, **extra: str) -> tuple[Path, int, bool]:
    environment = {**os.environ, "LAYERLOOM_CACHE": str(cache), **extra}
    result = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, env=environment, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr
    folder, hits, right = result.stdout.split()
    return Path(folder), int(hits), right == "True"


def test_a_second_start_loads_what_the_first_compiled(tmp_path: Path) -> None:
    folder, first, right = start(tmp_path)
    again, second, _ = start(tmp_path)

    assert right
    assert (first, second) == (0, 1)
    assert folder == again
    assert folder.stat().st_mode & 0o077 == 0 or sys.platform == "win32"


@pytest.mark.parametrize("damage", [b"", b"\x80\x04rubbish", None])
def test_a_damaged_cache_is_made_anew(tmp_path: Path, damage: bytes | None) -> None:
    folder, _, _ = start(tmp_path)
    for path in folder.rglob("*.nb?"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2] if damage is None else damage)

    assert start(tmp_path)[2]
    assert start(tmp_path)[1] == 1


def test_every_numba_setting_has_a_cache_of_its_own(tmp_path: Path) -> None:
    assert start(tmp_path)[0] != start(tmp_path, NUMBA_BOUNDSCHECK="1")[0]


def test_kernels_of_versions_long_unused_are_deleted(tmp_path: Path) -> None:
    old, recent = tmp_path / "kernels-old", tmp_path / "kernels-recent"
    old.mkdir()
    recent.mkdir()
    os.utime(old, (0, 0))
    start(tmp_path)

    assert not old.exists()
    assert recent.exists()


def test_a_home_that_cannot_be_written_still_works(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    assert start(blocked)[2]
