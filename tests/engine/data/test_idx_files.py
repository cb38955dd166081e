"""IDX files: right ones are read exactly, wrong ones get a sentence."""

from __future__ import annotations

import gzip
import os
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from engine.data.idx import TYPES, read_idx, read_idx_header
from engine.errors import FileError
from tests.engine.data.damage import cuts, mutants


def idx(values: np.ndarray) -> bytes:
    """An IDX file of an array."""
    code = next(code for code, kind in TYPES.items() if np.dtype(kind) == values.dtype.newbyteorder(">"))
    head = bytes([0, 0, code, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    return head + values.astype(values.dtype.newbyteorder(">")).tobytes()


IMAGES = np.arange(5 * 4 * 3, dtype=np.uint8).reshape(5, 4, 3)


@pytest.mark.parametrize("kind", ["u1", "i1", "i2", "i4", "f4", "f8"])
@pytest.mark.parametrize("packed", [False, True])
def test_every_element_type_comes_back(tmp_path: Path, kind: str, packed: bool) -> None:
    values = (np.arange(24).reshape(2, 3, 4) - (0 if kind == "u1" else 7)).astype(kind)
    path = tmp_path / "values"
    path.write_bytes(gzip.compress(idx(values)) if packed else idx(values))
    found = read_idx(path)
    assert found.dtype == np.dtype(kind)
    assert found.dtype.isnative
    np.testing.assert_array_equal(found, values)
    assert read_idx_header(path).shape == (2, 3, 4)


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, packed: bool) -> None:
    data = gzip.compress(idx(IMAGES)) if packed else idx(IMAGES)
    path = tmp_path / "cut.idx"
    tried = 0
    for part in cuts(data, (4, 8, 16, 20)):
        path.write_bytes(part)
        with pytest.raises(FileError, match=r"cut\.idx"):
            read_idx(path)
        tried += 1
    assert tried > 40


@pytest.mark.parametrize("packed", [False, True])
def test_what_follows_the_values_is_refused(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "long.idx"
    data = idx(IMAGES) + b"\0"
    path.write_bytes(gzip.compress(data) if packed else data)
    with pytest.raises(FileError, match="holds more"):
        read_idx(path)


def assert_mutants_are_refused(path: Path, data: bytes, count: int, seed: int, most: int) -> None:
    """Changed bytes give a FileError or an array of the announced size, never anything else."""
    refused = 0
    for mutant in mutants(data, count, seed, most):
        path.write_bytes(mutant)
        try:
            values = read_idx(path)
            assert values.nbytes <= 60 * 8
        except FileError:
            refused += 1
    assert refused > count // 4


@pytest.mark.parametrize("packed", [False, True])
def test_changed_bytes_never_break_the_reader(tmp_path: Path, packed: bool) -> None:
    data = gzip.compress(idx(IMAGES)) if packed else idx(IMAGES)
    assert_mutants_are_refused(tmp_path / "m.idx", data, 300, 1, 20)


@pytest.mark.long
@pytest.mark.parametrize("packed", [False, True])
def test_changed_bytes_never_break_the_reader_long(tmp_path: Path, packed: bool) -> None:
    data = gzip.compress(idx(IMAGES)) if packed else idx(IMAGES)
    assert_mutants_are_refused(tmp_path / "m.idx", data, 20_000, 2, 20)


def test_sizes_that_multiply_to_3e38_are_refused_without_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.idx"
    head = bytes([0, 0, 8, 4]) + struct.pack(">4I", *[0xFFFFFFFF] * 4)
    tracemalloc.start()
    for data in (head, gzip.compress(head)):
        path.write_bytes(data)
        with pytest.raises(FileError, match="announces more than 1,000,000 PB"):
            read_idx(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e6


def test_a_gzip_bomb_is_read_no_further_than_its_header_says(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(idx(IMAGES)[:16] + bytes(200_000_000), 1))
    tracemalloc.start()
    with pytest.raises(FileError, match="holds more"):
        read_idx(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e6


def test_a_header_that_announces_more_than_the_file_can_hold_allocates_nothing(tmp_path: Path) -> None:
    path = tmp_path / "short.idx"
    path.write_bytes(bytes([0, 0, 8, 3]) + struct.pack(">3I", 60000, 28, 28) + b"1234")
    with pytest.raises(FileError, match=r"announces 47 MB .*60,000 × 28 × 28.* holds only 20 bytes"):
        read_idx(path)


@pytest.mark.parametrize(
    "data", [b"", b"hello world, not idx", bytes([0, 0, 7, 1, 0, 0, 0, 1, 5]), bytes([0, 0, 8, 0])]
)
def test_other_files_are_told_apart(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.idx"
    path.write_bytes(data)
    with pytest.raises(FileError, match="is not an IDX file"):
        read_idx(path)


def test_a_data_set_without_samples_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.idx"
    path.write_bytes(bytes([0, 0, 8, 3]) + struct.pack(">3I", 0, 28, 28))
    with pytest.raises(FileError, match="holds no values"):
        read_idx(path)


def test_the_limit_holds(tmp_path: Path) -> None:
    path = tmp_path / "big.idx"
    path.write_bytes(gzip.compress(idx(np.zeros((100, 100), np.uint8))))
    with pytest.raises(FileError, match=r"at most 5 kB are read"):
        read_idx(path, 5000)


def test_missing_files_folders_and_pipes_get_sentences(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        read_idx(tmp_path / "nothing")
    with pytest.raises(FileError, match=r"is not a file|is a directory"):
        read_idx(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(FileError, match="is not a file"):
            read_idx(tmp_path / "pipe")
