"""Pictures from outside become what an Input takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from engine.data.picture import read_picture
from engine.errors import DataError, FileError
from engine.explain.pictures import sample_of_picture
from engine.tensor_spec import TensorSpec

GREY, COLOUR, ROW = TensorSpec((28, 28, 1)), TensorSpec((16, 12, 3)), TensorSpec((784,))
Array = npt.NDArray[Any]


def noise(*shape: int) -> Array:
    return np.random.default_rng(1).integers(0, 256, shape, np.uint8)


def stroke(height: int, width: int, top: int, left: int, tall: int, wide: int, paper: int = 0, ink: int = 255) -> Array:
    picture = np.full((height, width), paper, np.uint8)
    picture[top : top + tall, left : left + wide] = ink
    return picture


@pytest.mark.parametrize("spec", [GREY, TensorSpec((28, 28)), ROW])
def test_bytes_of_the_right_size_are_divided_by_255(spec: TensorSpec) -> None:
    picture = noise(28, 28)
    sample = sample_of_picture(picture, spec)
    assert sample.dtype == np.float32
    np.testing.assert_array_equal(sample, (picture / np.float32(255)).astype("float32").reshape(spec.sizes))


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1"])
@pytest.mark.parametrize("spec", [GREY, COLOUR, TensorSpec((9, 14, 4)), TensorSpec((27,))])
def test_files_of_every_mode_are_taken(tmp_path: Path, mode: str, spec: TensorSpec) -> None:
    Image.fromarray(noise(40, 30, 3)).convert(mode).save(tmp_path / "a.png")
    sample = sample_of_picture(tmp_path / "a.png", spec)
    assert sample.shape == spec.shape
    assert 0 <= sample.min() < sample.max() <= 1


def test_files_without_transparency_are_read_as_everywhere(tmp_path: Path) -> None:
    Image.fromarray(noise(40, 30, 3)).save(tmp_path / "a.png")
    expected = read_picture(tmp_path / "a.png", 16, 12, 3)
    np.testing.assert_allclose(sample_of_picture(str(tmp_path / "a.png"), COLOUR), expected, atol=1.01 / 255)
    grey = read_picture(tmp_path / "a.png", 28, 28, 1)
    np.testing.assert_allclose(sample_of_picture(tmp_path / "a.png", GREY), grey, atol=2.01 / 255)


def test_shrinking_averages_and_keeps_thin_lines() -> None:
    picture = np.zeros((280, 280), np.uint8)
    picture[:, 137:143] = 255
    sample = sample_of_picture(picture, GREY)[..., 0]
    assert sample.sum() == pytest.approx(28 * 0.6, rel=0.05)
    assert (sample.max(axis=1) > 0.2).all()


def test_transparent_places_are_white() -> None:
    picture = np.zeros((28, 28, 4), np.uint8)
    picture[10:20, 10:20, 3] = 255
    sample = sample_of_picture(picture, GREY)[..., 0]
    assert sample[0, 0] == 1
    assert sample[15, 15] == 0


def test_light_and_dark_change_places_when_asked() -> None:
    picture = noise(28, 28)
    inverted = sample_of_picture(picture, GREY, invert=True)
    np.testing.assert_allclose(inverted, 1 - sample_of_picture(picture, GREY), atol=1e-6)
    solid = np.concatenate((noise(28, 28, 3), np.full((28, 28, 1), 255, np.uint8)), axis=2)
    assert (sample_of_picture(solid, TensorSpec((28, 28, 4)), invert=True)[..., 3] == 1).all()


def centre(sample: Array) -> tuple[float, float]:
    y, x = (np.indices(sample.shape) + 0.5) * sample / sample.sum()
    return float(y.sum()), float(x.sum())


@pytest.mark.parametrize("paper", [0, 255])
@pytest.mark.parametrize("box", [(100, 10, 60, 20), (3, 150, 20, 40), (1, 1, 198, 198), (199, 199, 1, 1)])
def test_drawings_are_centred_as_in_mnist(box: tuple[int, int, int, int], paper: int) -> None:
    sample = sample_of_picture(stroke(200, 200, *box, paper, 255 - paper), GREY, centred=True)[..., 0]
    rows, columns = np.flatnonzero(sample.max(axis=1) > 0), np.flatnonzero(sample.max(axis=0) > 0)
    tall, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    assert max(tall, wide) == 20
    assert tall / wide == pytest.approx(box[2] / box[3], rel=0.1)
    assert centre(sample) == pytest.approx((14, 14), abs=0.51)
    assert sample.max() == 1


def test_a_lopsided_drawing_goes_as_far_as_the_border_and_loses_nothing() -> None:
    picture = stroke(100, 100, 10, 10, 80, 8)
    picture[80:90, 10:90] = 255
    sample = sample_of_picture(picture, GREY, centred=True)[..., 0]
    assert sample[0].any()
    assert centre(sample)[1] == pytest.approx(14, abs=0.51)
    assert sample.sum() == pytest.approx(picture.sum() / 255 / 16, rel=0.05)


def test_an_empty_page_is_empty() -> None:
    assert not sample_of_picture(np.zeros((50, 40), np.uint8), GREY, centred=True).any()
    assert not sample_of_picture(np.full((50, 40), 255, np.uint8), GREY, centred=True).any()


def test_the_given_picture_is_left_alone() -> None:
    picture = noise(28, 28)
    before = picture.copy()
    picture.setflags(write=False)
    for centred in (False, True):
        sample_of_picture(picture, GREY, True, centred)[...] = 0
    np.testing.assert_array_equal(picture, before)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (np.zeros((28, 28)), "float64 of 28 × 28"),
        (np.zeros(28, np.uint8), "uint8 of 28"),
        (np.zeros((0, 5), np.uint8), "height × width"),
        (np.zeros((5, 5, 2), np.uint8), "1, 3 or 4 colours; received 2"),
    ],
)
def test_other_arrays_get_a_sentence(picture: Array, words: str) -> None:
    with pytest.raises(DataError, match=words):
        sample_of_picture(picture, GREY)


def test_other_inputs_and_files_get_a_sentence(tmp_path: Path) -> None:
    for shape in ((7,), (4, 4, 2), (2, 3, 4, 1)):
        with pytest.raises(DataError, match="the Input takes"):
            sample_of_picture(noise(8, 8), TensorSpec(shape))
    with pytest.raises(DataError, match="must be known"):
        sample_of_picture(noise(8, 8), TensorSpec((None, 4, 1)))
    with pytest.raises(DataError, match="Only grey drawings"):
        sample_of_picture(noise(8, 8), COLOUR, centred=True)
    (tmp_path / "a.png").write_bytes(b"\x89PNG nothing")
    with pytest.raises(FileError, match="holds no picture"):
        sample_of_picture(tmp_path / "a.png", GREY)
    with pytest.raises(FileError, match="cannot be opened"):
        sample_of_picture(tmp_path / "none.png", GREY, centred=True)
