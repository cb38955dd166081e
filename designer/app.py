"""Starts the window."""

from __future__ import annotations

import atexit
import faulthandler
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from designer.icons import icon
from designer.model.clipboard import MIME
from designer.theme import apply_theme
from designer.training.preparer import Preparer
from designer.window.crash import CrashLog, log_file
from designer.window.main_window import MainWindow
from designer.window.settings import text_setting
from designer.window.sweeper import Sweeper
from engine.registry import plugin_faults

#: How long a thread may run before another gets its turn (s). At Python's own 5 ms, the window would
#: stutter while the engine thread works.
SWITCH_INTERVAL = 0.0005


def application(arguments: Sequence[str] = ()) -> QApplication:
    """The application with its name, font and theme; the one that exists, if there is one."""
    app = QApplication.instance() or QApplication(["layerloom", *arguments])
    assert isinstance(app, QApplication)
    app.setApplicationName("Layerloom")
    app.setApplicationDisplayName("Layerloom")
    app.setDesktopFileName("layerloom")
    apply_theme(app, text_setting("theme", "system"))
    app.setWindowIcon(icon("graph-outline"))
    sys.setswitchinterval(SWITCH_INTERVAL)
    atexit.register(leave_text_on_clipboard)
    return app


def leave_text_on_clipboard() -> None:
    """Hand copied layers over as text: Qt would delete our clipboard object after Python has ended, and crash."""
    if QGuiApplication.instance() is None:
        return
    clipboard = QGuiApplication.clipboard()
    held: QMimeData | None = clipboard.mimeData()  # none at all once the application is gone
    if held is not None and held.hasFormat(MIME):
        clipboard.setText(clipboard.text())


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, and a project or a model if one is named.

    Returns:
        The exit code.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    if sys.stderr is not None:  # programs without a console have none on Windows
        faulthandler.enable()
    app = application(given)
    window = MainWindow()
    crash = CrashLog(window.messages.show_message, log_file(), window, window.autosave.rescue)
    crash.install()
    sweeper = Sweeper(window)
    preparer = Preparer(window.document, window.runner, window)
    # Ctrl-C in the terminal asks like the window's own button; the sweeper's timer lets Python notice it.
    signal.signal(signal.SIGINT, lambda *_: QTimer.singleShot(0, window.close))
    window.closed.connect(app.quit)
    window.show()
    if plugin_faults:
        window.messages.show_message(" ".join(plugin_faults), "warning")
    named = Path(given[0]) if given else None

    def begin() -> None:
        window.open_named(named) if named else window.guide.offer()

    QTimer.singleShot(0, window, lambda: window.recovery.offer(begin))
    try:
        return app.exec()
    finally:
        preparer.stop()
        sweeper.stop()
        crash.remove()
