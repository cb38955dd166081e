from __future__ import annotations

import json
import os
import shutil
import threading
from pathlib import Path

import pytest

from designer.training.status import RunStatus
from designer.window.dialogs import is_project, project_folder, save_folder
from designer.window.place import lock_path
from designer.window.settings import recent_projects
from engine.io import load_project, save_project
from engine.templates import TEMPLATES

DENSE = "digits-dense"


def begun(desk) -> None:
    desk.files.new_from(DENSE)
    assert desk.document.project.graph.nodes


def small(desk) -> None:
    """A network that trains in an instant."""
    begun(desk)
    project = desk.document.project
    graph = project.graph.without({"dense", "dense_1"})
    layer = project.graph.nodes["dense_2"].layer
    edges = [e for e in project.graph.edges if e.target == "flatten"]
    first = edges[0]
    graph = graph.connect(type(first)("flatten", "dense_2"))
    desk.document.edit("Make it small", project.with_graph(graph.with_layer("dense_2", layer)))


def trained(desk, epochs: int = 1) -> None:
    dataset = desk.document.project.source.load(None)
    desk.document.set_dataset(dataset)
    desk.runner.start(desk.document.project, dataset, desk.runner.state, epochs=epochs)


def finished(desk) -> None:
    desk.qtbot.waitUntil(lambda: not desk.runner.is_active, timeout=60_000)


def edit(desk, text: str = "Change the seed") -> None:
    project = desk.document.project
    desk.document.edit(text, project.with_training(project.training.changed(seed=project.training.seed + 1)))


def test_save_as_then_save_then_open(desk, tmp_path: Path) -> None:
    begun(desk)
    assert desk.files.name == "Untitled"
    desk.files.save()
    desk.choose("save-dialog", tmp_path / "digits")
    desk.settled()
    folder = tmp_path / "digits.loom"
    assert desk.files.folder == folder
    assert desk.files.name == "digits"
    assert (folder / "project.json").is_file()
    assert not desk.files.has_unsaved_work
    edit(desk)
    assert desk.files.has_unsaved_work
    desk.files.save()
    desk.settled()
    assert not desk.files.has_unsaved_work
    saved = desk.document.project
    desk.files.new_from("empty")
    assert desk.files.folder is None
    desk.files.open()
    desk.choose("open-dialog", folder)
    desk.settled()
    assert desk.document.project == saved
    assert recent_projects() == [folder]


def test_unsaved_work_is_asked_about(desk, tmp_path: Path) -> None:
    begun(desk)
    edit(desk)
    done: list[str] = []
    desk.files.guard(lambda: done.append("gone on"))
    assert desk.sheet.is_open
    assert done == []
    desk.answer("cancel")
    assert done == []
    desk.files.guard(lambda: done.append("gone on"))
    desk.answer("save")
    desk.choose("save-dialog", tmp_path / "kept.loom")
    desk.settled()
    assert done == ["gone on"]
    edit(desk)
    desk.files.guard(lambda: done.append("given up"))
    desk.answer("discard")
    assert done == ["gone on", "given up"]


def test_nothing_is_asked_when_nothing_is_lost(desk) -> None:
    done: list[str] = []
    desk.files.guard(lambda: done.append("gone on"))
    assert done == ["gone on"]
    assert not desk.sheet.is_open


def test_what_was_learnt_is_saved_and_comes_back(desk, tmp_path: Path) -> None:
    small(desk)
    trained(desk)
    finished(desk)
    assert desk.runner.status is RunStatus.FINISHED
    assert desk.files.has_unsaved_work
    desk.files.save_as()
    desk.choose("save-dialog", tmp_path / "learnt")
    desk.settled()
    assert not desk.files.has_unsaved_work
    state = desk.runner.state
    desk.files.new_from("empty")
    assert desk.runner.state is None
    desk.files.open_folder(tmp_path / "learnt.loom")
    desk.settled()
    again = desk.runner.state
    assert again is not None
    assert (again.epoch, again.step) == (state.epoch, state.step) == (1, 80)
    assert (again.weights["dense_2"]["kernel"] == state.weights["dense_2"]["kernel"]).all()
    assert len(desk.runner.run_log.curves.batches) == 80
    trained(desk, epochs=2)
    finished(desk)
    assert (desk.runner.state.epoch, desk.runner.state.step) == (2, 160)


def test_saving_during_a_run_takes_its_state_at_a_batch_boundary(desk, tmp_path: Path) -> None:
    small(desk)
    trained(desk, epochs=100_000)
    desk.qtbot.waitUntil(lambda: desk.runner.run_log.progress.step > 20, timeout=60_000)
    desk.files.save_as()
    desk.choose("save-dialog", tmp_path / "on the way")
    desk.qtbot.waitUntil(lambda: desk.files.folder is not None, timeout=20_000)
    assert desk.runner.is_active
    assert desk.files.has_unsaved_work
    desk.runner.stop()
    finished(desk)
    later = desk.runner.state.step
    desk.files.open_folder(tmp_path / "on the way.loom")
    desk.answer("discard")
    desk.settled()
    assert 20 < desk.runner.state.step <= later


