"""The last net: what nobody caught goes to a log file and one calm line, never to the end of the program."""

from __future__ import annotations

import logging
import logging.handlers
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QStandardPaths

from designer.text import tr

#: A second fault within this time goes to the log only (s).
PAUSE = 10.0
#: Size of one log file (bytes); one older file is kept.
LOG_SIZE = 1_000_000
#: Faults that are written down in one run of the program.
LIMIT = 200


def log_file() -> Path:
    """Where faults are written down."""
    cache = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation)
    return Path(cache) / "layerloom" / "log" / "layerloom.log"


class CrashLog(QObject):
    """Catches exceptions that nobody caught, on any thread.

    Args:
        report: shows a sentence to the user; called in the window's thread.
        path: the log file.
        parent: owner.
        rescue: keeps the user's work; called in the window's thread, before anything is said.
    """

    def __init__(
        self,
        report: Callable[[str], None],
        path: Path,
        parent: QObject | None = None,
        rescue: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = path
        self._report = report
        self._rescue = rescue
        self._faults: deque[str] = deque()
        self._shown_at = -PAUSE
        self._written = 0
        self._log = _open_log(path)
        self._before: tuple[Any, Any] | None = None

    def install(self) -> None:
        """Take over from Python's own printing of tracebacks."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self.caught
        threading.excepthook = lambda args: self.caught(args.exc_type, args.exc_value, args.exc_traceback)

    def remove(self) -> None:
        """Give back what was there before, and close the file."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            self._before = None
        for handler in list(self._log.handlers):
            self._log.removeHandler(handler)
            handler.close()

    def caught(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Write an exception down and wake the window."""
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        error = error if error is not None else kind()
        self._written += 1
        if self._written <= LIMIT:
            self._log.critical("Not caught on thread %s", threading.current_thread().name, exc_info=error)
        self._faults.append(kind.__name__)
        # An empty event may be posted from any thread; the sentence waits in the deque.
        QCoreApplication.postEvent(self, QEvent(QEvent.Type.User))

    def customEvent(self, _event: QEvent) -> None:
        """Show what has gathered, at most one sentence in a while."""
        if not self._faults:
            return
        names = sorted(set(self._faults))
        self._faults.clear()
        self._save_work()
        now = time.monotonic()
        if now - self._shown_at < PAUSE:
            return
        self._shown_at = now
        self._report(
            tr(
                "Something inside Layerloom went wrong ({name}). Your work is still here: save it under a new name "
                "to be safe. Details are in {path}.",
                name=", ".join(names),
                path=self.path,
            )
        )

    def _save_work(self) -> None:
        if self._rescue is None:
            return
        try:
            self._rescue()
        except Exception:
            # A fault in here must not call for another rescue, and so on for ever.
            self._log.critical("The work could not be kept aside", exc_info=True)


def _open_log(path: Path) -> logging.Logger:
    log = logging.getLogger("layerloom.crash")
    log.propagate = False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(
            path, maxBytes=LOG_SIZE, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        # A full disk or a read-only home must not keep the window from opening.
        log.addHandler(logging.StreamHandler())
        return log
    file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.addHandler(file)
    return log
