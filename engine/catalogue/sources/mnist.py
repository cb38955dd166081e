"""MNIST: the 10,000 digits that are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.sources.base import Dataset, Field, Source
from engine.component import component, setting
from engine.constraints import Choice
from engine.data.idx import read_idx
from engine.errors import FileError
from engine.resources import RESOURCES

FOLDER = RESOURCES / "datasets" / "mnist-10k"
DIGITS = tuple("0123456789")
#: What the licence asks to be said.
ATTRIBUTION = "MNIST by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, licence CC BY-SA 3.0."


@component
class Mnist(Source):
    """Handwritten digits, 28 × 28 grey pixels: 8,000 to train on and 2,000 to judge by.

    Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits", CC BY-SA 3.0; the
        first 10,000 training images, shuffled with a fixed seed.
    """

    title: ClassVar[str] = "MNIST digits"
    icon: ClassVar[str] = "mdi6.numeric"

    answer: Annotated[
        str,
        Choice(
            (
                ("digit", "The digit that was written, 0 to 9."),
                ("picture", "The picture itself, for autoencoders: networks that draw again what they saw."),
            )
        ),
    ] = setting("digit", "What the network shall answer with.")

    def load(self, folder: Path | None) -> Dataset:
        images, labels = digits("train")
        test_images, test_labels = digits("t10k")
        again = self.answer == "picture"
        name = "same image" if again else "label"
        return Dataset(
            {"image": images},
            {name: images if again else labels},
            {"image": test_images},
            {name: test_images if again else test_labels},
            (
                ATTRIBUTION,
                "The first 10,000 training images, shuffled and divided into 8,000 and 2,000.",
                "The grey values were divided by 255, so that they lie between 0 (paper) and 1 (ink).",
            ),
        )

    def summary(self) -> str:
        return "10,000 handwritten digits, 28 × 28, built in"


def digits(part: str) -> tuple[Field, Field]:
    """Pictures (n, 28, 28, 1) float32 in 0..1 and labels (n,) int64 of ``train`` or ``t10k``.

    Raises:
        FileError: the shipped files are missing or changed.
    """
    images = read_idx(FOLDER / f"{part}-images-idx3-ubyte.gz")
    labels = read_idx(FOLDER / f"{part}-labels-idx1-ubyte.gz")
    if images.shape[1:] != (28, 28) or labels.shape != images.shape[:1]:
        raise FileError("The shipped digits are damaged. Install Layerloom again.")
    return Field((images.astype(np.float32) / np.float32(255))[..., None]), Field(labels.astype(np.int64), DIGITS)
