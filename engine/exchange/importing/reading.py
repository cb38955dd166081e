"""The parent's side: starts the child, believes nothing it says, and ends it in time."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

import engine
from engine.data.files import size_text
from engine.errors import FileError
from engine.exchange.importing.wire import GOOD, Ended, receive, receive_into, send
from engine.io.section import Section
from engine.io.strict_json import parse

Array = npt.NDArray[Any]
#: The largest file, the longest list of its contents and the longest text (bytes).
FILE_LIMIT, HELD_LIMIT, TEXT_LIMIT = 2 * 2**30, 64 * 2**20, 32 * 2**20
#: The longest wait for a file: a fixed part for starting, and more for each byte (s, bytes per s).
PATIENCE, SPEED = 60.0, 10e6
#: How often the clock and the wish to give up are looked at (s).
GLANCE = 0.05
MOST_ARRAYS = 20_000
_TYPES = {"<f2", "<f4", "<f8", ">f2", ">f4", ">f8"}


class GivenUp(FileError):  # noqa: N818 (says what happened)
    """The user did not want to wait any longer."""


@dataclass(frozen=True)
class Stored:
    """An array of the file that was not read yet.

    Attributes:
        shape: its shape.
        dtype: its element type in the machine's byte order, or ``None`` when it holds no real numbers.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any] | None


@dataclass(frozen=True)
class Held:
    """What a file holds.

    Attributes:
        arrays: by path.
        texts: JSON texts by name.
        named: single names by group and attribute.
        lists: lists of names by group and attribute.
        fetch: reads arrays by path.
    """

    arrays: Mapping[str, Stored]
    texts: Mapping[str, bytes]
    named: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, Mapping[str, Sequence[str]]]
    fetch: Callable[[Sequence[str]], dict[str, Array]]


@contextmanager
def reading(path: Path, given_up: Callable[[], bool] = lambda: False, patience: float = PATIENCE) -> Iterator[Held]:
    """Open a file in a child process; arrays can be fetched once, until the block ends.

    Args:
        path: the file.
        given_up: asked many times a second; when it says yes, the child is ended.
        patience: the longest wait (s), beside what the file's size allows.

    Raises:
        GivenUp: as ``given_up`` wished.
        FileError: the file is damaged, hostile, too large or not a model; or its reader crashed or took too long.
    """
    seconds = patience + _size(path) / SPEED
    process = subprocess.Popen(_command(path, seconds), env=_surroundings(), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
    watch = _Watch(process, given_up, seconds)
    assert process.stdin is not None and process.stdout is not None
    try:
        yield held(process.stdin, process.stdout)
    except (Ended, OSError):
        raise watch.verdict(path.name) from None
    finally:
        watch.end()


def _size(path: Path) -> int:
    try:
        return min(path.stat().st_size, FILE_LIMIT)
    except (OSError, ValueError):
        return 0  # the child says what is wrong with it


def _command(path: Path, seconds: float) -> list[str]:
    module = "engine.exchange.importing.child"
    return [sys.executable, "-P", "-m", module, str(path.absolute()), str(FILE_LIMIT), str(int(seconds) + 1)]


def _surroundings() -> dict[str, str]:
    """The child's environment: no filter plug-ins, one thread, and this very engine."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HDF5_", "PYTHON"))}
    root = str(Path(engine.__file__).resolve().parent.parent)
    limits = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    plugins = {"HDF5_PLUGIN_PRELOAD": "::", "HDF5_USE_FILE_LOCKING": "FALSE"}
    return kept | limits | plugins | {"PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"}


class _Watch:
    """Ends a child that takes too long or is not wanted any more."""

    def __init__(self, process: subprocess.Popen[bytes], given_up: Callable[[], bool], seconds: float) -> None:
        self._process = process
        self._given_up = given_up
        self._until = time.monotonic() + seconds
        self._over = threading.Event()
        self._why = ""
        self._thread = threading.Thread(target=self._work, name="import-watch", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while not self._over.wait(GLANCE):
            if self._given_up():
                self._why = "given up"
            elif time.monotonic() > self._until:
                self._why = "too long"
            if self._why:
                self._process.kill()
                return

    def verdict(self, name: str) -> FileError:
        """Why the child fell silent."""
        if self._why == "given up":
            return GivenUp(f"Reading '{name}' was given up.")
        if self._why == "too long":
            return FileError(f"'{name}' took too long to read, so it was given up: it is damaged or made to do harm.")
        return FileError(
            f"'{name}' could not be read: it is damaged, and its reader crashed on it. Nothing was changed."
        )

    def end(self) -> None:
        """End the child, whatever it does, and wait for it."""
        self._over.set()
        self._thread.join()
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                _close(stream)
        self._process.wait()


def _close(stream: IO[bytes]) -> None:
    with contextlib.suppress(OSError):  # the child is gone, and what waited to be sent with it
        stream.close()


def held(requests: Any, answers: Any) -> Held:
    """What a child says that a file holds.

    Args:
        requests: takes the list of arrays that are wanted.
        answers: gives what the child says.

    Raises:
        FileError: the child refuses the file.
        Ended: it says what no child says.
    """
    top = Section(parse(receive(answers, HELD_LIMIT), "the list of contents", HELD_LIMIT), "The file's contents")
    arrays = {key: _stored(value) for key, value in top.object("arrays").items()}
    if len(arrays) > MOST_ARRAYS:
        raise Ended
    named = {key: _words(value) for key, value in top.object("named").items()}
    lists = {key: _lists(value) for key, value in top.object("lists").items()}
    texts = {str(name): receive(answers, TEXT_LIMIT) for name in top.items("texts", 8)}

    def fetch(paths: Sequence[str]) -> dict[str, Array]:
        send(requests, GOOD, json.dumps(list(paths)).encode())
        return {path: _array(answers, arrays[path]) for path in paths}

    return Held(arrays, texts, named, lists, fetch)


def _stored(value: Any) -> Stored:
    if not isinstance(value, list) or not value or not all(type(n) is int and n >= 0 for n in value[1:]):
        raise Ended
    kind = value[0]
    return Stored(tuple(value[1:]), np.dtype(kind).newbyteorder("=") if kind in _TYPES else None)


def _words(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise Ended
    return value


def _lists(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, dict):
        raise Ended
    for items in value.values():
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise Ended
    return value


def _array(answers: Any, stored: Stored) -> Array:
    assert stored.dtype is not None
    size = prod(stored.shape) * stored.dtype.itemsize
    if size > FILE_LIMIT:
        raise FileError(f"One of the file's arrays holds {size_text(size)}; at most {size_text(FILE_LIMIT)} are read.")
    values = np.empty(stored.shape, stored.dtype)
    receive_into(answers, values.reshape(-1).view(np.uint8).data if values.size else memoryview(b""))
    return values
