"""NumPy's files: right ones are read exactly, wrong ones get a sentence, pickles are never touched."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.lib import format as npy

from engine.data.npz import read_npy, read_npz, read_npz_headers
from engine.errors import FileError
from tests.engine.data.damage import cuts, mutants

X = np.linspace(0, 1, 60, dtype=np.float32).reshape(5, 4, 3)
Y = np.arange(5, dtype=np.int64)


def npz(packed: bool = False, **arrays: Any) -> bytes:
    """The bytes that numpy.savez writes."""
    file = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(file, **arrays)
    return file.getvalue()


def npy_header(shape: tuple[int, ...], descr: str = "<f4") -> bytes:
    """A header that promises whatever one likes."""
    file = io.BytesIO()
    npy.write_array_header_1_0(file, {"descr": descr, "fortran_order": False, "shape": shape})
    return file.getvalue()


@pytest.mark.parametrize("packed", [False, True])
def test_arrays_come_back(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "a.npz"
    given = {"x": X, "y": Y, "f": np.asfortranarray(X), "b": Y > 2, "big": X.astype(">f8"), "half": X.astype("f2")}
    given["scalar"] = np.float32(3)
    path.write_bytes(npz(packed, **given))
    found = read_npz(path)
    assert list(found) == list(given)
    for name, values in given.items():
        np.testing.assert_array_equal(found[name], values)
        assert found[name].shape == np.shape(values)
        assert found[name].dtype.isnative
    assert {name: head.shape for name, head in read_npz_headers(path).items()} == {
        k: np.shape(v) for k, v in given.items()
    }


def test_only_the_named_arrays_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(npz(x=X, y=Y))
    assert list(read_npz(path, ["y"])) == ["y"]
    with pytest.raises(FileError, match="holds no array 'z'; it holds x, y"):
        read_npz(path, ["z"])


def test_npy_files_are_read(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", X)
    np.testing.assert_array_equal(read_npy(tmp_path / "a.npy"), X)


class Harm:
    """Runs a command when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


def test_pickles_never_run(tmp_path: Path) -> None:
    harm = np.array([Harm(tmp_path / "harm")], dtype=object)
    np.save(tmp_path / "a.npy", harm)
    (tmp_path / "a.npz").write_bytes(npz(x=harm))
    for read in (lambda: read_npy(tmp_path / "a.npy"), lambda: read_npz(tmp_path / "a.npz")):
        with pytest.raises(FileError, match="Python objects, which are never loaded"):
            read()
    with pytest.raises(FileError, match="Python objects"):
        read_npz_headers(tmp_path / "a.npz")
    assert not (tmp_path / "harm").exists()


def assert_refused(path: Path, parts: list[bytes]) -> None:
    """Each of these files gets a FileError."""
    for part in parts:
        path.write_bytes(part)
        with pytest.raises(FileError):
            read_npz(path) if path.suffix == ".npz" else read_npy(path)


def test_files_cut_anywhere_are_refused(tmp_path: Path) -> None:
    data = npz(True, x=X, y=Y)
    assert_refused(tmp_path / "c.npz", list(cuts(data, (30, len(data) - 22))))
    file = io.BytesIO()
    np.save(file, X)
    assert_refused(tmp_path / "c.npy", list(cuts(file.getvalue(), (64, 128))))


def assert_mutants_are_refused(path: Path, data: bytes, count: int, seed: int, most: int | None) -> None:
    """Changed bytes give a FileError or an array no larger than the file can hold."""
    refused = 0
    for mutant in mutants(data, count, seed, most):
        path.write_bytes(mutant)
        try:
            found = read_npz(path) if path.suffix == ".npz" else {"": read_npy(path)}
            assert sum(values.nbytes for values in found.values()) < 100_000
        except FileError:
            refused += 1
    assert refused > count // 10


@pytest.mark.parametrize("packed", [False, True])
def test_changed_bytes_never_break_the_reader(tmp_path: Path, packed: bool) -> None:
    assert_mutants_are_refused(tmp_path / "m.npz", npz(packed, x=X, y=Y), 300, 3, None)
    file = io.BytesIO()
    np.save(file, X)
    assert_mutants_are_refused(tmp_path / "m.npy", file.getvalue(), 300, 4, 128)


@pytest.mark.long
@pytest.mark.parametrize("packed", [False, True])
def test_changed_bytes_never_break_the_reader_long(tmp_path: Path, packed: bool) -> None:
    assert_mutants_are_refused(tmp_path / "m.npz", npz(packed, x=X, y=Y), 15_000, 5, None)
    file = io.BytesIO()
    np.save(file, X)
    assert_mutants_are_refused(tmp_path / "m.npy", file.getvalue(), 15_000, 6, 128)


@pytest.mark.parametrize("shape", [(2**40,), (2**62, 4), (2**33,), (-1,), (2,) * 9, (10**30,)])
def test_headers_that_announce_too_much_allocate_nothing(tmp_path: Path, shape: tuple[int, ...]) -> None:
    with zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
        archive.writestr("x.npy", npy_header(shape) + b"1234")
    (tmp_path / "b.npy").write_bytes(npy_header(shape) + b"1234")
    tracemalloc.start()
    for read in (lambda: read_npz(tmp_path / "b.npz"), lambda: read_npy(tmp_path / "b.npy")):
        with pytest.raises(FileError, match=r"damaged|impossible sizes"):
            read()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e6


def test_zip_bombs_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "z.npz"
    path.write_bytes(npz(True, x=np.zeros(3_000_000, np.uint8)))
    assert path.stat().st_size < 10_000
    with pytest.raises(FileError, match="unpacks to 3 MB; at most 1 MB are read"):
        read_npz(path, limit=1_000_000)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_unusual_archives_get_sentences(tmp_path: Path) -> None:
    path = tmp_path / "u.npz"
    array = io.BytesIO()
    np.save(array, X)

    def packed(names: list[str], method: int = zipfile.ZIP_STORED) -> None:
        with zipfile.ZipFile(path, "w", method) as archive:
            for name in names:
                archive.writestr(name, array.getvalue())

    packed(["x.npy", "x.npy"])
    with pytest.raises(FileError, match="two arrays called 'x'"):
        read_npz(path)
    packed(["x.npy"], zipfile.ZIP_BZIP2)
    with pytest.raises(FileError, match="packed in a way NumPy does not use"):
        read_npz(path)
    packed([f"{n}.npy" for n in range(300)])
    with pytest.raises(FileError, match="300 entries; at most 256"):
        read_npz(path)
    packed(["x.npy", "notes.txt", "../../evil.npy"])
    assert list(read_npz(path, ["x"])) == ["x"]
    data = bytearray(path.read_bytes())
    packed(["x.npy"])
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(FileError, match="is encrypted"):
        read_npz(path)


@pytest.mark.parametrize("values", [np.array(["a", "b"]), np.zeros(3, "V8"), np.zeros(3, "c8"), np.zeros(3, "M8[s]")])
def test_elements_that_are_no_numbers_are_refused(tmp_path: Path, values: np.ndarray) -> None:
    (tmp_path / "t.npz").write_bytes(npz(x=values))
    with pytest.raises(FileError, match="only whole, real and Boolean numbers"):
        read_npz(tmp_path / "t.npz")
