"""VGG16 as the course uses it: features without the top, weights from a file, fine-tuning of the last block."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.applications import VGG16
from engine.applications.vgg16 import preprocess_input
from engine.errors import UsageError
from engine.layers import Dense, Flatten, Input
from engine.models import Sequential

SHAPE = (32, 32, 3)


def count(model) -> int:
    return sum(model.require()[0].parameter_count())


@pytest.fixture(scope="module")
def base():
    return VGG16(include_top=False, input_shape=SHAPE)


def test_it_has_the_layers_and_weights_of_the_paper(base) -> None:
    assert [layer.name for layer in base.layers][1:4] == ["block1_conv1", "block1_conv2", "block1_pool"]
    assert base.layers[-1].name == "block5_pool"
    assert count(base) == 14_714_688  # as Keras counts them
    assert base.output_shape == (None, 1, 1, 512)


def test_with_its_top_it_classifies() -> None:
    model = VGG16(input_shape=SHAPE, classes=7)
    assert [layer.name for layer in model.layers][-4:] == ["flatten", "fc1", "fc2", "predictions"]
    assert count(model) == 14_714_688 + 513 * 4096 + 4097 * 4096 + 4097 * 7


def test_weights_come_from_a_file(base, tmp_path: Path) -> None:
    base.save_weights(tmp_path / "notop.weights.h5")
    other = VGG16(include_top=False, weights=tmp_path / "notop.weights.h5", input_tensor=Input(SHAPE), pooling="avg")
    pictures = preprocess_input(np.random.default_rng(0).uniform(0, 255, (2, *SHAPE)))
    features = base.predict(pictures, verbose=0)
    np.testing.assert_allclose(other.predict(pictures, verbose=0), features.mean(axis=(1, 2)), rtol=1e-5)
    assert np.abs(features).max() > 0


def test_the_last_block_is_tuned_and_the_rest_stays(base) -> None:
    for layer in base.layers:
        layer.trainable = layer.name.startswith("block5")
    before = [array.copy() for array in base.get_weights()]
    model = Sequential([base, Flatten(), Dense(1, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy")
    random = np.random.default_rng(1)
    model.fit(random.normal(0, 50, (4, *SHAPE)), np.array([0, 1, 0, 1]), verbose=0)
    changed = [not np.array_equal(a, b) for a, b in zip(before, base.get_weights(), strict=True)]
    assert changed[:20] == [False] * 20  # ten convolutions with their biases
    assert any(changed[20:])


def test_pictures_are_turned_to_blue_green_red() -> None:
    assert preprocess_input([255, 0, 10]).tolist() == pytest.approx([10 - 103.939, -116.779, 255 - 123.68])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"weights": "imagenet"}, "nothing is downloaded unasked"),
        ({"input_shape": (16, 32, 3)}, "sides of 32"),
        ({"input_shape": (32, 32)}, "height, width and channels"),
        ({"include_top": False, "input_shape": SHAPE, "pooling": "mean"}, "avg, max or None"),
        ({"input_tensor": np.zeros(3)}, "input_tensor must be"),
    ],
)
def test_what_it_refuses(given: dict, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        VGG16(**given)


def test_pictures_without_three_channels_are_refused() -> None:
    with pytest.raises(UsageError, match="three channels"):
        preprocess_input(np.zeros((2, 4)))
