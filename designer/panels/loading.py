"""Reads data in the background: one thread a file set, one timer that fetches what they read."""

from __future__ import annotations

import logging
import threading
from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from designer.text import tr
from engine.catalogue.sources.base import Dataset, Source
from engine.errors import LayerloomError

log = logging.getLogger(__name__)

#: How often finished work is looked for while a thread reads (milliseconds).
PERIOD = 30
#: Data sets that stay in memory: those in use and those looked at.
KEPT = 2


class Loader(QObject):
    """Loads sources without ever holding up the window.

    Only the source asked for last is reported; what was overtaken is read to its end and dropped.
    """

    #: Source and Dataset.
    loaded = Signal(object, object)
    #: Source and the sentence that says why it could not be read.
    failed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._done: deque[tuple[int, Source, Dataset | str]] = deque()
        self._threads: list[threading.Thread] = []
        self._kept: dict[Source, Dataset] = {}
        self._wanted: Source | None = None
        self._number = 0
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD)
        self._timer.timeout.connect(self._drain)

    @property
    def wanted(self) -> Source | None:
        """The source being read, or ``None``."""
        return self._wanted

    def kept(self, source: Source | None) -> Dataset | None:
        """Data read before and still in memory."""
        return None if source is None else self._kept.get(source)

    def load(self, source: Source, folder: Path | None) -> None:
        """Read a source; nothing happens while it is being read already."""
        if source == self._wanted:
            return
        self._number += 1
        self._wanted = source
        thread = threading.Thread(
            target=self._read, args=(self._number, source, folder), name="layerloom-data", daemon=True
        )
        self._threads.append(thread)
        thread.start()
        self._timer.start()

    def forget(self) -> None:
        """Ask for nothing any more and keep nothing (another project was opened)."""
        self._number += 1
        self._wanted = None
        self._kept.clear()

    def drop(self) -> None:
        """Ask for nothing any more."""
        self._number += 1
        self._wanted = None

    def shutdown(self, timeout: float) -> bool:
        """Stop listening and wait for the threads; whether all ended in time (s)."""
        self.forget()
        self._timer.stop()
        for thread in self._threads:
            thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads)

    def _read(self, number: int, source: Source, folder: Path | None) -> None:
        self._done.append((number, source, read(source, folder)))

    def _drain(self) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        if not self._threads:
            self._timer.stop()
        while self._done:
            number, source, found = self._done.popleft()
            if number != self._number:
                continue
            self._wanted = None
            if isinstance(found, str):
                self.failed.emit(source, found)
                continue
            self._keep(source, found)
            self.loaded.emit(source, found)

    def _keep(self, source: Source, dataset: Dataset) -> None:
        self._kept.pop(source, None)
        self._kept[source] = dataset
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]


def read(source: Source, folder: Path | None) -> Dataset | str:
    """A source's data, or the sentence that says why there are none."""
    try:
        return source.load(folder)
    except LayerloomError as error:
        return str(error)
    except MemoryError:
        return tr("These data do not fit into this computer's memory. Use fewer samples.")
    except OSError as error:
        name = error.filename or source.title
        return tr("'{name}' could not be read: {why}.", name=name, why=error.strerror or str(error))
    except Exception as error:
        # A plug-in's source may fail in any way; the window must go on all the same.
        log.warning("source %s failed", source.key, exc_info=True)
        return tr("{title} failed: {why}", title=source.title, why=str(error) or type(error).__name__)
