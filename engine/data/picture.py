"""Pictures from files: four formats, a limit on their size, and nothing else of Pillow's."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from engine.data.files import open_regular, reason, size_text
from engine.errors import FileError

FORMATS = ("PNG", "JPEG", "BMP", "GIF")
ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif")
MOST_PIXELS = 64_000_000
FILE_LIMIT = 256 * 2**20


def read_picture(path: Path, height: int, width: int, colours: int) -> npt.NDArray[np.float32]:
    """A picture as a network takes it: (height, width, colours) float32 between 0 and 1.

    It is turned into grey for one colour, into red, green and blue for three, and scaled.

    Raises:
        FileError: it is no picture, damaged, or too large.
    """
    modes = {1: "L", 3: "RGB", 4: "RGBA"}
    if colours not in modes:
        raise FileError(f"A picture has 1, 3 or 4 colours, but the network wants {colours}. Give it a .npy file.")
    values = read_bytes(path, modes[colours], (width, height)).astype(np.float32) / np.float32(255)
    return values.reshape(height, width, colours)


def read_bytes(path: Path, mode: str, size: tuple[int, int] | None = None) -> npt.NDArray[np.uint8]:
    """A picture's bytes in one of Pillow's modes (``L``, ``RGB``, ``RGBA``), scaled to (width, height) if given.

    Raises:
        FileError: it is no picture, damaged, or too large.
    """
    with open_regular(path, FILE_LIMIT) as file, warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            with Image.open(file, formats=FORMATS) as picture:
                pixels = picture.width * picture.height
                if pixels > MOST_PIXELS:
                    raise FileError(
                        f"'{path.name}' has {pixels / 1e6:,.0f} million pixels ({size_text(3 * pixels)}); at most "
                        f"{MOST_PIXELS / 1e6:.0f} million are read. Make it smaller."
                    )
                ready = picture.convert(mode)
                if size is not None and ready.size != size:
                    ready = ready.resize(size, Image.Resampling.BILINEAR)
                return np.array(ready, np.uint8)
        except (
            OSError,
            ValueError,
            SyntaxError,
            EOFError,
            OverflowError,
            MemoryError,
            Warning,
            Image.DecompressionBombError,
        ) as error:
            if isinstance(error, FileError):
                raise
            if isinstance(error, UnidentifiedImageError):  # names an object of Python's, which helps nobody
                raise FileError(
                    f"'{path.name}' holds no picture of the kinds {', '.join(FORMATS)}. Choose another file."
                ) from None
            raise FileError(f"'{path.name}' is not a picture that can be read ({reason(error)}).") from None
