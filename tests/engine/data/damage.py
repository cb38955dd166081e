"""Ways in which the bytes of a file can be wrong."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np


def cuts(data: bytes, around: tuple[int, ...]) -> Iterator[bytes]:
    """The data ended at every early offset, around given ones, and at some later ones."""
    places = set(range(min(40, len(data))))
    for place in around:
        places |= {place - 1, place, place + 1}
    places |= {len(data) * n // 17 for n in range(17)} | {len(data) - 1, len(data) - 2, len(data) - 8}
    for place in sorted(p for p in places if 0 <= p < len(data)):
        yield data[:place]


def mutants(data: bytes, count: int, seed: int, most: int | None = None) -> Iterator[bytes]:
    """The data with one to four bytes changed, mostly in front, where headers are."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        changed = bytearray(data)
        for _ in range(random.integers(1, 5)):
            span = min(len(data), most or len(data)) if random.random() < 0.7 else len(data)
            changed[random.integers(span)] = random.choice([0, 1, 0x7F, 0x80, 0xFF, int(random.integers(256))])
        yield bytes(changed)