def test_a_run_can_be_kept_or_stopped_and_saved(desk, tmp_path: Path) -> None:
    small(desk)
    desk.files.save_as()
    desk.choose("save-dialog", tmp_path / "run")
    desk.settled()
    trained(desk, epochs=100_000)
    desk.qtbot.waitUntil(lambda: desk.runner.status is RunStatus.RUNNING, timeout=60_000)
    done: list[str] = []
    desk.files.guard(lambda: done.append("gone on"))
    desk.answer("cancel")
    assert desk.runner.is_active
    desk.files.guard(lambda: done.append("gone on"))
    desk.answer("save")
    desk.qtbot.waitUntil(lambda: done == ["gone on"], timeout=20_000)
    assert not desk.runner.is_active
    assert not desk.files.has_unsaved_work


def test_edits_during_saving_stay_unsaved(desk, tmp_path: Path) -> None:
    begun(desk)
    desk.files.save_as()
    desk.choose("save-dialog", tmp_path / "quick")
    edit(desk)
    desk.settled()
    assert desk.files.folder == tmp_path / "quick.loom"
    assert desk.document.is_modified


class Held:
    """Keeps the writer at work until it is let go."""

    def __init__(self, desk) -> None:
        self._gate = threading.Event()
        desk.writer.submit(lambda: self._gate.wait(20), lambda done: None)

    def let_go(self) -> None:
        self._gate.set()


def test_a_save_that_ends_late_does_not_bind_another_project_to_its_folder(desk, tmp_path: Path) -> None:
    begun(desk)
    held = Held(desk)
    desk.files.save_as()
    desk.choose("save-dialog", tmp_path / "first")
    edit(desk)
    desk.files.new_from("empty")
    desk.answer("discard")
    assert not desk.document.project.graph.nodes

    held.let_go()
    desk.settled()

    assert (tmp_path / "first.loom" / "project.json").is_file()
    assert desk.files.folder is None
    assert desk.files.name == "Untitled"
    assert not desk.files.has_unsaved_work


def test_what_was_to_follow_a_late_save_does_not_replace_another_project(desk, tmp_path: Path) -> None:
    begun(desk)
    held, done = Held(desk), []
    desk.files.save(lambda: done.append("gone on"))
    desk.choose("save-dialog", tmp_path / "first")
    desk.files.new_from("digits-convolution")
    held.let_go()
    desk.settled()
    assert done == []


def test_edits_made_during_a_save_are_asked_about_before_going_on(desk, tmp_path: Path) -> None:
    begun(desk)
    held, done = Held(desk), []
    desk.files.save(lambda: done.append("gone on"))
    desk.choose("save-dialog", tmp_path / "first")
    edit(desk)
    held.let_go()
    desk.settled()
    assert desk.files.folder == tmp_path / "first.loom"
    assert desk.document.is_modified
    assert done == []
    desk.answer("discard")
    assert done == ["gone on"]


def test_an_undo_during_a_save_leaves_the_project_modified(desk, tmp_path: Path) -> None:
    begun(desk)
    edit(desk)
    held = Held(desk)
    desk.files.save_as()
    desk.choose("save-dialog", tmp_path / "first")
    desk.document.undo()
    held.let_go()
    desk.settled()
    assert desk.document.is_modified


def test_two_quick_saves_to_a_new_place_are_no_quarrel(desk, tmp_path: Path) -> None:
    begun(desk)
    held, folder = Held(desk), tmp_path / "new.loom"
    desk.files._save_chosen(folder, None)
    edit(desk)
    desk.files._save_chosen(folder, None)
    held.let_go()
    desk.settled()

    assert not desk.sheet.is_open
    assert desk.messages.severity == "success"
    assert desk.files.folder == folder
    assert not desk.files.has_unsaved_work
    assert load_project(folder).project == desk.document.project
    assert lock_path(folder).exists()
    desk.files.new_from("empty")
    desk.settled()
    assert not lock_path(folder).exists()


def test_a_second_save_that_fails_keeps_the_place_of_the_first(desk, tmp_path: Path) -> None:
    begun(desk)
    held, folder = Held(desk), tmp_path / "new.loom"
    desk.files._save_chosen(folder, None)
    desk.writer.submit(lambda: shutil.rmtree(folder), lambda _done: None)
    desk.writer.submit(lambda: folder.write_text("a file"), lambda _done: None)
    desk.files._save_chosen(folder, None)
    held.let_go()
    desk.settled()

    assert desk.messages.severity == "error"
    assert desk.files.folder == folder
    assert lock_path(folder).exists()
    desk.files.close()


