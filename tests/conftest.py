"""What every test stands on: no display, folders of its own, and nothing left behind."""

from __future__ import annotations

import logging
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import measured
from tests.hygiene import ThreadWatch, WarningCatcher

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Settings belong to the tests; compiled kernels stay where they are, for they take long to make.
SETTINGS = tempfile.TemporaryDirectory(prefix="layerloom-settings-")
os.environ["XDG_CONFIG_HOME"] = SETTINGS.name
os.environ["LAYERLOOM_DATA"] = os.path.join(SETTINGS.name, "data")
# How long an example takes depends on who else uses the machine, and on what is compiled yet. A commit is judged by the
# same examples wherever it is tested; `--long` draws new ones.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", UNTIMED, derandomize=True)
settings.register_profile("new", UNTIMED)
settings.load_profile("same")


def pytest_configure(config: pytest.Config) -> None:
    """Draw new examples where the long tests are wanted too."""
    if config.getoption("markexpr") == "":
        settings.load_profile("new")


@pytest.fixture
def expected_warnings() -> list[str]:
    """Patterns of log warnings that the test provokes on purpose."""
    return []


@pytest.fixture(autouse=True)
def quiet_log(expected_warnings: list[str]) -> Iterator[None]:
    """Fail a test that logs a warning nobody expected."""
    catcher = WarningCatcher()
    logging.getLogger().addHandler(catcher)
    yield
    logging.getLogger().removeHandler(catcher)
    surprises = [line for line in catcher.lines if not any(re.search(p, line) for p in expected_warnings)]
    if surprises:
        pytest.fail("unexpected log warnings:\n" + "\n".join(surprises), pytrace=False)


@pytest.fixture(autouse=True)
def no_stray_threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a thread running, and name the line that started it."""
    watch = ThreadWatch()
    before = set(threading.enumerate())
    watch.install(monkeypatch)
    yield
    leaks = watch.leaked(before)
    if leaks:
        pytest.fail("\n".join(leaks), pytrace=False)


def pytest_unconfigure(config: Any) -> None:
    """Remove the settings' folder."""
    SETTINGS.cleanup()


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    """Print what was measured, where ``python3 main.py parity`` asked for it."""
    if measured.FOLDER and not hasattr(config, "workerinput"):
        terminalreporter.write_line("")
        terminalreporter.write_line(measured.table())
