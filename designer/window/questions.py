"""The questions the window asks, and their answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale

from designer.canvas.choices import Choice
from designer.text import tr
from designer.training.status import epochs_trained
from designer.window.locking import Owner
from designer.window.sheet import Answer, Sheet
from engine.io.recovery import Kept
from engine.io.versions import Version
from engine.templates import TEMPLATES

Deeds = Mapping[str, Callable[[], None]]
#: Entries of a list that a question shows at once.
MOST = 5


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


def beginnings() -> list[Choice]:
    """What an empty canvas offers to begin with."""
    return [
        Choice(key, tr(t.title), tr(t.description), tr(t.category), t.icon)
        for key, t in TEMPLATES.items()
        if key != "empty"
    ]


def ask_template(sheet: Sheet, receiver: Callable[[str], None]) -> None:
    """What to begin a project with; ``receiver`` gets the template's key."""
    answers = [
        Answer(key, tr(t.title), tr(t.description), icon=t.icon, heading=tr(t.category)) for key, t in TEMPLATES.items()
    ]
    answers[0] = replace(answers[0], kind="primary")  # Enter begins with it instead of giving up
    answers.append(Answer("cancel", tr("Cancel"), tr("Stay here; nothing happens."), "quiet"))
    text = tr("Everything can be changed afterwards.")
    sheet.ask(
        tr("New project"), text, tuple(answers), lambda key: receiver(key) if key in TEMPLATES else None, stacked=True
    )


def ask_in_use(sheet: Sheet, name: str, owner: Owner, deeds: Deeds) -> None:
    """How to open a project that somebody else has open; ``deeds`` are called by ``copy`` and ``open``."""
    answers = (
        Answer("copy", tr("Open a copy"), tr("Open what was saved last as a new, untitled project."), "primary"),
        Answer("open", tr("Open anyway"), tr("Open it here, too. Saving asks when the other one saved meanwhile.")),
        Answer("cancel", tr("Cancel"), tr("Stay here; nothing happens."), "quiet"),
    )
    text = tr("{who} A copy keeps both of you from overwriting each other's work.", who=_who(owner))
    sheet.ask(tr("{name} is open already", name=name), text, answers, _receiver(deeds))


def ask_used_target(sheet: Sheet, name: str, owner: Owner, deeds: Deeds) -> None:
    """Whether to save over a project that is open elsewhere; ``deeds``: ``elsewhere``, ``overwrite``."""
    answers = (
        _elsewhere(),
        Answer("overwrite", tr("Save anyway"), tr("Put this project there; the other window asks before it saves.")),
        Answer("cancel", tr("Cancel"), tr("Nothing is saved; your work stays here."), "quiet"),
    )
    sheet.ask(tr("{name} is open already", name=name), _who(owner), answers, _receiver(deeds))


def ask_changed(sheet: Sheet, name: str, deeds: Deeds) -> None:
    """What to do about another's save; ``deeds`` are called by ``elsewhere`` and ``overwrite``."""
    answers = (
        _elsewhere(),
        Answer("overwrite", tr("Overwrite"), tr("Save here; what stands there becomes an earlier version.")),
        Answer("cancel", tr("Cancel"), tr("Nothing is saved; your work stays here."), "quiet"),
    )
    text = tr(
        "Another program, such as a second window or the command line, saved there since it was opened or saved here. "
        "When you overwrite it, its save is kept as an earlier version."
    )
    sheet.ask(tr("{name} was changed on disk", name=name), text, answers, _receiver(deeds))


def ask_version(sheet: Sheet, name: str, found: Sequence[Version], receiver: Callable[[int], None]) -> None:
    """Which earlier save to open; ``receiver`` gets its number."""
    answers = [
        Answer(
            str(version.number),
            tr("Until {moment}", moment=moment(version.until)),
            ", ".join((layers(version.layers), tr("trained") if version.trained else tr("untrained"))),
        )
        for version in found
    ]
    answers.append(Answer("cancel", tr("Cancel"), tr("Stay here; nothing happens."), "quiet"))
    text = tr("Each save keeps the one before it, up to three. Opening one changes nothing on disk until you save.")

    def receive(key: str) -> None:
        if key.isdigit():
            receiver(int(key))

    sheet.ask(tr("Earlier versions of {name}", name=name), text, tuple(answers), receive, stacked=True)


