"""Style and types hold everywhere, as configured in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def check(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)


def test_ruff_finds_nothing(tmp_path: Path) -> None:
    result = check("ruff", "check", "--cache-dir", str(tmp_path), ".")

    assert result.returncode == 0, result.stdout


def test_mypy_finds_nothing(tmp_path: Path) -> None:
    result = check("mypy", "--cache-dir", str(tmp_path))

    assert result.returncode == 0, result.stdout
