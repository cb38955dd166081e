"""NumPy's files, .npy and .npz, with every size checked before anything is allocated.

Object arrays are pickles, which can run code; they are refused by their header, before a
single element is read.
"""

from __future__ import annotations

import io
import os
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
from numpy.lib import format as npy

from engine.data.files import DATA_LIMIT, open_regular, reason, size_text
from engine.errors import FileError

MOST_MEMBERS = 256
MOST_AXES = 8
#: Most bytes of an array's header; numpy's own are below 200.
HEADER_LIMIT = 10_000
#: Deflate cannot pack more than this many bytes into one.
DEFLATE_RATIO = 1032
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
    version = npy.read_magic(file)
    if version not in ((1, 0), (2, 0)):
        raise FileError(f"{name} is written in version {version} of NumPy's format; 1.0 and 2.0 are read.")
    reader = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = reader(file, max_header_size=HEADER_LIMIT)
    header = ArrayHeader(dtype, tuple(int(n) for n in shape), bool(fortran), file.tell())
    if dtype.hasobject:
        raise FileError(f"{name} holds Python objects, which are never loaded. Save plain numbers instead.")
    if dtype.kind not in "fiub" or dtype.itemsize > 8:
        raise FileError(f"{name} holds elements of type {dtype}; only whole, real and Boolean numbers are read.")
    if len(shape) > MOST_AXES or any(n < 0 for n in header.shape):
        raise FileError(f"{name} has impossible sizes. Write the file again.")
    if header.size != size:
        raise FileError(
            f"{name} is damaged: {' × '.join(f'{n:,}' for n in header.shape) or 'one'} elements of type {dtype} take "
            f"{size_text(header.size - header.start)}, but {size_text(size - header.start)} are there. "
            "Write the file again."
        )
    return header


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
