"""Scenes of saving, comparing, questions, help and large networks."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtWidgets import QDialog

from designer.bench.workloads import crowd
from designer.shots.scene import Scene, commanded, pressed
from designer.tour.journey import Journey
from designer.window.session import Session
from designer.window.settings import recovery_folder
from engine.api.saving import as_project
from engine.io import Opened
from engine.io.recovery import Note
from engine.layers import LSTM, Concatenate, Dense, Embedding, Input
from engine.models import Model, Sequential
from engine.project import Project
from engine.templates import TEMPLATES


def save(journey: Journey) -> Iterator[None]:
    """Ctrl+S asks where to."""
    journey.hand.press("Ctrl+S")
    journey.hand.wait(lambda: journey.hand.shows("save-dialog"), "the question where to save")
    journey.hand.press("Ctrl+A")
    journey.hand.type_text(str(journey.folder))
    journey.hand.rest(150)
    yield
    journey.hand.press("Return")
    journey.hand.wait(lambda: journey.window.files.folder == journey.folder, "the saving")


def compare_ask(journey: Journey) -> Iterator[None]:
    """What to compare with."""
    project = journey.project
    keys = list(project.graph.nodes)
    graph = project.graph.with_layer(keys[1], journey.layer(keys[1]).changed(filters=12))
    journey.document.edit("Change the convolution", project.with_graph(graph.without({keys[-2]})))
    journey.window.commands["compare"].trigger()
    journey.hand.wait(lambda: journey.hand.shows("sheet-cancel"), "the question what to compare with")
    yield
    journey.hand.press("Esc")


def compare(journey: Journey) -> Iterator[None]:
    """What differs from the last save."""
    journey.window.comparing.compare(journey.folder, 0, "the last save")
    journey.hand.wait(lambda: journey.hand.shows("differences"), "the list of what differs")
    journey.hand.rest(150)
    yield
    for dialog in journey.window.findChildren(QDialog, "compare-dialog"):
        dialog.close()


def compare_marks(journey: Journey) -> Iterator[None]:
    """The same, marked on the canvas."""
    journey.window.canvas.show_network()
    journey.hand.rest(100)
    yield
    journey.window.comparing.difference.end()


def unsaved(journey: Journey) -> Iterator[None]:
    """Something is unsaved, and the window shall close."""
    journey.hand.press("Ctrl+Q")
    journey.hand.wait(lambda: journey.hand.shows("sheet-save"), "the question about unsaved work")
    yield
    journey.hand.press("Esc")


def message(journey: Journey) -> Iterator[None]:
    """A project that cannot be opened."""
    journey.window.files.open_folder(journey.folder.with_name("Missing.loom"))
    journey.hand.wait(journey.window.messages.isVisible, "the message")
    journey.hand.rest(100)
    yield
    journey.window.messages.hide()


def recovery(journey: Journey) -> Iterator[None]:
    """An earlier window ended without a word."""
    session = Session(recovery_folder())
    session.keep(Note(edited=time.time() - 3600), TEMPLATES["digits-dense"].make(), None, False)
    session.release()
    journey.window.recovery.offer(lambda: None)
    journey.hand.wait(lambda: journey.hand.shows("sheet-recover"), "the offer of unsaved work")
    yield
    journey.hand.press("Esc")


def groups(journey: Journey) -> Iterator[None]:
    """A model used twice, two inputs, two outputs."""
    _show(journey, _two_questions())
    yield


def large_far(journey: Journey) -> Iterator[None]:
    """200 layers, all of them."""
    _show(journey, Project(crowd(200)))
    journey.window.canvas.fit()  # once more: all of it
    journey.hand.rest(300)
    yield


def large_near(journey: Journey) -> Iterator[None]:
    """A part of 200 layers, with the small map."""
    journey.window.canvas.zoom_reset()
    journey.window.canvas.reveal(list(journey.project.graph.nodes)[110])
    journey.hand.rest(300)
    yield


def large_table(journey: Journey) -> Iterator[None]:
    """200 layers as a table."""
    journey.window.survey.show_overview()
    journey.hand.rest(300)
    yield
    journey.window.docks.show("run")


def _show(journey: Journey, project: Project) -> None:
    journey.window.files.show_recovered(Opened(project, None), None)
    journey.hand.rest(300)
    journey.window.canvas.show_network()
    journey.hand.rest(100)


def _two_questions() -> Project:
    encoder = Sequential(
        [Input((20,)), Embedding(50, 8, mask_zero=True), LSTM(8), Dense(6, activation="relu")], name="encoder"
    )
    left, right = Input((20,), name="left"), Input((20,), name="right")
    joined = Concatenate()([encoder(left), encoder(right)])
    same = Dense(1, activation="sigmoid", name="same")(joined)
    topic = Dense(3, activation="softmax", name="topic")(joined)
    model = Model([left, right], [same, topic])
    model.compile("adam", ["binary_crossentropy", "sparse_categorical_crossentropy"])
    return as_project(model)


SCENES = (
    Scene("save", "Where to save", save),
    Scene("message", "A message above the canvas", message),
    Scene("compare-with", "What to compare with", compare_ask),
    Scene("compare", "What differs from the last save", compare, anew=True),
    Scene("compare-marks", "What differs, marked on the canvas", compare_marks),
    Scene("unsaved", "Unsaved work is asked about", unsaved),
    Scene("recovery", "Work of a window that ended without a word", recovery),
    Scene("what-is-this", "Every layer, loss and optimizer explained", commanded("what", "book"), anew=True),
    Scene("keys", "All keys", commanded("keys", "keys-dialog")),
    Scene("about", "Version and licences", commanded("about", "about-dialog")),
    Scene("groups", "A model used as a layer, two inputs and outputs", groups),
    Scene("large-far", "200 layers, all of them", large_far),
    Scene("large-near", "200 layers, a part of them with the small map", large_near),
    Scene("large-table", "200 layers as a table", large_table),
    Scene("large-commands", "Everything that can be done among 200 layers", pressed("Ctrl+K", "dense_1")),
)
