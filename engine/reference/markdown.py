"""The reference as one page of Markdown: ``docs/layers.md``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from engine.component import Component, registry
from engine.reference.entry import PROGRAMS, Entry, Setting, entry
from engine.registry import KINDS

#: How a reader brings the page up to date.
COMMAND = "python3 main.py docs"
#: Headings of the kinds in the order of the page; kinds without a line of their own follow.
KIND_WORDS = {
    "layer": ("Layers", "What networks are made of."),
    "activation": ("Activations", "Functions of a neuron's sum; any layer with an `activation` takes them."),
    "loss": ("Losses", "What training makes small: a mean over all samples."),
    "metric": ("Metrics", "Figures that are watched and change nothing."),
    "optimizer": ("Optimizers", "How gradients become steps; g is the gradient, w a weight, t the step's number."),
    "schedule": ("Schedules", "Learning rates that change while training goes on; `step` counts updates from 0."),
    "initializer": ("Initializers", "What weights are before the first step."),
    "regularizer": ("Regularizers", "Penalties that are added to the loss."),
    "constraint": ("Constraints", "Rules that weights are brought back to after every update."),
    "callback": ("Callbacks", "What happens between epochs and batches of a run."),
    "source": ("Sources", "Where data come from."),
}
#: What a line of Markdown would take for its own signs.
_SIGNS = re.compile(r"([\\*_<>\[\]|#])")
_CODE = re.compile(r"(``.+?``|`[^`]+`)")


def document() -> str:
    """The whole page."""
    kinds = [kind for kind in KIND_WORDS if kind in KINDS] + [kind for kind in KINDS if kind not in KIND_WORDS]
    found = {kind: members(kind) for kind in kinds}
    lines = [
        "# Layers and everything beside them",
        "",
        "Every layer, activation, loss, metric, optimizer, schedule, initializer, regularizer, constraint, callback",
        f"and source that Layerloom knows, written by `{COMMAND}` from their declarations: do not edit this page.",
        "Names, orders and defaults of parameters are those of Keras 3; where something differs, it says so.",
        "",
    ]
    for kind, entries in found.items():
        if entries:
            title, _ = _kind_words(kind)
            names = ", ".join(f"[{_text(e.key)}](#{_anchor(e)})" for e in entries)
            lines += [f"* [{title}](#{title.lower()}) ({len(entries)}): {names}"]
    for kind, entries in found.items():
        if entries:
            title, words = _kind_words(kind)
            lines += ["", f"## {title}", "", words]
            lines += _chapter(entries, _layer if kind == "layer" else _short)
    return "\n".join(lines) + "\n"


def members(kind: str) -> list[Entry]:
    """The pages of a kind that people choose from, by category and name."""
    offered = [cls for cls in registry(kind) if not getattr(cls, "hidden", False) and _is_ours(cls)]
    return sorted((entry(cls) for cls in offered), key=lambda found: (found.category, found.key.lower()))


def _is_ours(cls: type[Component]) -> bool:
    # Plug-ins that happen to be installed are no part of the page.
    return cls.__module__.startswith("engine.")


def _kind_words(kind: str) -> tuple[str, str]:
    return KIND_WORDS.get(kind, (kind.capitalize() + "s", ""))


def _chapter(entries: Iterable[Entry], write: Callable[[Entry], list[str]]) -> list[str]:
    lines: list[str] = []
    for found in entries:
        lines += ["", *write(found)]
    return lines


def _layer(found: Entry) -> list[str]:
    """A layer's section: everything, its parameters as a table."""
    lines = _head(found)
    if found.shapes:
        lines += ["", "Shapes:", ""] + [f"* {_text(shape)}" for shape in found.shapes]
    if found.settings:
        lines += ["", "| Parameter | Default | Allowed | What it does |", "| --- | --- | --- | --- |"]
        lines += [f"| {' | '.join(_cells(setting))} |" for setting in found.settings]
    return [*lines, "", *_elsewhere(found)]


def _short(found: Entry) -> list[str]:
    """Another component's section: its parameters as a list."""
    lines = _head(found)
    if found.shapes:
        lines += ["", "Shapes: " + "; ".join(_text(shape) for shape in found.shapes) + "."]
    if found.settings:
        lines += [""]
        for setting in found.settings:
            name, default, rule, words = _cells(setting)
            lines.append(f"* {name} = {default}: {words} Allowed: {rule}.")
    return [*lines, "", *_elsewhere(found)]


def _head(found: Entry) -> list[str]:
    lines = [f'### <a id="{_anchor(found)}"></a>{_text(found.key)}', ""]
    if found.title != found.key:
        lines += [f"{_text(found.title)}" + (f" ({_text(found.category)})" if found.kind == "layer" else ""), ""]
    lines += ["```text", found.formula, "```"]
    for note in found.notes:
        lines += ["", _text(note)]
    return lines


def _elsewhere(found: Entry) -> list[str]:
    named = [
        f"{program} {', '.join(f'`{name}`' for name in found.counterparts[program])}"
        for program in PROGRAMS.values()
        if program in found.counterparts
    ]
    facts = ["Elsewhere: " + "; ".join(named) + "." if named else "Elsewhere: nothing like it."]
    if found.differences:
        facts.append("Differences: " + _text(found.differences))
    if found.aliases:
        facts.append("Also called " + ", ".join(f"`{name}`" for name in found.aliases) + ".")
    if found.source:
        facts.append("Source: " + _text(found.source))
    return ["  \n".join(facts)]


def _cells(setting: Setting) -> tuple[str, str, str, str]:
    default = f"`{setting.default}`" if setting.default else "required"
    return f"`{setting.name}`", default.replace("|", "\\|"), _text(setting.rule), _text(setting.help)


def _anchor(found: Entry) -> str:
    return f"{found.kind}-{found.key.lower()}"


def _text(words: str) -> str:
    """Words in which only code in backticks is Markdown."""
    parts = _CODE.split(words)
    return "".join(
        "`" + part.strip("`") + "`" if place % 2 else _SIGNS.sub(r"\\\1", part) for place, part in enumerate(parts)
    )
