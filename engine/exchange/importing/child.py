"""The child process: reads one file that may be hostile, and hands over texts and plain arrays.

Started as ``python -m engine.exchange.importing.child FILE LIMIT SECONDS``; it speaks over its standard input
and output as :mod:`engine.exchange.importing.wire` says. A file that makes its libraries crash ends this
process and nothing else.
"""

from __future__ import annotations

import codecs
import json
import sys
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.data.files import read_regular
from engine.errors import FileError
from engine.exchange.importing import archive
from engine.exchange.importing.attributes import Names
from engine.exchange.importing.confinement import close_doors, confine
from engine.exchange.importing.wire import BAD, GOOD, Ended, receive, send
from engine.io.hdf5 import Contents, Limits, opened

ZIP, HDF5 = b"PK\x03\x04", b"\x89HDF\r\n\x1a\n"
LIMITS = Limits(total=4 * 2**30, array=2 * 2**30, objects=20_000)
#: What zip archives name their members in; looked up now, because no file can be opened later.
CODECS = tuple(codecs.lookup(name) for name in ("cp437", "utf-8", "ascii"))
#: The most bytes of the list of wanted arrays.
WANTED = 64 * 2**20


def serve(path: Path, limit: int, seconds: int, source: BinaryIO, target: BinaryIO) -> None:
    """Read a file, tell what it holds, and send the arrays that are asked for."""
    try:
        size = path.stat().st_size if path.is_file() else 0
        confine(seconds, min(size, limit))
        data = read_regular(path, limit)
        close_doors()
    except FileError as error:
        send(target, BAD, str(error).encode("utf-8", "replace"))
    else:
        hand_over(data, path.name, source, target)


def hand_over(data: bytes, name: str, source: BinaryIO, target: BinaryIO) -> None:
    """Tell what the bytes of a file hold, and send the arrays that are asked for."""
    try:
        texts, image = _texts_and_image(data, name)
        names = Names()
        with opened(image, LIMITS, names.look) as contents:
            _tell(contents, names, texts, target)
            _answer(contents, source, target)
    except FileError as error:
        send(target, BAD, str(error).encode("utf-8", "replace"))
    except MemoryError:
        send(target, BAD, b"The file needs more memory than a model of its size may take.")


def _texts_and_image(data: bytes, name: str) -> tuple[dict[str, bytes], bytes]:
    if data.startswith(HDF5):
        return {}, data
    if not data.startswith(ZIP):
        raise FileError(f"'{name}' is neither a .keras archive nor an HDF5 file. Choose a model that Keras saved.")
    found = archive.members(data)
    image = found.pop(archive.WEIGHTS)
    if not image.startswith(HDF5):
        raise FileError(f"The file is damaged: '{archive.WEIGHTS}' in it is not HDF5.")
    return found, image


def _tell(contents: Contents, names: Names, texts: dict[str, bytes], target: BinaryIO) -> None:
    arrays = {path: [stored.dtype.str, *stored.shape] for path, stored in contents.arrays.items()}
    root = names.texts.setdefault("", {})
    for name in ("model_config", "training_config"):
        if name in root:
            texts[name] = root.pop(name).encode()
    held = {"arrays": arrays, "texts": list(texts), "named": names.texts, "lists": names.lists}
    send(target, GOOD, json.dumps(held).encode())
    for text in texts.values():
        send(target, GOOD, text)


def _answer(contents: Contents, source: BinaryIO, target: BinaryIO) -> None:
    try:
        wanted = json.loads(receive(source, WANTED))
    except Ended:
        return  # nothing is wanted any more
    for path in wanted:
        values = contents.arrays[path].read()
        send(target, GOOD, values.reshape(-1).view(np.uint8).data if values.size else b"")


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.stdin.buffer, sys.stdout.buffer)
