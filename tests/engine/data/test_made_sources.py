"""Sources that need no files of the user: what they make up from a seed, and the table of house prices."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from engine.catalogue.sources import boston_housing
from engine.catalogue.sources.adding_problem import AddingProblem
from engine.catalogue.sources.base import Dataset, Field, Source
from engine.catalogue.sources.boston_housing import BostonHousing
from engine.catalogue.sources.digit_and_number import DigitAndNumber
from engine.catalogue.sources.mnist import Mnist, digits
from engine.catalogue.sources.noisy_line import NoisyLine
from engine.catalogue.sources.toy_points import SHAPES, ToyPoints
from engine.catalogue.sources.toy_shapes import ToyShapes
from engine.catalogue.sources.word_topics import COMMON, TOPICS, VOCABULARY, WordTopics
from engine.data.split import split
from engine.errors import FileError, ParameterError
from engine.project import Split

MADE = (
    *(ToyPoints(shape=shape) for shape in SHAPES),
    NoisyLine(),
    AddingProblem(),
    WordTopics(),
    DigitAndNumber(),
    ToyShapes(samples=40),
)


def bits(dataset: Dataset) -> str:
    """A short word for every number of a data set."""
    found = hashlib.sha256()
    for part in (dataset.inputs, dataset.targets, dataset.test_inputs, dataset.test_targets):
        for name, field in part.items():
            found.update(name.encode() + field.values.tobytes())
    return found.hexdigest()


@pytest.mark.parametrize("source", MADE, ids=lambda source: f"{source.key}-{getattr(source, 'shape', '')}")
def test_the_seed_decides(source: Source) -> None:
    made = source.load(None)
    assert bits(made) == bits(source.load(None))
    assert bits(made) != bits(source.changed(seed=1).load(None))
    for field in (*made.inputs.values(), *made.targets.values()):
        assert len(field) == made.samples
        assert np.isfinite(field.values).all()
        assert field.values.dtype in (np.float32, np.int64)
    assert made.notes


@pytest.mark.parametrize("source", [source for source in MADE if "samples" in type(source).__annotations__])
def test_as_many_samples_as_asked_for(source: Source) -> None:
    assert source.changed(samples=11).load(None).samples == 11
    with pytest.raises(ParameterError, match="samples must be a whole number from 10"):
        source.changed(samples=9)


@pytest.mark.parametrize("shape", SHAPES)
def test_classes_of_points_are_of_one_size(shape: str) -> None:
    made = ToyPoints(shape=shape, samples=300).load(None)
    labels = made.targets["class"]
    assert len(set(np.bincount(labels.values))) == 1
    assert labels.classes == SHAPES[shape][1]
    assert 0.8 < np.abs(made.inputs["point"].values).max() < 4


def plane(shape: str) -> tuple[np.ndarray, np.ndarray]:
    """Points without noise, and their classes."""
    made = ToyPoints(shape=shape, samples=400, noise=0).load(None)
    return made.inputs["point"].values.astype(float), made.targets["class"].values


def test_points_without_noise_lie_on_their_figures() -> None:
    points, labels = plane("xor")
    np.testing.assert_array_equal(points.prod(axis=1) < 0, labels == 1)
    points, labels = plane("circles")
    np.testing.assert_allclose(np.hypot(*points.T), 1 + labels, rtol=1e-6)
    points, labels = plane("spirals")
    length = np.hypot(*points.T)
    turn = 1.5 * np.pi * length + np.pi * labels
    np.testing.assert_allclose(points, length[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1), atol=1e-5)
    points, labels = plane("moons")
    mirrored = np.where(labels[:, None] == 1, -points, points) + np.array([0.5, 0.25])
    np.testing.assert_allclose(np.hypot(*mirrored.T), 1, rtol=1e-5)
    assert (mirrored[:, 1] > -1e-6).all()
    points, labels = plane("blobs")
    nearest = [np.hypot(*(points - points[labels == kind].mean(axis=0)).T) for kind in range(3)]
    assert np.mean(np.argmin(nearest, axis=0) == labels) > 0.97


def test_the_line_is_the_one_that_was_asked_for() -> None:
    made = NoisyLine(slope=-3, intercept=0.5, noise=0.1, samples=4000).load(None)
    x, y = made.inputs["x"].values[:, 0], made.targets["y"].values[:, 0]
    slope, intercept = np.polyfit(x, y, 1)
    assert (slope, intercept) == pytest.approx((-3, 0.5), abs=0.02)
    assert np.std(y - slope * x - intercept) == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize("steps", [2, 3, 20])
def test_the_sum_is_that_of_the_two_marked_numbers(steps: int) -> None:
    made = AddingProblem(steps=steps, samples=200).load(None)
    numbers, marks = np.moveaxis(made.inputs["sequence"].values, 2, 0)
    assert (marks[:, : steps // 2].sum(axis=1) == 1).all()
    assert (marks[:, steps // 2 :].sum(axis=1) == 1).all()
    np.testing.assert_allclose((numbers * marks).sum(axis=1, keepdims=True), made.targets["sum"].values, rtol=1e-6)


def test_texts_hold_the_words_of_their_topic() -> None:
    made = WordTopics(samples=1000, length=30, clarity=0.5).load(None)
    words, topic = made.inputs["text"].values, made.targets["topic"]
    assert words.min() == 0 and words.max() == len(VOCABULARY) - 1 == 50
    assert len(set(VOCABULARY)) == len(VOCABULARY)
    filled = words > 0
    assert (np.diff(filled.astype(int), axis=1) <= 0).all()  # only the end is filled up
    assert filled.sum(axis=1).min() == 15 and filled.sum(axis=1).max() == 30
    of_sea = (words > len(COMMON)) & (words <= len(COMMON) + len(TOPICS["sea"]))
    of_mountains = words > len(COMMON) + len(TOPICS["sea"])
    about = np.where(topic.values[:, None] == 1, of_mountains, of_sea).sum()
    assert topic.classes == ("sea", "mountains")
    assert about / (of_sea.sum() + of_mountains.sum()) == pytest.approx(0.8, abs=0.02)
    assert (of_sea.sum() + of_mountains.sum()) / filled.sum() == pytest.approx(0.5, abs=0.02)
    assert WordTopics(clarity=0).load(None).inputs["text"].values.max() <= len(COMMON)


def test_the_larger_one_is_the_larger_one() -> None:
    made = DigitAndNumber().load(None)
    for inputs, targets, part in (
        (made.inputs, made.targets, "train"),
        (made.test_inputs, made.test_targets, "t10k"),
    ):
        pictures, labels = digits(part)
        number = np.rint(inputs["number"].values[:, 0] * 10)
        np.testing.assert_array_equal(inputs["picture"].values, pictures.values)
        np.testing.assert_array_equal(targets["larger"].values, labels.values > number)
        assert not (labels.values == number).any()
        assert set(number) == set(range(10))


def test_masks_cover_the_shapes() -> None:
    made = ToyShapes(noise=0, samples=60, side=24).load(None)
    pictures, masks = made.inputs["picture"].values, made.targets["mask"].values
    assert pictures.shape == masks.shape == (60, 24, 24, 1)
    np.testing.assert_array_equal(pictures > 0.2, masks == 1)
    assert set(np.unique(masks)) == {0, 1}
    assert (masks.sum(axis=(1, 2, 3)) > 10).all()
    edge = np.concatenate([masks[:, 0], masks[:, -1], masks[:, :, 0], masks[:, :, -1]], axis=1)
    assert edge.mean() < 0.1  # shapes lie inside the picture


def test_digits_can_be_their_own_answers() -> None:
    made = Mnist(answer="picture").load(None)
    (target,), (test,) = made.targets.values(), made.test_targets.values()
    np.testing.assert_array_equal(target.values, made.inputs["image"].values)
    np.testing.assert_array_equal(test.values, made.test_inputs["image"].values)
    assert target.classes == ()


def test_house_prices_are_those_of_the_table() -> None:
    made = BostonHousing(standardize=False, black=True).load(None)
    rows = np.concatenate([made.inputs["figures"].values, made.test_inputs["figures"].values])
    prices = np.concatenate([made.targets["price"].values, made.test_targets["price"].values])
    table = np.loadtxt(boston_housing.FILE, delimiter=",", skiprows=1, dtype=np.float32)
    found = np.concatenate([rows, prices], axis=1)
    np.testing.assert_array_equal(found[np.lexsort(found.T)], table[np.lexsort(table.T)])
    assert (made.samples, len(made.test_targets["price"])) == (404, 102)
    readme = (boston_housing.FILE.parent / "README.md").read_text()
    assert "public domain" in readme and "racist" in readme


def test_house_prices_are_standardized_by_what_trains() -> None:
    made = BostonHousing().load(None)
    figures = made.inputs["figures"]
    assert figures.spec.shape == (12,)
    np.testing.assert_allclose(figures.values.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(figures.values.std(axis=0), 1, rtol=1e-5)
    held = made.test_inputs["figures"].values
    assert np.abs(held.mean(axis=0)).max() > 0.01  # they had no say in it
    plain = BostonHousing(standardize=False).load(None)
    mean, deviation = (f(plain.inputs["figures"].values.astype(float), axis=0) for f in (np.mean, np.std))
    np.testing.assert_allclose(held, (plain.test_inputs["figures"].values - mean) / deviation, rtol=1e-4, atol=1e-5)
    assert bits(BostonHousing(seed=1).load(None)) != bits(made)


def test_the_column_with_a_racist_assumption_is_left_out_and_named() -> None:
    plain, whole = (BostonHousing(black=flag, standardize=False).load(None) for flag in (False, True))
    np.testing.assert_array_equal(
        np.delete(whole.inputs["figures"].values, 11, axis=1), plain.inputs["figures"].values
    )  # fmt: skip
    assert any("racist" in note and "left out here" in note for note in plain.notes)
    assert any("among the columns here" in note for note in whole.notes)
    assert "racist" in (BostonHousing.__doc__ or "")


def test_a_damaged_table_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("", "a,b\n1,2\n", "a,b\n1,x\n", None):
        if text is not None:
            (tmp_path / "table.csv").write_text(text)
        monkeypatch.setattr(boston_housing, "FILE", tmp_path / ("table.csv" if text is not None else "absent.csv"))
        with pytest.raises(FileError, match=r"house prices is damaged\. Install"):
            BostonHousing().load(None)


def test_made_data_are_divided_like_others() -> None:
    parts = split(ToyPoints(samples=100).load(None), Split())
    assert (parts.samples, parts.validation_samples) == (80, 20)
    assert isinstance(ToyPoints(samples=100).load(None).targets["class"], Field)
