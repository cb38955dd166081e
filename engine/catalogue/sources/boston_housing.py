"""BostonHousing: prices of houses in 506 districts."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from engine.catalogue.sources.base import Dataset, Field, Source
from engine.catalogue.sources.made import Array, Seed, generator
from engine.component import component, setting
from engine.constraints import Flag
from engine.errors import FileError
from engine.resources import RESOURCES

FILE = RESOURCES / "datasets" / "boston-housing" / "boston_housing.csv"
#: What the table must look like.
ROWS, COLUMNS = 506, 14
#: Districts held out to judge by, as in Keras.
HELD = 102


@component
class BostonHousing(Source):
    """Figures of 506 districts of Boston around 1970 and the median price of their houses, in 1000 dollars.

    Crime, zoning, industry, river, air, rooms, age, distance to work, roads, tax, teachers and poverty: twelve
    columns. A thirteenth, "black", was computed by the authors on the assumption that people prefer to live apart by
    skin colour. That is racist; it is in the data because the study was, and it is left out unless asked for.

    404 districts train and 102 judge, chosen by the seed. Mean and deviation are those of the 404 alone.

    Shapes:
        figures: (samples, 12), or 13 with the column; price: (samples, 1).
    Source: Harrison, Rubinfeld 1978, "Hedonic housing prices and the demand for clean air".
    """

    title: ClassVar[str] = "Boston house prices"
    icon: ClassVar[str] = "mdi6.home-analytics"

    standardize: Annotated[bool, Flag()] = setting(
        True, "Give every column mean 0 and deviation 1. Without it, tax (hundreds) drowns air (tenths)."
    )
    black: Annotated[bool, Flag()] = setting(
        False, "Take the column along that encodes a racist assumption of the study's authors.", advanced=True
    )
    seed: Seed = setting(0, "Start of the random choice of the 102 districts that judge.", advanced=True)

    def load(self, folder: Path | None) -> Dataset:
        names, table = read_table()
        kept = [place for place, name in enumerate(names[:-1]) if self.black or name != "black"]
        figures, prices = table[:, kept], table[:, -1:]
        order = generator(self.seed).permutation(ROWS)
        train, judge = np.sort(order[HELD:]), np.sort(order[:HELD])
        notes = [
            "Boston housing by David Harrison and Daniel Rubinfeld (1978), public domain.",
            "The columns: " + ", ".join(names[place] for place in kept) + "; the price is in 1000 dollars.",
            'The column "black" of the original encodes a racist assumption of its authors; '
            + ("it is among the columns here." if self.black else "it is left out here."),
        ]
        if self.standardize:
            figures = (figures - figures[train].mean(axis=0)) / figures[train].std(axis=0)
            notes.append("Every column was standardized by mean and deviation of the districts that train.")
        parts = [(_field("figures", figures[rows]), _field("price", prices[rows])) for rows in (train, judge)]
        return Dataset(*parts[0], *parts[1], tuple(notes))

    def summary(self) -> str:
        return "506 districts of Boston and their house prices, built in"


def _field(name: str, values: Array) -> dict[str, Field]:
    return {name: Field(values.astype(np.float32))}


def read_table() -> tuple[list[str], Array]:
    """Names of the columns, the price last, and their numbers (506, 14).

    Raises:
        FileError: the shipped file is missing or changed.
    """
    try:
        with FILE.open(encoding="utf-8", newline="") as file:
            names, *rows = csv.reader(file)
        table = np.array(rows, np.float64)
    except (OSError, ValueError):
        table = np.empty(0)
    if table.shape != (ROWS, COLUMNS) or not np.isfinite(table).all():
        raise FileError("The shipped table of house prices is damaged. Install Layerloom again.")
    return names, table
