"""First half of the tour: a network is drawn, mended, undone and done again."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QListWidget

from designer.tour.hand import TourError
from designer.tour.journey import Journey, expect
from engine.graph import Edge, Graph

#: Layers from top to bottom: type, id and place as shares of the canvas' width and height. Close below a free output
#: a layer is connected at once; the last one lies too far aside for that.
LAYERS = (
    ("Input", "input", 0.4, 0.1),
    ("Flatten", "flatten", 0.4, 0.35),
    ("Dense", "dense", 0.4, 0.6),
    ("Dense", "dense_1", 0.75, 0.85),
)


def open_the_window(journey: Journey) -> str:
    """An empty window that says what to do first."""
    journey.open_window()
    expect(not journey.project.graph.nodes, "the window does not begin with an empty canvas")
    said = journey.window.training.text
    expect("empty" in said, f"the window does not say how to begin but '{said}'")
    return said


def drag_layers(journey: Journey) -> str:
    """Four layers come from the palette onto the canvas."""
    for kind, key, across, down in LAYERS:
        journey.hand.drag(palette_point(journey, kind), journey.canvas_point(across, down))
        journey.hand.wait(lambda key=key: key in journey.project.graph.nodes, f"'{key}' arriving on the canvas", 3)
    expect(len(journey.project.graph.nodes) == 4, "there are more layers than were dragged")
    journey.hand.click("palette-search")
    journey.hand.press("Escape")
    return ", ".join(journey.project.graph.nodes)


def connect_layers(journey: Journey) -> str:
    """Wires are dragged from output to input, and the last layer is moved into line."""
    keys = [key for _, key, _, _ in LAYERS]
    dragged = 0
    for source, target in pairwise(keys):
        edge = Edge(source, target)
        if edge not in journey.project.graph.edges:
            journey.hand.drag(journey.output_point(source), journey.input_point(target))
            dragged += 1
        journey.hand.wait(lambda edge=edge: edge in journey.project.graph.edges, f"{source} meeting {target}", 3)
    expect(len(journey.project.graph.edges) == 3, "there are not exactly three wires")
    expect(dragged, "no wire had to be dragged, so dragging was not tried")
    journey.hand.drag(
        journey.node_point("dense_1"), QPoint(journey.node_point("dense").x(), journey.node_point("dense_1").y())
    )
    places = [journey.project.graph.nodes[key].position[0] for key in keys[2:]]
    expect(places[0] == places[1], f"the last layer was not moved into line: {places}")
    return f"{len(journey.project.graph.edges)} wires, {dragged} of them dragged"


def set_parameters(journey: Journey) -> str:
    """Numbers and names are typed in the inspector."""
    journey.hand.click_at(journey.node_point("input"))
    journey.hand.replace_text("param-shape", "28, 28, 1")
    journey.hand.wait(lambda: vars(journey.layer("input"))["shape"] == (28, 28, 1), "the input's shape", 3)
    for key, units, activation in (("dense", 64, "relu"), ("dense_1", 7, "softmax")):
        journey.hand.click_at(journey.node_point(key))
        journey.hand.wait(lambda key=key: journey.window.selection.nodes == {key}, f"the selection of '{key}'", 3)
        journey.hand.replace_text("param-units", str(units))
        journey.hand.replace_text("param-activation", activation)
        layer = vars(journey.layer(key))
        expect(layer["units"] == units, f"'{key}' has {layer['units']} units instead of {units}")
        expect(layer["activation"].key == activation, f"'{key}' got another activation: {layer['activation']}")
    shape = journey.document.inference.outputs["dense_1"][0].shape
    expect(shape == (7,), f"the network's output is {shape}")
    return "28 × 28 × 1 in, 64 relu, 7 softmax out"


def choose_digits(journey: Journey) -> str:
    """The built-in digits become the project's data."""
    journey.hand.click_at(journey.tab_point("Data"))
    journey.hand.click("data-source")
    journey.hand.type_text("MNIST")
    journey.hand.press("Return")
    journey.hand.wait(lambda: journey.hand.shows("data-use"), "the preview of the digits")
    journey.hand.wait(lambda: journey.hand.find("data-use").isEnabled(), "the preview of the digits")
    journey.notes["preview"] = True
    journey.hand.click("data-use")
    journey.hand.wait(lambda: journey.document.dataset is not None, "the reading of the digits")
    dataset = journey.document.dataset
    assert dataset is not None
    return f"{dataset.samples:,} digits to train on"


