"""Messages between the window's process and the child that reads a stranger's file.

A message is one byte for its kind, eight for its length, and that many bytes. The child speaks first:
what the file holds (JSON), then each text; afterwards it answers each name of an array with its bytes.
"""

from __future__ import annotations

from typing import BinaryIO, Literal

from engine.errors import FileError

#: The first byte of a message: what was asked for, or a sentence why not.
Kind = Literal[b"+", b"-"]
GOOD: Kind = b"+"
BAD: Kind = b"-"
_LENGTH = 8
#: The most characters of a sentence that are shown.
SENTENCE = 2000


class Ended(Exception):  # noqa: N818 (says what happened)
    """The other side is gone, or says what it must not say."""


def send(stream: BinaryIO, kind: Kind, data: bytes | memoryview) -> None:
    """Write one message."""
    stream.write(kind + len(data).to_bytes(_LENGTH, "big"))
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO, limit: int) -> bytes:
    """Read one message of at most ``limit`` bytes.

    Raises:
        FileError: it is a sentence.
        Ended: the other side is gone or broke the rules.
    """
    size = _head(stream, limit)
    data = bytearray(size)
    fill(stream, memoryview(data))
    return bytes(data)


def receive_into(stream: BinaryIO, target: memoryview) -> None:
    """Read one message that fills ``target`` exactly.

    Raises:
        FileError, Ended: as ``receive``.
    """
    if _head(stream, target.nbytes) != target.nbytes:
        raise Ended
    fill(stream, target)


def fill(stream: BinaryIO, target: memoryview) -> None:
    """Read until ``target`` is full.

    Raises:
        Ended: the other side is gone.
    """
    while target:
        count = stream.readinto(target)  # type: ignore[attr-defined]
        if not count:
            raise Ended
        target = target[count:]


def _head(stream: BinaryIO, limit: int) -> int:
    head = bytearray(1 + _LENGTH)
    fill(stream, memoryview(head))
    kind, size = bytes(head[:1]), int.from_bytes(head[1:], "big")
    if kind == BAD and size <= 8 * SENTENCE:
        text = bytearray(size)
        fill(stream, memoryview(text))
        shown = "".join(c for c in text.decode("utf-8", "replace") if c.isprintable())
        raise FileError(shown[:SENTENCE])
    if kind != GOOD or size > limit:
        raise Ended
    return size
