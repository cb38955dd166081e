"""The questions the window asks, and their answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from designer.text import tr
from designer.window.sheet import Answer, Sheet
from engine.templates import TEMPLATES

Deeds = Mapping[str, Callable[[], None]]


def ask_about_work(sheet: Sheet, name: str, deeds: Deeds) -> None:
    """What to do with unsaved work; ``deeds`` are called by ``save`` and ``discard``."""
    answers = (
        Answer("save", tr("Save"), tr("Save, then go on."), "primary"),
        Answer("discard", tr("Don't save"), tr("Give the changes since the last save up.")),
        Answer("cancel", tr("Cancel"), tr("Stay here; nothing happens."), "quiet"),
    )
    text = tr("Changes to the network, its settings or what it learnt would be lost otherwise.")
    sheet.ask(tr("Save changes to {name}?", name=name), text, answers, _receiver(deeds))


def ask_about_run(sheet: Sheet, name: str, deeds: Deeds) -> None:
    """What to do with a run that is under way; ``deeds`` are called by ``save`` and ``discard``."""
    answers = (
        Answer("save", tr("Stop and save"), tr("End after the current batch, save, then go on."), "primary"),
        Answer("discard", tr("Stop, don't save"), tr("End after the current batch and give up what is unsaved.")),
        Answer("cancel", tr("Keep training"), tr("Stay here; training goes on."), "quiet"),
    )
    text = tr("It can be stopped after the current batch and continued later from exactly there.")
    sheet.ask(tr("{name} is being trained", name=name), text, answers, _receiver(deeds))


def ask_replace(sheet: Sheet, name: str, deeds: Deeds) -> None:
    """Whether another project may be overwritten; ``deeds`` is called by ``replace``."""
    answers = (
        Answer("replace", tr("Replace"), tr("Put this project in the place of the one that is there.")),
        Answer("cancel", tr("Cancel"), tr("Stay here; nothing happens."), "quiet"),
    )
    text = tr("There is another project at that place. What it holds would be lost.")
    sheet.ask(tr("Replace {name}?", name=name), text, answers, _receiver(deeds))


def ask_template(sheet: Sheet, receiver: Callable[[str], None]) -> None:
    """What to begin a project with; ``receiver`` gets the template's key."""
    answers = [Answer(key, tr(t.title), tr(t.description)) for key, t in TEMPLATES.items()]
    answers.append(Answer("cancel", tr("Cancel"), tr("Stay here; nothing happens."), "quiet"))
    text = tr("Everything can be changed afterwards.")
    sheet.ask(
        tr("New project"), text, tuple(answers), lambda key: receiver(key) if key in TEMPLATES else None, stacked=True
    )


def _receiver(deeds: Deeds) -> Callable[[str], None]:
    def receive(key: str) -> None:
        if key in deeds:
            deeds[key]()

    return receive
