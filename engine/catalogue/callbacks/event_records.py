"""The records of TensorBoard's event files.

A record is the length of its content (8 bytes), a checksum of those, the content, and a checksum of it. The
content is an ``Event`` in protobuf: wall_time (1, double), step (2, int64), file_version (3, text) or summary (5),
whose values (1) have a tag (1, text) and a simple_value (2, float). Checksums are CRC-32C, turned by 15 bits and
moved by a constant. Source: the record format of TensorFlow (``record_writer.h``, ``event.proto``, ``summary.proto``).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from math import isnan

_POLYNOMIAL = 0x82F63B78  # Castagnoli's, reversed
_MASK = 0xA282EAD8


def _row(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
    return byte


_TABLE = tuple(_row(byte) for byte in range(256))


def crc32c(content: bytes) -> int:
    """The CRC-32C of some bytes."""
    state = 0xFFFFFFFF
    for byte in content:
        state = (state >> 8) ^ _TABLE[(state ^ byte) & 0xFF]
    return state ^ 0xFFFFFFFF


def masked(checksum: int) -> int:
    """A checksum as it stands in a file."""
    return ((checksum >> 15 | checksum << 17) + _MASK) & 0xFFFFFFFF


def record(content: bytes) -> bytes:
    """One record."""
    length = struct.pack("<Q", len(content))
    sums = [struct.pack("<I", masked(crc32c(part))) for part in (length, content)]
    return length + sums[0] + content + sums[1]


def opening(wall_time: float) -> bytes:
    """The record that a file begins with."""
    return record(struct.pack("<Bd", 0x09, wall_time) + _sized(3, b"brain.Event:2"))


def scalars(wall_time: float, step: int, figures: Mapping[str, float]) -> bytes:
    """A record of figures by tag."""
    values = b"".join(
        _sized(1, _sized(1, tag.encode()) + struct.pack("<Bf", 0x15, _single(value))) for tag, value in figures.items()
    )
    return record(struct.pack("<Bd", 0x09, wall_time) + b"\x10" + _varint(step) + _sized(5, values))


def _single(value: float) -> float:
    """A number that fits into four bytes."""
    limit = 3.4028234e38
    return value if isnan(value) else max(-limit, min(limit, value))


def _sized(field: int, content: bytes) -> bytes:
    """A field whose content has a length."""
    return bytes([field << 3 | 2]) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])
