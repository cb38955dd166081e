"""A process that reads many changed files one after another and prints how each ended."""

from __future__ import annotations

import json
import random
import signal
import sys
from io import BytesIO

from engine.errors import FileError
from engine.exchange.importing.child import hand_over
from engine.exchange.importing.wire import GOOD, receive, send
from tests.engine.exchange.importing.odd_files import GOLDEN

#: A file that takes longer than this ends the process (s).
LONGEST = 8


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, most of them where HDF5 keeps its structure."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        place = chance.randrange(min(len(made), chance.choice((100, 2000, 10**9))))
        bit = made[place] ^ (1 << chance.randrange(8))
        made[place] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256), bit))
    if chance.random() < 0.1:
        del made[chance.randrange(len(made)) :]
    return bytes(made)


def read(data: bytes) -> str:
    """Read a file as the child does: first what it holds, then all arrays."""
    first = BytesIO()
    hand_over(data, "odd.h5", BytesIO(), first)
    first.seek(0)
    try:
        held = json.loads(receive(first, 2**30))
    except FileError:
        return "sentence"
    wanted, answers = BytesIO(), BytesIO()
    send(wanted, GOOD, json.dumps(list(held["arrays"])).encode())
    wanted.seek(0)
    hand_over(data, "odd.h5", wanted, answers)
    return "contents"


def main(seed: str, first: int, last: int) -> None:
    """Read the files of these numbers."""
    seeds = [(GOLDEN / name).read_bytes() for name in ("dense.h5", "keras_2_15.h5", "keras_1_2.h5", "pictures.h5")]
    for number in range(first, last):
        chance = random.Random(f"{seed} {number}")
        data = mutated(chance.choice(seeds), chance)
        signal.alarm(LONGEST)  # its default action ends the process, also in the middle of a library
        print(read(data), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
