"""Scenes of a network that is being drawn."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QContextMenuEvent, QCursor, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from designer.shots.scene import Play, Scene, chosen, menu, pressed, tab
from designer.tour.journey import Journey
from engine.graph import Edge

#: The template with which the pictures are made.
TEMPLATE = "lenet-5"


def first_start(place: int) -> Play:
    """The tour of the window stands at one of its cards."""

    def play(journey: Journey) -> Iterator[None]:
        guide = journey.window.guide
        guide.start()
        for _ in range(place):
            guide.forward()
        journey.hand.rest(100)
        yield
        guide.leave()
        journey.window.docks.arrange()

    return play


def empty_window(journey: Journey) -> Iterator[None]:
    """As it is at the first start."""
    journey.hand.rest(100)
    yield


def no_history(journey: Journey) -> Iterator[None]:
    """Nothing was edited yet."""
    journey.hand.press("Ctrl+Shift+H")
    journey.hand.rest(100)
    yield
    journey.window.docks["history"].close()
    journey.window.docks.show("run")


def palette_search(journey: Journey) -> Iterator[None]:
    """A few letters in the palette."""
    journey.hand.click("palette-search")
    journey.hand.type_text("pool")
    yield
    journey.hand.press("Ctrl+A")
    journey.hand.press("Backspace")


def network(journey: Journey) -> Iterator[None]:
    """An example is opened."""
    journey.hand.press("Ctrl+N")
    journey.hand.wait(lambda: journey.hand.shows(f"sheet-{TEMPLATE}"), "the question what to begin with")
    journey.hand.click(f"sheet-{TEMPLATE}")
    journey.hand.wait(lambda: journey.document.dataset is not None, "the reading of the digits")
    journey.window.docks.show("run")
    journey.hand.rest(300)
    yield


def wire_chosen(journey: Journey) -> Iterator[None]:
    """A wire is selected."""
    journey.window.selection.set((), [journey.project.graph.edges[2]])
    journey.hand.rest(50)
    yield
    journey.window.selection.clear()


def hovered(kind: str) -> Play:
    """The pointer rests on a layer, a port or a wire, and its help is shown."""

    def play(journey: Journey) -> Iterator[None]:
        journey.window.canvas.show_network()
        journey.hand.rest(50)
        node = list(journey.project.graph.nodes)[1]
        if kind == "layer":
            at = journey.node_point(node)
        elif kind == "port":
            at = journey.output_point(node)
        else:
            edge = next(iter(journey.project.graph.into(node)))
            at = _middle(journey, edge)
        view = journey.window.canvas.viewport()
        QCursor.setPos(at)
        QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, view.mapFromGlobal(at), at))
        journey.hand.wait(QToolTip.isVisible, "the help")
        journey.hand.rest(350)
        yield
        QToolTip.hideText()
        journey.hand.wait(lambda: not QToolTip.isVisible(), "the help going away")

    return play


def _middle(journey: Journey, edge: Edge) -> QPoint:
    return (journey.output_point(edge.source) + journey.input_point(edge.target)) / 2


def canvas_menu(on_layer: bool) -> Play:
    """The menu of a layer, or of the ground."""

    def play(journey: Journey) -> Iterator[None]:
        view = journey.window.canvas.viewport()
        at = journey.node_point(_keys(journey)[1]) if on_layer else journey.canvas_point(0.06, 0.3)
        place = view.mapFromGlobal(at)
        QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, at))
        journey.hand.wait(QApplication.activePopupWidget, "the menu of the canvas")
        journey.hand.rest(50)
        yield
        over = QApplication.activePopupWidget()
        if over is not None:
            over.close()
        journey.window.selection.clear()

    return play


def layer_picker(journey: Journey) -> Iterator[None]:
    """A layer is chosen right where it will stand."""
    journey.window.selection.set({list(journey.project.graph.nodes)[2]})
    journey.window.canvas.setFocus()
    journey.hand.press("Ins")
    journey.hand.wait(lambda: journey.hand.shows("layer-picker"), "the choice of layers")
    journey.hand.rest(200)
    yield
    journey.hand.press("Esc")
    journey.window.selection.clear()


def search(journey: Journey) -> Iterator[None]:
    """Layers of the network are found."""
    journey.hand.press("Ctrl+Shift+F")
    journey.hand.type_text("conv")
    journey.hand.rest(100)
    yield
    journey.hand.press("Esc")
    journey.window.selection.clear()


def faulty(journey: Journey) -> Iterator[None]:
    """Seven answers for ten classes, with the list of problems."""
    key, project = journey.project.graph.outputs[0], journey.project
    smaller = journey.layer(key).changed(units=7)
    journey.document.edit("Change units", project.with_graph(project.graph.with_layer(key, smaller)))
    journey.window.survey.show_problems()
    journey.window.canvas.reveal(key)
    journey.hand.rest(200)
    yield


def history(journey: Journey) -> Iterator[None]:
    """Every step of the editing."""
    journey.hand.press("Ctrl+Shift+H")
    journey.hand.rest(100)
    yield
    journey.document.undo()
    journey.window.docks["history"].close()
    journey.window.docks.show("layer")
    journey.window.docks.show("run")
    journey.window.canvas.show_network()


def _keys(journey: Journey) -> list[str]:
    return list(journey.project.graph.nodes)


def inspected(place: int) -> Play:
    """The layer at a place of the network is selected."""

    def play(journey: Journey) -> Iterator[None]:
        yield from chosen(_keys(journey)[place])(journey)

    return play


def several(journey: Journey) -> Iterator[None]:
    """Three layers are selected."""
    yield from chosen(*_keys(journey)[1:4])(journey)


def table(journey: Journey) -> Iterator[None]:
    """All layers as a table."""
    journey.window.survey.show_overview()
    journey.hand.rest(150)
    yield
    journey.window.docks.show("run")


SCENES = (
    Scene("first-start", "The first start: a tour of the window in six cards", first_start(0)),
    Scene("tour-canvas", "The tour's second card: the canvas", first_start(1)),
    Scene("tour-train", "The tour's fifth card: training", first_start(4)),
    Scene("empty-window", "An empty window says how to begin", empty_window),
    Scene("data-empty", "The data panel before anything was chosen", tab("Data")),
    Scene("training-empty", "The training panel of an empty project", tab("Training")),
    Scene("history-empty", "The history before the first step", no_history),
    Scene("inside-empty", "See inside, with nothing to see yet", tab("Inside")),
    Scene("results-empty", "Results, before there are any", tab("Results")),
    Scene("table-empty", "The table of an empty network", tab("Table")),
    Scene("problems-empty", "The list of problems of an empty network", tab("Problems")),
    Scene("new-project", "What to begin with: examples by subject", pressed("Ctrl+N")),
    Scene("palette-search", "The palette, searched", palette_search),
    Scene("network", "An example on the canvas", network),
    Scene("whole-network", "Nothing is selected: the network as a whole", tab("Layer")),
    Scene("layer-input", "Parameters of an input", inspected(0)),
    Scene("layer-convolution", "Parameters of a convolution", inspected(1)),
    Scene("layer-pooling", "Parameters of a pooling layer", inspected(2)),
    Scene("layer-dense", "Parameters of a dense layer", inspected(-1)),
    Scene("several-layers", "Several layers are selected", several),
    Scene("wire", "A wire is selected", wire_chosen),
    Scene("help-layer", "Help for a layer", hovered("layer"), anew=True),
    Scene("help-port", "Help for a port", hovered("port"), anew=True),
    Scene("help-wire", "Help for a wire", hovered("wire"), anew=True),
    Scene("menu-layer", "The menu of a layer", canvas_menu(True), anew=True),
    Scene("menu-canvas", "The menu of the ground", canvas_menu(False), anew=True),
    Scene("layer-picker", "A layer is chosen where it will stand", layer_picker, anew=True),
    Scene("commands", "Everything that can be done", pressed("Ctrl+K")),
    Scene("commands-search", "Commands and layers, searched", pressed("Ctrl+K", "den")),
    Scene("search", "Layers of the network, searched", search),
    Scene("data", "The data panel: the handwritten digits", tab("Data")),
    Scene("training-panel", "Epochs, optimizer, loss", tab("Training")),
    Scene("table", "The network as a table", table),
    Scene("problems", "A fault: at its layer and in the list, with what mends it", faulty),
    Scene("history", "The history of the editing", history),
    *(
        Scene(f"menu-{title.lower()}", f"The menu {title}", menu(title))
        for title in ("File", "Edit", "View", "Run", "Help")
    ),
)
