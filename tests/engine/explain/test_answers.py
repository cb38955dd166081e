"""Answers as a table: the file gives the same numbers back, is whole or absent, and runs no formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import DataError, FileError
from engine.explain.answers import Table, answers, write_csv
from engine.explain.batches import Progress
from engine.train.predictor import Predictor
from tests.engine.explain.nets import weights_of, wired

HOSTILE = [
    "=1+1",
    "+cmd",
    "-2",
    "@SUM(A1)",
    "\tx",
    "a,b",
    'say "no"',
    "two\nlines",
    "naïve ✓",
    "",
    "\udcff.png",
    "nul\0",
]


def setting(count: int = 40) -> tuple[Predictor, dict[str, Any]]:
    graph = wired(
        ("in", "Input", {"shape": (6,)}, ""),
        ("kind", "Dense", {"units": 3, "activation": "softmax"}, "in"),
        ("yes", "Dense", {"units": 1, "activation": "sigmoid"}, "in"),
        ("size", "Dense", {"units": 2}, "in"),
    )
    inputs = {"in": np.random.default_rng(6).standard_normal((count, 6)) * 5}
    return Predictor(graph, weights_of(graph), threads=1), inputs


def single(units: int = 3, activation: str = "softmax") -> Predictor:
    graph = wired(("in", "Input", {"shape": (6,)}, ""),
                  ("out", "Dense", {"units": units, "activation": activation}, "in"))  # fmt: skip
    return Predictor(graph, weights_of(graph), threads=1)


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def written(path: Path, *arguments: Any, **options: Any) -> list[Progress]:
    return list(write_csv(path, answers(*arguments, **options)))


def test_the_file_gives_back_the_same_numbers(tmp_path: Path) -> None:
    predictor, inputs = setting()
    expected = predictor.predict(inputs)

    told = written(tmp_path / "a.csv", predictor, inputs, {"kind": ("ant", "bee", "cat")}, batch_size=16)
    heads, *rows = read(tmp_path / "a.csv")

    assert told == [Progress(16, 40), Progress(32, 40), Progress(40, 40)]
    assert heads == [
        "row", "kind: class", "kind: class name", "kind: confidence", "kind: ant", "kind: bee", "kind: cat",
        "yes: class", "yes: confidence", "yes: value 0", "size: value 0", "size: value 1",
    ]  # fmt: skip
    assert [int(row[0]) for row in rows] == list(range(1, 41))
    table = np.array([[*row[4:7], row[9], *row[10:]] for row in rows]).astype("float32")
    np.testing.assert_array_equal(table, np.concatenate([expected[k] for k in ("kind", "yes", "size")], axis=1))
    classes = expected["kind"].argmax(axis=1)
    assert [int(row[1]) for row in rows] == classes.tolist()
    assert [row[2] for row in rows] == [("ant", "bee", "cat")[c] for c in classes]
    np.testing.assert_array_equal(np.array([row[3] for row in rows], "float32"), expected["kind"].max(axis=1))
    assert [int(row[7]) for row in rows] == (expected["yes"][:, 0] >= 0.5).astype(int).tolist()


def test_float64_keeps_all_its_digits(tmp_path: Path) -> None:
    graph = single().graph
    predictor = Predictor(graph, weights_of(graph), "float64", threads=1)
    inputs = {"in": np.random.default_rng(1).standard_normal((9, 6))}
    written(tmp_path / "a.csv", predictor, inputs)
    values = np.array([row[3:] for row in read(tmp_path / "a.csv")[1:]], float)
    np.testing.assert_array_equal(values, predictor.predict(inputs)["out"])


def test_one_output_needs_no_name_in_its_headings() -> None:
    inputs = {"in": np.zeros((1, 6))}
    first = next(answers(single(), inputs))
    assert isinstance(first, Table)
    assert first.columns == ("row", "class", "confidence", "value 0", "value 1", "value 2")
    measured = next(answers(single(3, "linear"), inputs))
    assert isinstance(measured, Table)
    assert measured.columns == ("row", "value 0", "value 1", "value 2")
    named = next(answers(single(3, "linear"), inputs, "abc"))
    assert isinstance(named, Table)
    assert named.columns == ("row", "class", "class name", "confidence", "a", "b", "c")


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    names = HOSTILE
    inputs = {"in": np.random.default_rng(2).standard_normal((len(names), 6))}
    written(tmp_path / "a.csv", single(), inputs, ("=A1", "-b", "c\nd"), names=names)
    heads, *rows = read(tmp_path / "a.csv")

    assert heads == ["row", "name", "class", "class name", "confidence", "'=A1", "'-b", "c\nd"]
    assert [row[1] for row in rows] == [
        "'=1+1", "'+cmd", "'-2", "'@SUM(A1)", "'\tx", "a,b", 'say "no"', "two\nlines", "naïve ✓", "", "\\udcff.png",
        "nul\ufffd",
    ]  # fmt: skip
    for row in rows:
        assert len(row) == 8
        assert row[3] in ("'=A1", "'-b", "c\nd")


def test_numbers_below_zero_are_numbers(tmp_path: Path) -> None:
    predictor = single(2, "linear")
    inputs = {"in": np.random.default_rng(3).standard_normal((50, 6))}
    written(tmp_path / "a.csv", predictor, inputs)
    values = [float(cell) for row in read(tmp_path / "a.csv")[1:] for cell in row[1:]]
    assert min(values) < 0


def test_a_table_that_is_stopped_leaves_what_stood_there(tmp_path: Path) -> None:
    predictor, inputs = setting()
    path = tmp_path / "a.csv"
    path.write_text("before")
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 2

    assert written(path, predictor, inputs, batch_size=10, stop=stop) == [Progress(10, 40), Progress(20, 40)]
    assert path.read_text() == "before"
    given_up = write_csv(path, answers(predictor, inputs, batch_size=10))
    next(given_up)
    given_up.close()  # type: ignore[attr-defined]
    assert path.read_text() == "before"

    def failing() -> Iterator[Progress | Table]:
        yield from list(answers(predictor, inputs, batch_size=10))[:3]
        raise MemoryError

    with pytest.raises(MemoryError):
        list(write_csv(path, failing()))
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text() == "before"
    written(path, predictor, inputs)
    assert len(read(path)) == 41
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_places_that_cannot_be_written_get_a_sentence(tmp_path: Path) -> None:
    predictor, inputs = setting()
    with pytest.raises(FileError, match=r"'a.csv' cannot be written: no such file"):
        written(tmp_path / "nowhere" / "a.csv", predictor, inputs)
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match="'folder' cannot be written"):
        written(tmp_path / "folder", predictor, inputs)
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_wrong_samples_get_a_sentence() -> None:
    predictor, inputs = setting()
    with pytest.raises(DataError, match="one name per sample: received 2 for 40"):
        next(answers(predictor, inputs, names=("a", "b")))
    with pytest.raises(DataError, match="no samples"):
        next(answers(predictor, {"in": np.zeros((0, 6))}))
    with pytest.raises(DataError, match="expects samples of 6"):
        next(answers(predictor, {"in": np.zeros((3, 5))}))
