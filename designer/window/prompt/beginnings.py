"""What there is to be offered beside commands and layers: data, settings of the training, networks to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from designer.model.teaching import formula
from designer.panels.data import offered_sources
from designer.text import tr
from designer.window.prompt.offer import Offer
from designer.window.prompt.offers import NEW, PANEL
from engine.catalogue.sources.base import Source
from engine.component import parameters
from engine.project import TrainConfig
from engine.templates import TEMPLATES


def data(choose: Callable[[type[Source]], object]) -> Iterator[Offer]:
    """Every kind of data; choosing one shows it in its panel, to be looked at before it is used."""
    for cls in offered_sources():
        yield Offer(
            id=f"data:{cls.key}",
            text=tr("Data: {title}", title=tr(cls.title)),
            detail=formula(cls),
            kind=tr("Data"),
            run=lambda cls=cls: choose(cls),
            icon="database-outline",
            rank=PANEL,
        )


def settings(enter: Callable[[str], object]) -> Iterator[Offer]:
    """Every setting of the training; choosing one puts the keyboard into its field."""
    for parameter in parameters(TrainConfig):
        yield Offer(
            id=f"training:{parameter.name}",
            text=tr("Training: {name}", name=tr(parameter.label)),
            detail=tr(parameter.help),
            kind=tr("Training"),
            run=lambda name=parameter.name: enter(name),
            icon="tune-variant",
            rank=PANEL,
        )


def templates(begin: Callable[[str], object]) -> Iterator[Offer]:
    """Every network to begin with; unsaved work is asked about first."""
    for template in TEMPLATES.values():
        yield Offer(
            id=f"new:{template.key}",
            text=tr("New: {title}", title=tr(template.title)),
            detail=tr(template.description),
            kind=tr("File"),
            run=lambda key=template.key: begin(key),
            icon=template.icon,
            rank=NEW,
        )
