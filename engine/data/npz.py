"""NumPy's files, .npy and .npz, with every size checked before anything is allocated.

Object arrays are pickles, which can run code; they are refused by their header, before a
single element is read.
"""

from __future__ import annotations

import ast
import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from engine.data.files import DATA_LIMIT, open_regular, reason, size_text
from engine.errors import FileError

MOST_MEMBERS = 256
MOST_AXES = 8
#: Most bytes of an array's header; numpy's own are below 200.
HEADER_LIMIT = 10_000
#: Deflate cannot pack more than this many bytes into one.
DEFLATE_RATIO = 1032
_DTYPE = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248])")
_ENCRYPTED = 0x1
# What zipfile, zlib and numpy raise on bytes that are not what they claim to be.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    SyntaxError,
    TypeError,
    LookupError,
    OverflowError,
    MemoryError,
    RecursionError,
)


@dataclass(frozen=True)
class ArrayHeader:
    """Element type, sizes, order of the axes, and where the elements begin."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran: bool
    start: int

    @property
    def size(self) -> int:
        """Bytes of header and elements together, in unbounded integers."""
        return self.start + prod(self.shape) * self.dtype.itemsize


def read_npy(path: Path, limit: int = DATA_LIMIT) -> npt.NDArray[Any]:
    """The array in a .npy file.

    Raises:
        FileError: the file is missing, damaged, too large, or holds Python objects.
    """
    with open_regular(path, limit) as file:
        try:
            return _array(file, os.fstat(file.fileno()).st_size, f"'{path.name}'")
        except _BROKEN as error:
            raise _damaged(path, error) from None


def read_npz_headers(path: Path, limit: int = DATA_LIMIT) -> dict[str, ArrayHeader]:
    """Element type and sizes of every array in an .npz file, without reading elements.

    Raises:
        FileError: as ``read_npz``.
    """
    with _opened(path, limit) as archive:
        found = {}
        for name, info in _members(archive, path, limit).items():
            with archive.open(info) as file:
                found[name] = _header(file, info.file_size, f"'{name}' in '{path.name}'")
        return found


def read_npz(path: Path, names: Iterable[str] | None = None, limit: int = DATA_LIMIT) -> dict[str, npt.NDArray[Any]]:
    """Arrays of an .npz file by name.

    Args:
        path: the file.
        names: which arrays; all when ``None``.
        limit: the most bytes they may take together, unpacked.

    Raises:
        FileError: the file is missing, damaged, too large, lacks a name, or holds Python objects.
    """
    with _opened(path, limit) as archive:
        members = _members(archive, path, limit)
        found = {}
        for name in members if names is None else names:
            if name not in members:
                raise FileError(f"'{path.name}' holds no array '{name}'; it holds {', '.join(members) or 'none'}.")
            with archive.open(members[name]) as file:
                found[name] = _array(file, members[name].file_size, f"'{name}' in '{path.name}'")
        return found


@contextmanager
def _opened(path: Path, limit: int) -> Iterator[zipfile.ZipFile]:
    with open_regular(path, limit) as raw:
        try:
            with zipfile.ZipFile(raw) as archive:
                yield archive
        except _BROKEN as error:
            if isinstance(error, FileError):
                raise
            raise _damaged(path, error) from None


def _members(archive: zipfile.ZipFile, path: Path, limit: int) -> Mapping[str, zipfile.ZipInfo]:
    """The arrays by name, after every check that needs no unpacking."""
    infos = archive.infolist()
    if len(infos) > MOST_MEMBERS:
        raise FileError(f"'{path.name}' holds {len(infos):,} entries; at most {MOST_MEMBERS} are read.")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename.removesuffix(".npy")
        if not info.filename.endswith(".npy") or not name.isprintable() or not name:
            continue  # something else was packed along with the arrays; it is never opened
        if name in found:
            raise FileError(f"'{path.name}' holds two arrays called '{name}'. Write the file again.")
        if info.flag_bits & _ENCRYPTED:
            raise FileError(f"'{name}' in '{path.name}' is encrypted. Save it without a password.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileError(f"'{name}' in '{path.name}' is packed in a way NumPy does not use. Write the file again.")
        if info.file_size > info.compress_size * DEFLATE_RATIO + HEADER_LIMIT:
            raise FileError(f"'{path.name}' is damaged: '{name}' cannot unpack to {size_text(info.file_size)}.")
        found[name] = info
    total = sum(info.file_size for info in found.values())
    if total > limit:
        raise FileError(f"'{path.name}' unpacks to {size_text(total)}; at most {size_text(limit)} are read.")
    return found


def _header(file: IO[bytes], size: int, name: str) -> ArrayHeader:
    descr, fortran, shape, start = _header_entries(file, name)
    if not _DTYPE.fullmatch(descr):
        if "O" in descr:
            raise FileError(f"{name} holds Python objects, which are never loaded. Save plain numbers instead.")
        raise FileError(f"{name} holds elements of type {descr[:60]}; only whole, real and Boolean numbers are read.")
    if len(shape) > MOST_AXES or any(type(n) is not int or n < 0 for n in shape):
        raise FileError(f"{name} has impossible sizes. Write the file again.")
    header = ArrayHeader(np.dtype(descr), shape, fortran, start)
    if header.size != size:
        raise FileError(
            f"{name} is damaged: {' × '.join(f'{n:,}' for n in shape) or 'one'} elements of type {header.dtype} take "
            f"{size_text(header.size - start)}, but {size_text(max(size - start, 0))} are there. Write the file again."
        )
    return header


def _header_entries(file: IO[bytes], name: str) -> tuple[str, bool, tuple[int, ...], int]:
    """Element type, order and sizes as the header's text says, and where the elements begin.

    NumPy's own reader mends old headers with Python's tokenizer, which damaged ones break; this
    one takes what NumPy has written since 2008 and nothing else.
    """
    start = file.read(8)
    if len(start) < 8 or start[:6] != b"\x93NUMPY" or start[6] not in (1, 2, 3):
        raise FileError(f"{name} is not one of NumPy's arrays. Choose another file.")
    width, kind = (2, "<H") if start[6] == 1 else (4, "<I")
    (length,) = struct.unpack(kind, file.read(width))
    if length > HEADER_LIMIT:
        raise FileError(f"{name} is damaged: its header is too long. Write the file again.")
    text = file.read(length)
    if len(text) < length:
        raise FileError(f"{name} is damaged: it ends inside its header. Write the file again.")
    entries = ast.literal_eval(text.decode("latin1" if start[6] < 3 else "utf-8").strip())
    if not isinstance(entries, dict) or set(entries) != {"descr", "fortran_order", "shape"}:
        raise FileError(f"{name} is damaged: its header has the wrong entries. Write the file again.")
    descr, fortran, shape = entries["descr"], entries["fortran_order"], entries["shape"]
    if not isinstance(fortran, bool) or not isinstance(shape, tuple):
        raise FileError(f"{name} is damaged: its header has unusable entries. Write the file again.")
    return descr if isinstance(descr, str) else repr(descr), fortran, shape, 8 + width + length


def _array(file: IO[bytes], size: int, name: str) -> npt.NDArray[Any]:
    header = _header(file, size, name)
    body = _exactly(file, size - header.start, name)
    values = np.frombuffer(body, header.dtype)
    values = values.reshape(header.shape[::-1]).T if header.fortran else values.reshape(header.shape)
    return np.array(values, header.dtype.newbyteorder("="), order="C")


def _exactly(file: IO[bytes], size: int, name: str) -> bytes:
    # Piece by piece, so that memory grows with what really arrives.
    body = io.BytesIO()
    while block := file.read(2**20):
        body.write(block)
        if body.tell() > size:
            break
    if body.tell() != size:
        raise FileError(f"{name} is damaged: it does not hold what its header announces. Write the file again.")
    return body.getvalue()


def _damaged(path: Path, error: Exception) -> FileError:
    if isinstance(error, FileError):
        return error
    return FileError(f"'{path.name}' is not a readable NumPy file ({reason(error)}). Write or fetch it again.")
