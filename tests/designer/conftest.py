"""Hygiene of the window's tests: no timer, window or posted deletion survives its test."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from designer.theme import apply_theme
from tests.hygiene import origin

#: How long a test waits for a state at most (ms): what takes a moment takes many on a machine that compiles beside.
PATIENCE = 60_000
for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals):
    wait.__kwdefaults__["timeout"] = PATIENCE


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """What the application is started with."""
    return ["layerloom-tests"]


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """The application in its light theme, with the shipped font."""
    apply_theme(qapp, "light")
    return qapp


@pytest.fixture(autouse=True)
def own_settings(dressed: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test starts without settings, copied layers and unsaved work, and keeps them in its own folder."""
    monkeypatch.setenv("LAYERLOOM_DATA", str(tmp_path / "data"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    dressed.clipboard().clear()


@pytest.fixture(autouse=True)
def no_stray_objects(dressed: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a running timer or a top-level widget."""
    origins = _note_timers(monkeypatch)
    timers_before = {id(timer) for timer in _running_timers()}
    windows_before = {id(widget) for widget in dressed.topLevelWidgets()}
    yield
    _settle()
    leaks = [
        f"a timer of {timer.interval()} ms runs on ({_family(timer)}); started at {origins.get(id(timer), 'unknown')}"
        for timer in _running_timers()
        if id(timer) not in timers_before
    ]
    leaks += [
        f"the top-level widget {_family(widget)} was left"
        for widget in dressed.topLevelWidgets()
        if id(widget) not in windows_before and _is_ours(widget)
    ]
    if leaks:
        pytest.fail("\n".join(leaks), pytrace=False)


def _note_timers(patch: pytest.MonkeyPatch) -> dict[int, str]:
    origins: dict[int, str] = {}
    start = QTimer.start

    def noted(timer: QTimer, *args: Any) -> None:
        origins[id(timer)] = origin()
        start(timer, *args)

    patch.setattr(QTimer, "start", noted)
    return origins


def _settle() -> None:
    """Let go of everything: cycles, and objects whose deletion was posted."""
    for _ in range(2):
        gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _running_timers() -> list[QTimer]:
    # Reading a type with isinstance would wake lazy proxies among the objects, so it is compared.
    timers = [found for found in gc.get_objects() if type(found) is QTimer]
    return [timer for timer in timers if shiboken6.isValid(timer) and timer.isActive()]


def _is_ours(widget: QWidget) -> bool:
    # Pop-ups and menus go with their window; Qt keeps one tooltip alive for later use.
    return widget.parent() is None and type(widget).__name__ != "QTipLabel"


def _family(found: QObject) -> str:
    names = []
    place: QObject | None = found
    while place is not None:
        names.append(f"{type(place).__name__} '{place.objectName()}'")
        place = place.parent()
    return " in ".join(names)