def see_the_fault(journey: Journey) -> str:
    """Seven answers for ten classes: the guilty layer says so, and Train leads there."""
    problems = [problem for problem in journey.document.problems if problem.node == "dense_1"]
    expect(problems, "seven units for ten classes are not reported")
    expect("dense_1" in journey.window.canvas.canvas.faults, "the fault is not shown at its layer")
    journey.hand.click("train-button")
    expect(not journey.window.runner.is_active, "training began in spite of a fault")
    expect(journey.window.selection.nodes == {"dense_1"}, "Train does not lead to the guilty layer")
    expect(journey.window.training.text == problems[0].text, "the line beside Train does not say what is wrong")
    expect(not journey.window.messages.isVisible(), "the message bar repeats what the layer says")
    return problems[0].text


def click_the_fix(journey: Journey) -> str:
    """The fault's own button mends it."""
    journey.hand.click_at(journey.tab_point("Layer"))
    journey.hand.click_at(journey.fix_point("dense_1"))
    journey.hand.wait(lambda: vars(journey.layer("dense_1"))["units"] == 10, "the mending of the units", 3)
    journey.hand.click("fit-button")
    expect(not journey.document.problems, f"something is still wrong: {journey.document.problems}")
    return "10 units"


def edit_freely(journey: Journey) -> str:
    """Move, copy, paste, duplicate and delete."""
    before = journey.project.graph
    start = journey.node_point("dense")
    journey.hand.drag(start, start + QPoint(120, 0))
    moved = journey.project.graph.nodes["dense"].position
    expect(moved[0] > before.nodes["dense"].position[0] + 50, "'dense' did not move")
    journey.hand.press("Ctrl+C")
    journey.hand.press("Ctrl+V")
    journey.hand.wait(lambda: len(journey.project.graph.nodes) == 5, "the pasted layer", 3)
    journey.hand.press("Ctrl+D")
    journey.hand.wait(lambda: len(journey.project.graph.nodes) == 6, "the duplicated layer", 3)
    journey.hand.press("Delete")
    journey.hand.wait(lambda: len(journey.project.graph.nodes) == 5, "the deletion", 3)
    for _ in range(4):
        journey.hand.press("Ctrl+Z")
    expect(journey.project.graph == before, "four steps back do not lead to where they began")
    return "moved, pasted, duplicated, deleted, taken back"


def undo_everything(journey: Journey) -> str:
    """Every step is taken back and done again."""
    journey.hand.wait(lambda: journey.document.dataset is not None, "the reading of the digits")
    before = journey.project
    steps = 0
    while journey.document.stack.canUndo() and steps < 200:
        journey.hand.press("Ctrl+Z")
        steps += 1
    left = ", ".join(journey.project.graph.nodes)
    expect(journey.project.graph == Graph(), f"undoing everything leaves {left} on the canvas after {steps} steps")
    expect(not journey.window.canvas.canvas.nodes, "the canvas still shows layers")
    for _ in range(steps):
        journey.hand.press("Ctrl+Shift+Z")
    expect(journey.project == before, "doing everything again does not lead to the same project")
    expect(set(journey.window.canvas.canvas.nodes) == set(before.graph.nodes), "the canvas shows something else")
    journey.hand.wait(lambda: journey.document.dataset is not None, "the reading of the digits")
    return f"{steps} steps back and forth"


def palette_point(journey: Journey, title: str) -> QPoint:
    """The palette's entry of a layer, found through its search field."""
    journey.hand.click("palette-search")
    journey.hand.press("Ctrl+A")
    journey.hand.type_text(title)
    entries = journey.hand.find("palette-list")
    assert isinstance(entries, QListWidget)
    for row in range(entries.count()):
        item = entries.item(row)
        if item.text() == title:
            return entries.viewport().mapToGlobal(entries.visualItemRect(item).center())
    raise TourError(f"the palette does not find '{title}'")


STEPS = (
    open_the_window,
    drag_layers,
    connect_layers,
    set_parameters,
    choose_digits,
    see_the_fault,
    click_the_fix,
    edit_freely,
    undo_everything,
)
