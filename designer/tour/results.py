"""Last part of the tour: what the network sees and can do, and its way to other programs."""

from __future__ import annotations

import numpy as np
import onnx

from designer.tour.journey import Journey, expect
from designer.tour.learning import known_state
from engine.train.predictor import Predictor


def see_inside(journey: Journey) -> str:
    """Ctrl+I shows prediction bars and the activations of every layer."""
    journey.hand.press("Ctrl+I")
    insight = journey.window._inside.insight
    journey.hand.wait(lambda: insight.looks > 0 and not insight.waiting, "the first look inside", 120)
    journey.hand.rest(300)
    look = journey.window._inside._look
    expect(look is not None and not look.fault, "nothing is seen inside")
    assert look is not None
    state = known_state(journey)
    given = {key: values[None] for key, values in look.inputs.items()}
    answers = Predictor(state.graph, state.weights).predict(given)
    key = state.graph.outputs[0]
    expect(np.allclose(answers[key][0], look.outputs[key], atol=1e-5), "the bars show other answers than the network's")
    return f"{len(look.thumbs)} layers of one sample"


def judge(journey: Journey) -> str:
    """Ctrl+R shows figures and the confusion matrix; a cell opens its samples."""
    journey.hand.press("Ctrl+R")
    page = journey.window._results.judge
    journey.hand.wait(lambda: page._judgement is not None and not page.verdict.busy, "the judgement", 60)
    confusion, judgement = page.matrix.confusion, page._judgement
    expect(confusion is not None and judgement is not None, "there is no confusion matrix")
    assert confusion is not None and judgement is not None
    accuracy, figure = confusion.accuracy, judgement.scores[0].figures["accuracy"]
    expect(abs(accuracy - figure) < 1e-9, f"the matrix says {accuracy:.4f}, the figures {figure:.4f}")
    counts = confusion.counts.copy()
    np.fill_diagonal(counts, 0)
    true, answer = (int(n) for n in np.unravel_index(counts.argmax(), counts.shape))
    journey.hand.click_at(page.matrix.mapToGlobal(page.matrix.cell_rect(true, answer).center()))
    journey.hand.rest(100)
    expect(page.gallery.model.rowCount() == counts[true, answer], "the cell opens other samples")
    return f"{accuracy:.1%} right; {counts[true, answer]} times {true} was taken for {answer}"


def give_away(journey: Journey) -> str:
    """Ctrl+E writes an ONNX file and proves it."""
    place = journey.folder.with_suffix(".onnx")
    journey.hand.press("Ctrl+E")
    journey.hand.wait(lambda: journey.hand.shows("export-button"), "the export window", 20)
    journey.hand.wait(lambda: not journey.window.giving.busy, "the look at what is exported", 60)
    journey.hand.rest(50)
    journey.hand.click("export-button")
    journey.hand.wait(lambda: journey.hand.shows("export-place"), "the question where to", 5)
    journey.hand.press("Ctrl+A")
    journey.hand.type_text(str(place))
    journey.hand.press("Return")
    journey.hand.wait(lambda: place.is_file() and not journey.window.giving.busy, "the export", 120)
    onnx.checker.check_model(onnx.load_model(place))
    return f"{place.name}, {place.stat().st_size / 1e6:.1f} MB"


def close_export(journey: Journey) -> str:
    """Escape closes the export window."""
    journey.hand.press("Esc")
    journey.hand.wait(lambda: not journey.hand.shows("export-button"), "the closing of the export window", 5)
    return "closed"


STEPS = (see_inside, judge, give_away, close_export)
