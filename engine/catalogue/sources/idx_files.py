"""IdxFiles: pictures and labels in MNIST's own format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Self

from engine.catalogue.sources.base import Dataset, Field, Source
from engine.component import component, setting
from engine.constraints import Text
from engine.data.fields import check_rows, check_shapes, input_fields, target_fields
from engine.data.idx import read_idx, read_idx_header
from engine.data.paths import resolve
from engine.errors import DataError, FileError

PATH = Text(4096)


@component
class IdxFiles(Source):
    """Pictures and labels in IDX files, plain or gzipped, as MNIST and its relatives come.

    Source: the format of yann.lecun.com/exdb/mnist.
    """

    title: ClassVar[str] = "IDX files"
    icon: ClassVar[str] = "mdi6.file-image-outline"
    drops: ClassVar[str] = "IDX files: pictures and labels, with or without a test set (.gz too)"

    images: Annotated[str, PATH] = setting("", "File of the pictures: train-images-idx3-ubyte.gz, for example.")
    labels: Annotated[str, PATH] = setting("", "File of the labels, one per picture.")
    test_images: Annotated[str, PATH] = setting("", "File of the pictures to judge by; empty if there is none.")
    test_labels: Annotated[str, PATH] = setting("", "File of the labels to judge by; empty if there is none.")

    def paths(self) -> tuple[str, ...]:
        return ("images", "labels", "test_images", "test_labels")

    def load(self, folder: Path | None) -> Dataset:
        if bool(self.test_images) != bool(self.test_labels):
            raise DataError("A test set needs both files, pictures and labels. Choose the other one, or neither.")
        read = {name: read_idx(resolve(getattr(self, name), folder)) for name in self.paths() if getattr(self, name)}
        for name in ("images", "labels"):
            if name not in read:
                raise DataError(f"No file of {name} is chosen yet. Choose one in the Data panel.")
        image, test_image, notes = input_fields("image", read["images"], read.get("test_images"))
        label, test_label, more = target_fields("label", read["labels"], read.get("test_labels"))
        check_rows({"image": image, "label": label}, "in the training files")
        if test_image is None or test_label is None:
            return Dataset({"image": image}, {"label": label}, notes=notes + more)
        check_rows({"image": test_image, "label": test_label}, "in the test files")
        check_shapes({"image": image, "label": label}, {"image": test_image, "label": test_label})
        held: dict[str, Field] = {"image": test_image}
        return Dataset({"image": image}, {"label": label}, held, {"label": test_label}, notes + more)

    @classmethod
    def accepts(cls, paths: list[Path]) -> Self | None:
        if len(paths) not in (2, 4):
            return None
        found: dict[str, str] = {}
        held = set(_held_out(paths))
        for path in paths:
            try:
                axes = len(read_idx_header(path).shape)
            except FileError:
                return None
            role = ("test_" if path in held else "") + ("labels" if axes == 1 else "images")
            found[role] = str(path.absolute())
        # Twice the same role (two files of pictures, say) leaves another one empty.
        return cls(**found) if len(found) == len(paths) else None

    def summary(self) -> str:
        return Path(self.images).name or self.title


def _held_out(paths: list[Path]) -> list[Path]:
    """Which of four files are the test set: by name, as MNIST's relatives name them."""
    if len(paths) == 2:
        return []
    return [path for path in paths if any(word in path.name.lower() for word in ("t10k", "test", "val"))]