def test_edits_made_while_a_folder_is_read_are_not_lost(desk, tmp_path: Path) -> None:
    save_project(tmp_path / "slow.loom", TEMPLATES["digits-convolution"].make(), None)
    begun(desk)
    shown = desk.document.project
    desk.files.open_folder(tmp_path / "slow.loom")
    edit(desk)
    desk.settled()
    assert desk.sheet.is_open
    desk.answer("cancel")
    assert desk.document.project.graph == shown.graph
    desk.files.open_folder(tmp_path / "slow.loom")
    desk.answer("discard")
    desk.settled()
    assert desk.files.name == "slow"


def test_another_project_is_not_overwritten_unasked(desk, tmp_path: Path) -> None:
    begun(desk)
    desk.files.save_as()
    desk.choose("save-dialog", tmp_path / "one")
    desk.settled()
    before = (tmp_path / "one.loom" / "project.json").read_bytes()
    desk.files.new_from("empty")
    desk.files.save_as()
    desk.choose("save-dialog", tmp_path / "one.loom" / "inside")
    assert desk.sheet.is_open
    desk.answer("cancel")
    assert (tmp_path / "one.loom" / "project.json").read_bytes() == before
    desk.files.save_as()
    desk.choose("save-dialog", tmp_path / "one.loom" / "inside")
    desk.answer("replace")
    desk.settled()
    assert json.loads((tmp_path / "one.loom" / "project.json").read_text(encoding="utf-8"))
    assert (tmp_path / "one.loom" / "project.json").read_bytes() != before


def damage(folder: Path, how: str) -> None:
    file = folder / "project.json"
    text = file.read_text(encoding="utf-8")
    match how:
        case "truncated":
            file.write_text(text[: len(text) // 2], encoding="utf-8")
        case "binary":
            file.write_bytes(os.urandom(2000))
        case "newer":
            found = json.loads(text)
            found["version"] = 9999
            file.write_text(json.dumps(found), encoding="utf-8")
        case "another format":
            file.write_text("[1, 2, 3]", encoding="utf-8")
        case "gone":
            file.unlink()


@pytest.mark.parametrize("how", ["truncated", "binary", "newer", "another format", "gone"])
def test_bad_projects_are_refused_in_one_sentence(desk, tmp_path: Path, how: str) -> None:
    begun(desk)
    desk.files.save_as()
    desk.choose("save-dialog", tmp_path / "bad")
    desk.settled()
    desk.messages.hide()
    damage(tmp_path / "bad.loom", how)
    desk.files.new_from("digits-convolution")
    shown = desk.document.project
    desk.files.open_folder(tmp_path / "bad.loom")
    desk.settled()
    assert desk.messages.isVisible()
    assert desk.messages.severity == "error"
    assert "bad.loom was not opened." in desk.messages.text
    assert "\n" not in desk.messages.text
    assert desk.document.project is shown
    assert desk.files.folder is None


def test_damaged_weights_open_the_network_and_say_so(desk, tmp_path: Path) -> None:
    small(desk)
    trained(desk)
    finished(desk)
    desk.files.save_as()
    desk.choose("save-dialog", tmp_path / "torn")
    desk.settled()
    weights = next((tmp_path / "torn.loom").glob("*.h5"))
    weights.write_bytes(weights.read_bytes()[:1000])
    project = desk.document.project
    desk.files.new_from("empty")
    desk.files.open_folder(tmp_path / "torn.loom")
    desk.settled()
    assert desk.document.project == project
    assert desk.runner.state is None
    assert desk.messages.isVisible()
    assert weights.name in desk.messages.text


def test_an_impossible_place_loses_nothing(desk, tmp_path: Path) -> None:
    begun(desk)
    (tmp_path / "file").write_text("in the way")
    desk.files._save_to(tmp_path / "file" / "x.loom", None)
    desk.settled()
    assert "The project was not saved." in desk.messages.text
    assert desk.files.folder is None


def test_every_template_can_be_begun_with(desk) -> None:
    for key, template in TEMPLATES.items():
        desk.files.new()
        assert desk.sheet.is_open
        desk.answer(key)
        assert len(desk.document.project.graph.nodes) == len(template.make().graph.nodes)
        assert not desk.files.has_unsaved_work


def test_paths_are_understood() -> None:
    assert project_folder(Path("a/b.loom/project.json")) == Path("a/b.loom")
    assert save_folder(Path("a/b")) == Path("a/b.loom")
    assert save_folder(Path("a/b.v2")) == Path("a/b.v2.loom")
    assert save_folder(Path("a/b.loom/c")) == Path("a/b.loom")
    assert is_project(Path("x/project.json"))
    assert not is_project(Path("x/train.npz"))
