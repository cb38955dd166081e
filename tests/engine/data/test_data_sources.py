"""Sources: what they load, what they say, and which files they open at all."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.catalogue.sources.base import Source
from engine.catalogue.sources.idx_files import IdxFiles
from engine.catalogue.sources.missing import MissingSource
from engine.catalogue.sources.mnist import FOLDER, Mnist
from engine.catalogue.sources.npz_file import NpzFile
from engine.component import resolved
from engine.data.drop import source_of
from engine.data.paths import MARK
from engine.errors import DataError, FileError
from engine.registry import sources

SHIPPED = sorted(FOLDER.glob("*.gz"))
PICTURES = np.arange(6 * 4 * 5, dtype=np.uint8).reshape(6, 4, 5)
LABELS = np.array([0, 1, 2, 0, 1, 2], np.uint8)


def write_idx(path: Path, values: np.ndarray, packed: bool = False) -> Path:
    """Write bytes as IDX."""
    data = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


def npz(path: Path, **arrays: Any) -> NpzFile:
    """Write arrays and return their source."""
    np.savez(path, **arrays)
    return NpzFile(path=str(path))


def test_the_shipped_digits() -> None:
    data = Mnist().load(None)
    images, labels = data.inputs["image"], data.targets["label"]
    assert images.values.shape == (8000, 28, 28, 1)
    assert data.test_inputs["image"].values.shape == (2000, 28, 28, 1)
    assert images.values.dtype == np.float32
    assert (images.values.min(), images.values.max()) == (0.0, 1.0)
    assert labels.values.dtype == np.int64
    assert labels.classes == tuple("0123456789")
    assert len(data.test_targets["label"]) == 2000
    assert np.bincount(labels.values).tolist() == [784, 882, 805, 828, 789, 679, 811, 882, 755, 785]
    assert any("CC BY-SA 3.0" in note for note in data.notes)
    assert "CC BY-SA 3.0" in (FOLDER / "README.md").read_text()


def test_the_shipped_files_through_idx_give_the_same_digits() -> None:
    data, digits = source_of(SHIPPED).load(None), Mnist().load(None)
    np.testing.assert_array_equal(data.inputs["image"].values, digits.inputs["image"].values)
    np.testing.assert_array_equal(data.test_targets["label"].values, digits.test_targets["label"].values)
    assert data.targets["label"].classes == digits.targets["label"].classes
    assert any("divided by 255" in note for note in data.notes)


@pytest.mark.parametrize("packed", [False, True])
def test_two_idx_files_in_any_order(tmp_path: Path, packed: bool) -> None:
    a = write_idx(tmp_path / "a", PICTURES, packed)
    b = write_idx(tmp_path / "b", LABELS, packed)
    for order in ([a, b], [b, a]):
        source = source_of(order)
        assert source == IdxFiles(images=str(a), labels=str(b))
        data = source.load(None)
        np.testing.assert_allclose(data.inputs["image"].values[..., 0], PICTURES / np.float32(255), rtol=1e-6)
        assert data.targets["label"].classes == ("0", "1", "2")
        assert not data.test_inputs


def test_files_nobody_reads_get_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(b"PK")
    with pytest.raises(DataError, match=r"'x\.docx' cannot be used as data. What can: .*npz"):
        source_of([tmp_path / "x.docx"])
    with pytest.raises(DataError, match="cannot be used"):
        source_of([write_idx(tmp_path / "a", PICTURES), write_idx(tmp_path / "b", PICTURES)])


def test_idx_files_that_do_not_fit_together(tmp_path: Path) -> None:
    a = str(write_idx(tmp_path / "a", PICTURES))
    b = str(write_idx(tmp_path / "b", LABELS[:4]))
    with pytest.raises(DataError, match="'image' has 6, 'label' has 4"):
        IdxFiles(a, b).load(None)
    with pytest.raises(DataError, match="needs both files"):
        IdxFiles(a, b, test_images=a).load(None)
    with pytest.raises(DataError, match="No file of labels is chosen"):
        IdxFiles(a).load(None)
    wide = str(write_idx(tmp_path / "w", np.zeros((4, 9, 9), np.uint8)))
    labels = str(write_idx(tmp_path / "l", LABELS))
    with pytest.raises(DataError, match="one shape"):
        IdxFiles(a, labels, wide, b).load(None)


@pytest.mark.parametrize("names", [("x_train", "y_train", "x_test", "y_test"), ("X", "Y", "X_test", "Y_test")])
def test_usual_names_are_found(tmp_path: Path, names: tuple[str, ...]) -> None:
    x, y = np.random.default_rng(0).random((6, 3)), LABELS.astype(np.int32)
    data = npz(tmp_path / "d.npz", **dict(zip(names, (x, y, x[:2], y[:2]), strict=True))).load(None)
    assert list(data.inputs) == [names[0]]
    assert list(data.targets) == [names[1]]
    assert len(data.test_inputs[names[0]]) == 2
    assert data.targets[names[1]].classes == ("0", "1", "2")
    np.testing.assert_array_equal(data.inputs[names[0]].values, x.astype(np.float32))


def test_of_two_arrays_the_one_with_more_axes_enters(tmp_path: Path) -> None:
    data = npz(tmp_path / "d.npz", b=LABELS, a=PICTURES).load(None)
    assert list(data.inputs) == ["a"]
    assert data.inputs["a"].values.shape == (6, 4, 5, 1)


def test_unclear_names_are_asked_for_and_chosen_ones_taken(tmp_path: Path) -> None:
    arrays = {"p": np.zeros((6, 2)), "q": np.ones((6, 3)), "r": np.arange(6.0)}
    source = npz(tmp_path / "d.npz", **arrays)
    with pytest.raises(DataError, match=r"'p', 'q', 'r'. Name them in the Data panel"):
        source.load(None)
    data = source.changed(inputs="p, q", targets="r").load(None)
    assert list(data.inputs) == ["p", "q"]
    assert data.targets["r"].values.shape == (6, 1)
    assert data.targets["r"].classes == ()
    with pytest.raises(DataError, match="holds no array 'nope'"):
        source.changed(inputs="nope", targets="r").load(None)
    with pytest.raises(DataError, match="both as input and as target"):
        source.changed(inputs="r", targets="r").load(None)


def test_values_that_are_not_finite_are_counted(tmp_path: Path) -> None:
    x = np.zeros((6, 3))
    x[2, 1] = np.nan
    x[3] = np.inf
    with pytest.raises(DataError, match="'x' holds 4 values that are missing"):
        npz(tmp_path / "d.npz", x=x, y=LABELS).load(None)


def test_numbers_that_are_no_classes_stay_numbers(tmp_path: Path) -> None:
    for y in (np.array([-1, 0, 1, 2, 3, 4]), np.array([0, 5000, 1, 2, 3, 4]), np.eye(6, dtype=np.int64), np.zeros(6)):
        field = npz(tmp_path / "d.npz", x=np.zeros((6, 2)), y=y).load(None).targets["y"]
        assert field.classes == ()
        assert field.values.dtype == np.float32


def test_rows_must_agree(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'x' has 6, 'y' has 5"):
        npz(tmp_path / "d.npz", x=np.zeros((6, 2)), y=LABELS[:5]).load(None)


def test_paths_inside_the_folder_are_saved_relative_and_move_with_it(tmp_path: Path) -> None:
    old, new = tmp_path / "old.loom", tmp_path / "new.loom"
    (old / "data").mkdir(parents=True)
    source = npz(old / "data" / "d.npz", x=np.zeros((6, 2)), y=LABELS)
    assert source.written(old).path == "data/d.npz"
    assert source.written(old).opened(old) == source
    old.rename(new)
    assert source.written(old).opened(new).load(new).samples == 6


def test_paths_outside_are_not_opened_until_confirmed(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    folder.mkdir()
    source = npz(tmp_path / "d.npz", x=np.zeros((6, 2)), y=LABELS)
    assert source.load(folder).samples == 6  # chosen in this session
    opened = source.written(folder).opened(folder)
    assert opened.path == MARK + source.path
    assert opened.unconfirmed == (source.path,)
    with pytest.raises(DataError, match=r"lies outside its folder.*Locate…"):
        opened.load(folder)
    assert opened.written(folder).path == source.path
    assert opened.opened(folder) == opened
    assert opened.confirmed().load(folder).samples == 6


@pytest.mark.parametrize("text", ["/etc/passwd", "\\\\server\\share\\x.npz", "C:\\x.npz", "C:x.npz", "//server/x"])
def test_absolute_paths_of_any_system_must_be_confirmed(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError, match="Locate…"):
        NpzFile(path=text).opened(tmp_path).load(tmp_path)


def test_relative_paths_never_leave_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "p.loom"
    folder.mkdir()
    npz(tmp_path / "d.npz", x=np.zeros((6, 2)), y=LABELS)
    (folder / "link.npz").symlink_to(tmp_path / "d.npz")
    (folder / "up").symlink_to(tmp_path)
    for text in ("../d.npz", "link.npz", "up/d.npz", "a/../../d.npz"):
        with pytest.raises(FileError, match="leads out of the project's folder"):
            NpzFile(path=text).opened(folder).load(folder)
    inside = NpzFile(path=f"{folder}/../d.npz").opened(folder)
    with pytest.raises((FileError, DataError), match="Locate…"):
        inside.load(folder)


def test_relative_paths_need_a_folder() -> None:
    with pytest.raises(DataError, match="no folder yet"):
        NpzFile(path="d.npz").load(None)
    with pytest.raises(DataError, match="No file is chosen"):
        NpzFile().load(None)


def test_every_source_survives_json() -> None:
    for cls in sources:
        assert issubclass(cls, Source)
        if not cls.hidden:
            source = cls()
            assert resolved("source", source.to_json()) == source
            assert source.summary()


def test_unknown_sources_keep_their_json() -> None:
    source = MissingSource(raw='{"type":"Telescope","mirror":[1,2]}')
    assert source.to_json() == {"type": "Telescope", "mirror": [1, 2]}
    with pytest.raises(DataError, match="'Telescope' cannot be used here"):
        source.load(None)
