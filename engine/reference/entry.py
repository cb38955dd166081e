"""One component's page, read from its declaration."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

from engine.component import Component, NumberOrSlot, Parameter, Slot, Slots, parameters
from engine.constraints import Number

#: The programs counterparts are named for, by how such a name begins; the order of the pages.
PROGRAMS = {"keras": "Keras", "torch": "PyTorch", "onnx": "ONNX"}
#: Where Keras keeps the components of a kind.
HOMES = {
    "layer": "keras.layers",
    "activation": "keras.activations",
    "initializer": "keras.initializers",
    "regularizer": "keras.regularizers",
    "constraint": "keras.constraints",
    "loss": "keras.losses",
    "metric": "keras.metrics",
    "schedule": "keras.optimizers.schedules",
    "optimizer": "keras.optimizers",
    "callback": "keras.callbacks",
}
_SECTION = re.compile(r"^(Shapes|Units|Errors|Source):\s*(.*)$")


@dataclass(frozen=True)
class Setting:
    """One parameter as a reader sees it.

    Attributes:
        name: Keras's name.
        default: as it would be written; empty when it must be given.
        rule: what values are allowed.
        help: what it does.
    """

    name: str
    default: str
    rule: str
    help: str


@dataclass(frozen=True)
class Entry:
    """What there is to know of a component.

    Attributes:
        kind: which registry it belongs to.
        key: its name in files and calls.
        title: its name on the screen.
        category: its heading in the palette.
        aliases: other names it is found by.
        formula: the first line of the description.
        notes: the paragraphs that follow it.
        shapes: what the arrays look like; other facts of that form too.
        source: where the formula comes from.
        settings: the parameters, in order.
        counterparts: program to the names it has for it.
        differences: how it differs from Keras; empty when it does not.
    """

    kind: str
    key: str
    title: str
    category: str
    aliases: tuple[str, ...]
    formula: str
    notes: tuple[str, ...]
    shapes: tuple[str, ...]
    source: str
    settings: tuple[Setting, ...]
    counterparts: dict[str, tuple[str, ...]]
    differences: str


def entry(cls: type[Component]) -> Entry:
    """The page of a component."""
    paragraphs, sections = _parts(inspect.cleandoc(cls.__doc__ or cls.__name__))
    shapes = sections.get("Shapes", "") or sections.get("Units", "")
    return Entry(
        kind=cls.kind,
        key=cls.key,
        title=cls.title,
        category=cls.category,
        aliases=tuple(getattr(cls, "aliases", ())),
        formula=paragraphs[0],
        notes=tuple(paragraphs[1:]),
        shapes=tuple(part.strip() for part in shapes.rstrip(".").split(";") if part.strip()),
        source=sections.get("Source", ""),
        settings=tuple(_setting(parameter) for parameter in parameters(cls)),
        counterparts=_counterparts(cls),
        differences=cls.differences,
    )


def _parts(text: str) -> tuple[list[str], dict[str, str]]:
    """The paragraphs of a description, and its sections by heading; lines are joined."""
    paragraphs: list[str] = [""]
    sections: dict[str, str] = {}
    heading = ""
    for line in text.splitlines():
        found = _SECTION.match(line)
        if found:
            heading = found[1]
            sections[heading] = found[2]
        elif heading and line.strip():
            sections[heading] = f"{sections[heading]} {line.strip()}".strip()
        elif not heading and not line.strip():
            paragraphs.append("")
        elif line.strip():
            paragraphs[-1] = f"{paragraphs[-1]} {line.strip()}".strip()
    return [paragraph for paragraph in paragraphs if paragraph], sections


def _setting(parameter: Parameter) -> Setting:
    rule = _rule(parameter)
    unset = parameter.constraint.none
    rule += f", or None ({unset})" if unset is not None else ""
    default = _written(parameter.default) if parameter.has_default else ""
    return Setting(parameter.name, default, rule, parameter.help)


def _rule(parameter: Parameter) -> str:
    rule = parameter.constraint
    # Those of slots list every member of a kind, which a page of its own does.
    match rule:
        case Slot():
            return f"{'an' if rule.kind[0] in 'aeiou' else 'a'} {rule.kind}"
        case Slots():
            return f"a list of at most {rule.limit} {rule.kind}s"
        case NumberOrSlot():
            return f"{Number(rule.low, rule.high, rule.open_low, rule.open_high).rule}, or a {rule.kind}"
    return rule.rule


def _written(value: object) -> str:
    if isinstance(value, Component):
        json = value.to_json()
        given = {p.name: getattr(value, p.name) for p in parameters(type(value))}
        changed = [p for p in parameters(type(value)) if not p.has_default or given[p.name] != p.default]
        inside = ", ".join(f"{p.name}={_written(given[p.name])}" for p in changed)
        return f"{json['type']}({inside})" if inside else f'"{json["type"]}"'
    if isinstance(value, tuple):
        return "(" + ", ".join(_written(item) for item in value) + (",)" if len(value) == 1 else ")")
    if isinstance(value, float):
        return f"{value:g}" if value != int(value) or abs(value) >= 1e6 else f"{value:.1f}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _counterparts(cls: type[Component]) -> dict[str, tuple[str, ...]]:
    named = cls.counterparts
    if named is None:
        name = cls.key if cls.kind in ("layer", "activation") else cls.__name__
        named = (f"{HOMES[cls.kind]}.{name}",) if cls.kind in HOMES else ()
    found = {}
    for start, program in PROGRAMS.items():
        names = tuple(name if start != "onnx" else name[5:] for name in named if name.startswith(f"{start}."))
        if names:
            found[program] = names
    return found
