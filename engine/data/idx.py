"""IDX, the format of MNIST and its relatives, plain or gzipped.

A file is the bytes 0, 0, element type, number of axes; then one big-endian 32-bit size per
axis; then the elements, big-endian. Nothing else may follow.
"""

from __future__ import annotations

import gzip
import os
import struct
import zlib
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from engine.data.files import DATA_LIMIT, open_regular, reason, size_text
from engine.errors import FileError

TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_AXES = 8
#: Deflate cannot pack more than this many bytes into one.
DEFLATE_RATIO = 1032
_BROKEN = (OSError, EOFError, zlib.error, struct.error)


@dataclass(frozen=True)
class IdxHeader:
    """What an IDX file says of itself: element type and sizes of the axes."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def header_size(self) -> int:
        """Bytes before the first element."""
        return 4 + 4 * len(self.shape)

    @property
    def size(self) -> int:
        """Bytes of the whole file, in unbounded integers: four sizes can multiply to 3e38."""
        return self.header_size + prod(self.shape) * self.dtype.itemsize


def read_idx_header(path: Path) -> IdxHeader:
    """Element type and sizes, without reading the elements.

    Raises:
        FileError: the file is missing or not IDX.
    """
    with open_regular(path, DATA_LIMIT) as raw:
        try:
            return _header(_unpacked(raw), path)
        except _BROKEN as error:
            raise _damaged(path, error) from None


def read_idx(path: Path, limit: int = DATA_LIMIT) -> npt.NDArray[Any]:
    """The array in an IDX file, in the machine's own byte order.

    Args:
        path: the file; gzip is recognized by its first bytes, not by its name.
        limit: the most bytes the elements may take.

    Raises:
        FileError: the file is missing, truncated, too long, too large or not IDX.
    """
    with open_regular(path, limit) as raw:
        packed = os.fstat(raw.fileno()).st_size
        try:
            file = _unpacked(raw)
            header = _header(file, path)
            _check_size(header, path, packed, isinstance(file, gzip.GzipFile), limit)
            # One byte more than announced: finds what follows, and makes gzip check its sum.
            body = file.read(header.size - header.header_size + 1)
        except _BROKEN as error:
            raise _damaged(path, error) from None
    expected = header.size - header.header_size
    if len(body) != expected:
        found = "more" if len(body) > expected else f"only {size_text(len(body))}"
        raise FileError(
            f"'{path.name}' is damaged: its header announces {size_text(expected)} of values "
            f"({_sizes(header)}), but it holds {found}. Fetch the file again."
        )
    values = np.frombuffer(body, header.dtype).reshape(header.shape)
    return values.astype(header.dtype.newbyteorder("="))


def _unpacked(raw: BinaryIO) -> BinaryIO | gzip.GzipFile:
    start = raw.read(2)
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw, mode="rb") if start == b"\x1f\x8b" else raw


def _header(file: BinaryIO | gzip.GzipFile, path: Path) -> IdxHeader:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES or not 1 <= magic[3] <= MOST_AXES:
        raise FileError(f"'{path.name}' is not an IDX file: it does not begin as one. Choose another file.")
    axes = magic[3]
    sizes = file.read(4 * axes)
    if len(sizes) < 4 * axes:
        raise FileError(f"'{path.name}' is damaged: it ends inside its header. Fetch the file again.")
    return IdxHeader(np.dtype(TYPES[magic[2]]), struct.unpack(f">{axes}I", sizes))


def _check_size(header: IdxHeader, path: Path, packed: int, zipped: bool, limit: int) -> None:
    if 0 in header.shape:
        raise FileError(f"'{path.name}' holds no values: its header says {_sizes(header)}.")
    if header.size > limit:
        raise FileError(
            f"'{path.name}' announces {size_text(header.size)} of values ({_sizes(header)}); "
            f"at most {size_text(limit)} are read."
        )
    possible = packed * DEFLATE_RATIO if zipped else packed
    if header.size > possible:
        raise FileError(
            f"'{path.name}' is damaged: its header announces {size_text(header.size)} ({_sizes(header)}), "
            f"but it holds only {size_text(packed)}. Fetch the file again."
        )


def _sizes(header: IdxHeader) -> str:
    return " × ".join(f"{n:,}" for n in header.shape)


def _damaged(path: Path, error: Exception) -> FileError:
    return FileError(f"'{path.name}' is damaged ({reason(error)}). Fetch the file again.")
