"""Models changed at random: a sentence or a model, and whoever asked lives on."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FileError
from engine.exchange.importing.importer import import_model, imported
from engine.exchange.importing.reading import Held, reading
from engine.io import load_project, save_project
from tests.engine.exchange.importing.fuzz_reader import mutated
from tests.engine.exchange.importing.odd_files import GOLDEN, archive, members

ROOT = Path(__file__).resolve().parents[4]
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 7, 10**6, 10**18, -0.5, 0.3, 1e30, "", "x", "relu", "Lambda", "Dense", "function",
    "channels_first", "valid", "__keras_tensor__", "\u202ename\n", "<b>bold</b>", "a" * 5000, [], {}, [[]], [None],
    [1, 2], ["in", 0, 0], [["in", 0, 0]], [[["in", 0, 0]]], {"class_name": "Dense", "config": {}}, {"a": {}},
    {"class_name": "Zeros"}, [3, 3], [[1, 1], [2, 2]], [-1, None], {"value": "x"}, {"config": [1]},
)  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container and key below a value."""
    if isinstance(value, (dict, list)):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


def bent(value: Any, chance: random.Random) -> Any:
    """A copy with one to three things replaced, removed, doubled or exchanged."""
    made = copy.deepcopy(value)
    for _ in range(chance.randint(1, 3)):
        every = list(places(made))
        if not every:
            return made
        (holder, key), (other, second) = chance.choice(every), chance.choice(every)
        match chance.randrange(5):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.insert(key, copy.deepcopy(holder[key]))
            case 2:
                holder[key] = copy.deepcopy(other[second])
            case 3 if isinstance(holder, dict):
                holder[f"{key}x"] = holder.pop(key)
            case _:
                holder[key] = copy.deepcopy(chance.choice(ODD))
    return made


def contents(name: str) -> Held:
    """A golden file's contents with its arrays at hand."""
    with reading(GOLDEN / name) as held:
        arrays = held.fetch([path for path, stored in held.arrays.items() if stored.dtype is not None])
    return replace(held, fetch=lambda paths: {path: arrays[path] for path in paths})


def bend_structures(count: int, seed: int, tmp_path: Path) -> Counter[str]:
    chance, seen = random.Random(seed), Counter[str]()
    files = [(contents(path.name), path.name) for path in sorted(GOLDEN.glob("*")) if path.suffix in (".keras", ".h5")]
    for number in range(count):
        held, name = chance.choice(files)
        key = "config.json" if "config.json" in held.texts else "model_config"
        texts = {k: json.dumps(bent(json.loads(v), chance)).encode() if k == key else v for k, v in held.texts.items()}
        if "training_config" in texts:
            texts["training_config"] = json.dumps(bent(json.loads(texts["training_config"]), chance)).encode()
        try:
            found = imported(replace(held, texts=texts), name)
        except FileError as error:
            seen["sentence"] += 1
            assert str(error).endswith((".", ")"))
            continue
        seen["model"] += 1
        if number % 10 == 0:  # what was taken in can be saved, and opens again as it was
            folder = tmp_path / f"{seed}-{number}.loom"
            save_project(folder, found.project, found.state)
            opened = load_project(folder)
            assert opened.project.graph.edges == found.project.graph.edges
            assert (opened.state is None) == (found.state is None), [p.text for p in opened.problems]
    return seen


def bend_bytes(count: int, seed: int, tmp_path: Path) -> Counter[str]:
    chance = random.Random(seed)
    legacy, inner = (GOLDEN / "dense.h5").read_bytes(), members()

    def one(number: int) -> str:
        own = random.Random(f"{seed} {number}")
        if number % 2:
            path = tmp_path / f"{number}.h5"
            path.write_bytes(mutated(legacy, own))
        else:
            path = tmp_path / f"{number}.keras"
            archive(path, inner | {"model.weights.h5": mutated(inner["model.weights.h5"], own)})
        try:
            import_model(path)
        except FileError as error:
            told = str(error)
            return "crashed" if "crashed" in told else "too long" if "too long to read" in told else "sentence"
        finally:
            path.unlink()
        return "model"

    with ThreadPoolExecutor(2) as pool:
        return Counter(pool.map(one, range(chance.randrange(10**6), 10**9)[:count]))


def bend_for_reader(count: int, seed: int) -> Counter[str]:
    """Many changed files through the reader's own process, which is started again when it dies."""
    seen, done = Counter[str](), 0
    while done < count:
        command = [
            sys.executable,
            "-m",
            "tests.engine.exchange.importing.fuzz_reader",
            str(seed),
            str(done),
            str(count),
        ]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        lines = ran.stdout.splitlines()
        seen.update(lines)
        done += len(lines)
        assert ran.returncode <= 0, ran.stderr  # a signal may end it; an error of our own may not
        if done < count:
            seen[f"signal {-ran.returncode}"] += 1
            done += 1
    return seen


def test_bent_structures_are_told_or_taken(tmp_path: Path) -> None:
    seen = bend_structures(600, 1, tmp_path)
    print(seen)
    assert seen["sentence"] > 50
    assert seen["model"] > 50


def test_bent_bytes_are_told_or_taken(tmp_path: Path) -> None:
    seen = bend_bytes(24, 1, tmp_path)
    print(seen)
    assert seen["sentence"] > 2
    assert seen["model"] > 2


def test_bent_bytes_do_not_surprise_the_reader() -> None:
    seen = bend_for_reader(500, 1)
    print(seen)
    assert seen["sentence"] > 100
    assert seen["contents"] > 100


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 8))
def test_bent_structures_are_told_or_taken_long(tmp_path: Path, seed: int) -> None:
    seen = bend_structures(20_000, seed, tmp_path)
    print(seen)
    assert seen["sentence"] > 1500
    assert seen["model"] > 1500


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 8))
def test_bent_bytes_are_told_or_taken_long(tmp_path: Path, seed: int) -> None:
    seen, read = bend_bytes(500, seed, tmp_path), bend_for_reader(20_000, seed)
    print(seen, read)
    assert seen["sentence"] > 40 and seen["model"] > 40
    assert read["sentence"] > 4000 and read["contents"] > 4000


@pytest.mark.skipif(sys.platform == "win32", reason="these limits are those of Unix")
@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("open('/etc/hostname')", "Too many open files"),
        ("socket.socket()", "Too many open files"),
        ("open(sys.argv[0], 'rb')", "Too many open files"),
        ("subprocess.run(['true'])", "Too many open files"),
        ("bytearray(2**36)", "MemoryError"),
    ],
)
def test_a_confined_reader_can_do_nothing_else(deed: str, told: str) -> None:
    code = (
        "import socket, subprocess, sys, traceback, linecache, io\n"
        "from engine.exchange.importing.confinement import close_doors, confine\n"
        "confine(60, 1000)\nclose_doors()\n"
        f"try:\n    {deed}\nexcept BaseException as error:\n    print(type(error).__name__, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told in done.stdout, done
