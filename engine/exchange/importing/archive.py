"""The zip archive of a ``.keras`` file: three named members are read, nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from engine.data.files import size_text
from engine.errors import FileError

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
#: The most bytes of each member that is read.
SIZES = {CONFIG: 32 * 2**20, METADATA: 2**20, WEIGHTS: 2 * 2**30}
MOST_MEMBERS = 64
#: How far a member may unpack.
RATIO = 100
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, KeyError,
    NotImplementedError, OverflowError, MemoryError, AttributeError, IndexError,
)  # fmt: skip


def members(data: bytes) -> dict[str, bytes]:
    """The known members of an archive by name.

    Raises:
        FileError: it is damaged, or holds what no Keras model holds.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            chosen = _chosen(archive.infolist())
            return {name: _read(archive, info) for name, info in chosen.items()}
    except _BROKEN as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"The file is damaged: its archive cannot be read ({str(error)[:120]}).") from None


def _chosen(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > MOST_MEMBERS:
        raise FileError(f"The archive holds {len(infos):,} members; a Keras model has at most {MOST_MEMBERS}.")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.filename
        if name in found:
            raise FileError(f"'{name[:80]}' stands twice in the archive, so it is not clear which one counts.")
        if name not in SIZES and not name.startswith("assets/"):
            raise FileError(
                f"The archive holds '{name[:80]}', which does not belong to a Keras model. Choose a file that was "
                "written by model.save('NAME.keras')."
            )
        found[name] = info
    for name in (CONFIG, WEIGHTS):
        if name not in found:
            raise FileError(f"The archive is not a Keras model: it lacks '{name}'. Save it again with model.save().")
    return {name: info for name, info in found.items() if name in SIZES}


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    name, limit = info.filename, SIZES[info.filename]
    if info.flag_bits & 1:
        raise FileError(f"'{name}' in the archive is encrypted. Save the model without a password.")
    if info.compress_type not in _METHODS:
        raise FileError(f"'{name}' in the archive is packed in a way that is not read here. Save the model again.")
    if info.file_size > limit:
        raise FileError(f"'{name}' holds {size_text(info.file_size)}; at most {size_text(limit)} are read.")
    if info.file_size > RATIO * info.compress_size + 2**16:
        raise FileError(
            f"'{name}' announces {size_text(info.file_size)} in {size_text(info.compress_size)}, which no model does."
        )
    with archive.open(info) as member:
        data = member.read(info.file_size + 1)
    if len(data) != info.file_size:
        raise FileError(f"The file is damaged: '{name}' has another length than the archive says.")
    return data