def ask_recover(sheet: Sheet, kept: Kept, deeds: Deeds, among: bool = False) -> None:
    """What to do with unsaved work; ``deeds`` are called by ``recover``, ``delete`` and ``later``.

    Args:
        sheet: asks.
        kept: the work.
        deeds: as above.
        among: there is other work, too; ``later`` goes back to the list.
    """
    later = tr("Go back to the list.") if among else tr("Keep it and ask again at the next start.")
    answers = (
        Answer("recover", tr("Recover"), tr("Show it as unsaved work; nothing is overwritten."), "primary"),
        Answer("delete", tr("Delete …"), tr("Give this unsaved work up.")),
        Answer("later", tr("Back") if among else tr("Later"), later, "quiet"),
    )
    text = tr(
        "{name} ({facts}) can be brought back. It opens as unsaved work; what you saved yourself stays as it is.",
        name=kept_name(kept),
        facts=facts(kept),
    )
    sheet.ask(tr("Layerloom ended unexpectedly"), text, answers, _receiver(deeds))


def ask_which(sheet: Sheet, found: Sequence[Kept], receiver: Callable[[int | None], None]) -> None:
    """Which unsaved work to look at; ``receiver`` gets its place in the list, or ``None`` for later."""
    answers = [
        Answer(f"orphan-{place}", kept_name(kept), _where(kept), icon="file-restore-outline")
        for place, kept in enumerate(found[:MOST])
    ]
    answers.append(Answer("later", tr("Later"), tr("Keep all of it and ask again at the next start."), "quiet"))
    text = tr("Unsaved work of {count} projects can be brought back. Choose one to begin with.", count=len(found))
    if len(found) > MOST:
        text += " " + tr("These are the latest {count}; the others come up when these are dealt with.", count=MOST)

    def receive(key: str) -> None:
        receiver(None if key == "later" else int(key.removeprefix("orphan-")))

    sheet.ask(tr("Layerloom ended unexpectedly"), text, tuple(answers), receive, stacked=True)


def ask_delete(sheet: Sheet, kept: Kept, deeds: Deeds) -> None:
    """Whether unsaved work may go for good; ``deeds`` are called by ``delete`` and ``cancel``."""
    answers = (
        Answer("delete", tr("Delete"), tr("Remove it for good.")),
        Answer("cancel", tr("Keep"), tr("Go back; nothing is deleted."), "quiet"),
    )
    text = tr("It cannot be brought back afterwards. What you saved yourself is not touched.")
    sheet.ask(tr("Delete the unsaved work of {name}?", name=kept_name(kept)), text, answers, _receiver(deeds))


def kept_name(kept: Kept) -> str:
    """What the project of unsaved work is called."""
    return kept.note.original.stem if kept.note.original is not None else tr("Untitled")


def facts(kept: Kept) -> str:
    """When it was edited, how large it is, how far it was trained."""
    words = [tr("edited {moment}", moment=moment(kept.note.edited)), layers(kept.layers)]
    if kept.note.epoch >= 0:
        words.append(epochs_trained(kept.note.epoch))
    return ", ".join(words)


def layers(count: int) -> str:
    """A number of layers in words."""
    return tr("1 layer") if count == 1 else tr("{count} layers", count=count)


def moment(seconds: float) -> str:
    """A time of today, or a day and a time."""
    when = QDateTime.fromSecsSinceEpoch(int(min(max(seconds, 0.0), 2.0**40)))
    today = when.date() == QDateTime.currentDateTime().date()
    return QLocale().toString(when, "HH:mm" if today else "d MMM yyyy, HH:mm")


def _where(kept: Kept) -> str:
    place = kept.note.original
    return facts(kept) if place is None else f"{facts(kept)}\n{_short(place.parent)}"


def _short(folder: Path) -> str:
    """A path with its beginning left out where it is long."""
    text = str(folder)
    return text if len(text) <= 56 else "…" + text[-55:]


def _who(owner: Owner) -> str:
    if owner.is_here:
        return tr("Another window of this Layerloom has it open.")
    if owner.pid == 0:
        return tr("Another Layerloom has it open.")
    return tr("Another Layerloom has it open: process {pid} on '{host}'.", pid=owner.pid, host=owner.host)


def _elsewhere() -> Answer:
    return Answer("elsewhere", tr("Save as …"), tr("Save under another name and go on there."), "primary")


def _receiver(deeds: Deeds) -> Callable[[str], None]:
    def receive(key: str) -> None:
        if key in deeds:
            deeds[key]()

    return receive
