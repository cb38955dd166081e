"""The measuring of the window: that the figures exist, never how large they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def measured(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "designer.bench", *map(str, words)], capture_output=True, text=True, timeout=600,
        check=False, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip


def test_every_figure_of_a_short_run_is_there(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    ended = measured("--gui", "--only", "tiny,drag", "--seconds", 0.2, "--rounds", 1, "--json", file)
    assert ended.returncode == 0, ended.stderr

    found = json.loads(file.read_text())
    assert found["tiny"]["headless"]["updates"] > 0
    assert found["tiny"]["window"]["updates"] > 0
    assert found["tiny"]["window"]["speed"] > 0
    for late in found["tiny"]["window"]["late"].values():
        assert 0 <= late["p50"] <= late["p99"] <= late["max"]
    for key in ("one", "one_cpu", "all", "all_cpu"):
        assert 0 < found["drag"][key]["p50"] <= found["drag"][key]["p99"]
    assert "Dragging among 200 nodes" in ended.stdout


@pytest.mark.parametrize("parts", ["speed", ""])
def test_unknown_parts_are_named(parts: str) -> None:
    ended = measured("--gui", "--only", parts)

    assert ended.returncode == 1
    assert "--only takes cnn, tiny, drag, first" in ended.stderr
