"""The Qt binding keeps its hands off None."""

from __future__ import annotations

import subprocess
import sys

CODE = """
from PySide6.QtCore import QCoreApplication, QTimer
app = QCoreApplication([])
timer = QTimer()
for _ in range(200_000):
    timer.stop()
print("alive", None is None)
"""


def test_calls_that_return_nothing_lose_no_references() -> None:
    """PySide6 6.12.0 drops a reference to None at each such call and ends CPython 3.11."""
    result = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=120, check=False)

    assert result.stdout.strip() == "alive True", result.stderr
