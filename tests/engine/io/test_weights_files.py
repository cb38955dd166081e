"""HDF5 from anyone: only plain arrays of the right shapes get in."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from engine.errors import FileError
from engine.io.hdf5 import Limits, opened
from engine.io.weights import state_from_bytes, state_to_bytes
from tests.engine.data.damage import cuts, mutants
from tests.engine.io.samples import assert_same_state, small_graph, state_of

STATE = state_of(small_graph())
IMAGE = state_to_bytes(STATE)


def tampered(folder: Path, change: Callable[[Any], None]) -> bytes:
    """The good file after a change."""
    path = folder / "t.h5"
    path.write_bytes(IMAGE)
    with h5py.File(path, "r+") as file:
        change(file)
    return path.read_bytes()


def test_the_good_file_comes_back() -> None:
    assert_same_state(state_from_bytes(IMAGE), STATE)


def replaced(path: str, **how: Any) -> Callable[[Any], None]:
    """Replace an array by another data set."""

    def change(file: Any) -> None:
        del file[path]
        file.create_dataset(path, **how)

    return change


def as_text(text: str) -> Any:
    """A text as these files keep it."""
    return np.frombuffer(text.encode(), np.uint8)


def external_storage(file: Any) -> None:
    """Values that lie in another file: an ordinary name in an ordinary place."""
    secret = Path(file.filename).with_name("secret.bin")
    secret.write_bytes(b"S" * 4 * 7)
    del file["weights/dense/bias"]
    file.create_dataset("weights/dense/bias", (7,), "f4", external=[(str(secret), 0, 28)])


def external_link(file: Any) -> None:
    """A name that leads into another file."""
    other = Path(file.filename).with_name("other.h5")
    with h5py.File(other, "w") as written:
        written["bias"] = np.zeros(7, "f4")
    del file["weights/dense/bias"]
    file["weights/dense/bias"] = h5py.ExternalLink(str(other), "/bias")


def virtual(file: Any) -> None:
    """An array put together from other files."""
    other = Path(file.filename).with_name("other.h5")
    with h5py.File(other, "w") as written:
        written["bias"] = np.zeros(7, "f4")
    layout = h5py.VirtualLayout((7,), "f4")
    layout[:] = h5py.VirtualSource(str(other), "bias", (7,))
    del file["weights/dense/bias"]
    file.create_virtual_dataset("weights/dense/bias", layout)


def soft_link(file: Any) -> None:
    """A name that leads to another name."""
    del file["weights/dense/bias"]
    file["weights/dense/bias"] = h5py.SoftLink("/slots/m/dense/bias")


def second_name(file: Any) -> None:
    """Two names of one array."""
    del file["weights/dense/bias"]
    file["weights/dense/bias"] = file["slots/m/dense/bias"]


def circle(file: Any) -> None:
    """A group that contains itself."""
    file["weights/dense/up"] = file["weights"]


def named_type(file: Any) -> None:
    """Something that is neither group nor array."""
    file["weights/dense/type"] = np.dtype("f4")


def many_attributes(file: Any) -> None:
    """More attributes than anyone needs."""
    for place in range(80):
        file.attrs[f"a{place}"] = place


def wide_attribute(file: Any) -> None:
    """An attribute that is an array."""
    file.attrs["wide"] = np.zeros(1000)


def moving_text(file: Any) -> None:
    """A text of variable length."""
    file.attrs["optimizer"] = "Adam"


def reference(file: Any) -> None:
    """A pointer into the file."""
    file.create_dataset("weights/dense/ref", data=file["weights"].ref, dtype=h5py.ref_dtype)


def deep(file: Any) -> None:
    """Groups within groups."""
    file.create_group("/".join(["weights"] + ["g"] * 60))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (external_storage, "keeps its values in another file"),
        (external_link, "is a link"),
        (virtual, "keeps its values in another file"),
        (soft_link, "is a link"),
        (second_name, "second name"),
        (circle, "second name"),
        (named_type, "neither a group nor an array"),
        (many_attributes, "more than 64 attributes"),
        (wide_attribute, "unusual kind"),
        (moving_text, "unusual kind"),
        (reference, "something else than numbers"),
        (deep, "nested more than 32 deep"),
        (replaced("weights/dense/bias", data=[b"text"] * 7), "something else than numbers"),
        (replaced("weights/dense/bias", data=np.zeros(7, "c8")), "something else than numbers"),
        (replaced("weights/dense/bias", data=np.zeros(7, "i4")), "type int32 instead of float32"),
        (replaced("weights/dense/bias", data=np.zeros(7, "f2")), "type float16 instead of float32"),
        (replaced("weights/dense/bias", data=h5py.Empty("f4")), "holds nothing|announces"),
        (replaced("weights/dense/bias", shape=(2**40,), dtype="f4"), "announces 4.4 TB, but only 0 bytes"),
        (replaced("weights/dense/bias", shape=(7,), dtype="f4", chunks=(2**26,), maxshape=(None,)), "chunks of more"),
        (
            replaced("weights/dense/bias", shape=(2**40,), dtype="f4", chunks=(2**16,), compression="gzip"),
            "announces 4.4 TB",
        ),
        (replaced("weights/dense/bias", data=np.zeros(7, "f4"), chunks=(7,), compression="lzf"), "not allowed"),
        (replaced("weights/dense/bias", data=np.zeros(7, "i4"), chunks=(7,), scaleoffset=4), "not allowed"),
        (replaced("weights/dense/bias", data=np.zeros(8, "f4")), r"shape \(8,\), but its layer needs \(7,\)"),
        (replaced("weights/dense/bias", data=np.zeros((7, 1), "f4")), r"shape \(7, 1\)"),
        (replaced("slots/m/dense/bias", data=np.zeros(8, "f4")), r"shape \(8,\)"),
        (replaced("history/steps", data=np.zeros((3, 4))), "curves have an impossible shape"),
        (replaced("history/steps", data=np.zeros((12, 3))), "updates of its curves are out of order"),
        (replaced("history/steps", data=np.full((12, 3), np.nan)), "updates of its curves are out of order"),
        (replaced("history/steps", data=10.0 ** np.arange(290.0, 302.0)[:, None].repeat(3, 1)), "out of order"),
        (replaced("history/axes", data=np.zeros((11, 2))), "curves have an impossible shape"),
        (replaced("history/axes", data=np.zeros((12, 3))), "curves have an impossible shape"),
        (replaced("history/ends", data=np.zeros((2, 3))), "updates of its curves are out of order"),
        (replaced("history/ends", data=np.zeros((1, 3))), "curves have an impossible shape"),
        (replaced("history/running", data=np.zeros(3)), "curves have an impossible shape"),
        (replaced("history/metrics", data=as_text('["a", "b"]')), "curves have an impossible shape"),
        (replaced("history/metrics", data=as_text("[7]")), "names of its curves are unusable"),
        (replaced("history/running_names", data=as_text('["a", "a"]')), "names of its curves are unusable"),
        (replaced("history/epochs", data=np.zeros((9, 3))), "curves have an impossible shape"),
        (replaced("sums", data=np.zeros((3, 3))), "running sums"),
        (replaced("graph", data=np.frombuffer(b'{"nodes": []', np.uint8)), "'graph' is damaged"),
        (lambda file: file.__delitem__("weights/dense/bias"), "'bias' of 'dense' is missing"),
        (lambda file: file.__delitem__("graph"), "'graph' is missing"),
        (lambda file: file.__setitem__("weights/ghost/bias", np.zeros(7, "f4")), "belongs to no layer"),
        (lambda file: file.__setitem__("extra", np.zeros(7, "f4")), "belongs to nothing"),
        (lambda file: file.attrs.__setitem__("version", np.int64(9)), "newer Layerloom"),
        (lambda file: file.attrs.__setitem__("step", np.int64(-1)), "'step' must be a whole number"),
        (lambda file: file.attrs.__delitem__("format"), "not one of Layerloom's"),
    ],
)
def test_everything_else_is_refused(tmp_path: Path, change: Callable[[Any], None], told: str) -> None:
    image = tampered(tmp_path, change)
    tracemalloc.start()
    with pytest.raises(FileError, match=told):
        state_from_bytes(image)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6


def test_packed_arrays_are_allowed(tmp_path: Path) -> None:
    bias = STATE.weights["dense"]["bias"]
    how = {"chunks": (7,), "compression": "gzip", "shuffle": True, "fletcher32": True}
    image = tampered(tmp_path, replaced("weights/dense/bias", data=bias, **how))
    assert_same_state(state_from_bytes(image), STATE)


def test_the_total_is_limited() -> None:
    with pytest.raises(FileError, match="goes beyond 100 bytes in all"), opened(IMAGE, Limits(total=100)):
        pass
    with pytest.raises(FileError, match="more than 3 objects"), opened(IMAGE, Limits(objects=3)):
        pass


def test_files_cut_anywhere_are_refused() -> None:
    for part in cuts(IMAGE, (96, 2048)):
        with pytest.raises(FileError):
            state_from_bytes(part)


@pytest.mark.parametrize("data", [b"", b"no HDF5", bytes(5000)])
def test_other_files_are_refused(data: bytes) -> None:
    with pytest.raises(FileError, match="not readable as HDF5"):
        state_from_bytes(data)


def assert_mutants_are_refused(count: int, seed: int) -> None:
    """Changed bytes give a state or a FileError, never anything else."""
    refused = 0
    for mutant in mutants(IMAGE, count, seed):
        try:
            state_from_bytes(mutant)
        except FileError:
            refused += 1
    assert refused > count // 20


def test_changed_bytes_never_break_the_reader() -> None:
    assert_mutants_are_refused(150, 1)


@pytest.mark.long
def test_changed_bytes_never_break_the_reader_long() -> None:
    assert_mutants_are_refused(5000, 2)
