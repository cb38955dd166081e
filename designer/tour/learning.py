"""Second half of the tour: the network learns, is saved, closed, opened and learns on."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QPushButton

from designer.tour.hand import TourError
from designer.tour.journey import Journey, expect
from designer.training.status import RunStatus
from engine.train.state import RunState

#: Longest wait for the engine's compilation (s).
COMPILE = 240.0


def set_training(journey: Journey) -> str:
    """Epochs, batch size and seed are typed in the training panel."""
    journey.hand.click_at(journey.tab_point("Training"))
    for name, value in (("param-epochs", 9000), ("param-batch_size", 50), ("param-seed", 7)):
        journey.hand.replace_text(name, str(value))
    training = journey.project.training
    given = (training.epochs, training.batch_size, training.seed)
    expect(given == (9000, 50, 7), f"epochs, batch size and seed are {given}")
    return "9000 epochs, batches of 50, seed 7"


def train_live(journey: Journey) -> str:
    """Train is pressed; curves move while the window lives."""
    runner = journey.window.runner
    frames: list[int] = []
    runner.frame.connect(lambda: frames.append(runner.run_log.version))
    journey.hand.click("train-button")
    journey.hand.wait(lambda: runner.status is RunStatus.RUNNING, "the beginning of the training", COMPILE)
    journey.hand.wait(lambda: runner.run_log.progress.epoch >= 2, "two epochs", 60)
    journey.hand.wait(lambda: len(set(frames)) > 10, "the curves' moving in ten frames", 20)
    expect(runner.failure is None, f"training failed: {runner.failure}")
    losses = runner.run_log.curves.batches.figures["loss"].values
    expect(np.isfinite(losses).all(), "a loss is not a number")
    expect(losses[-20:].mean() < losses[:20].mean(), "the loss does not fall")
    return f"{len(losses):,} updates in {len(frames):,} frames, loss {losses[0]:.2f} to {losses[-1]:.2f}"


def pause_and_resume(journey: Journey) -> str:
    """Pause stands still; Resume goes on."""
    runner = journey.window.runner
    journey.hand.click("pause-button")
    journey.hand.wait(lambda: runner.status is RunStatus.PAUSED, "the pause")
    journey.hand.rest(100)
    step = runner.run_log.progress.step
    journey.hand.rest(300)
    expect(runner.run_log.progress.step == step, "updates were made during the pause")
    journey.hand.click("pause-button")
    journey.hand.wait(lambda: runner.run_log.progress.step > step, "going on after the pause")
    return f"stood still at update {step:,}"


def save_while_training(journey: Journey) -> str:
    """Ctrl+S during the run, the folder typed on the keyboard."""
    journey.hand.press("Ctrl+S")
    journey.hand.wait(lambda: journey.hand.shows("save-dialog"), "the question where to save", 5)
    journey.hand.press("Ctrl+A")
    journey.hand.type_text(str(journey.folder))
    journey.hand.press("Return")
    journey.hand.wait(lambda: journey.window.files.folder == journey.folder, "the saving")
    expect((journey.folder / "project.json").is_file(), "there is no project.json")
    expect(list(journey.folder.glob("weights-*.h5")), "there are no weights")
    expect(journey.window.runner.is_active, "saving ended the training")
    return journey.folder.name


def stop(journey: Journey) -> str:
    """Stop ends the run after a batch; what was learnt stays."""
    runner = journey.window.runner
    journey.hand.click("stop-button")
    journey.hand.wait(lambda: runner.status is RunStatus.FINISHED, "the end of the run")
    state = known_state(journey)
    expect(state.epoch >= 2, f"only {state.epoch} epochs were trained")
    accuracy = state.history.epochs[-1]["val_accuracy"]
    expect(accuracy > 0.7, f"only {accuracy:.0%} of the digits are read correctly")
    return f"{state.epoch} epochs, {accuracy:.1%} right"


def save_and_close(journey: Journey) -> str:
    """Ctrl+S, then the window closes without a question."""
    window = journey.window
    expect(window.isWindowModified(), "the title does not say that there is unsaved work")
    journey.hand.press("Ctrl+S")
    journey.hand.wait(lambda: not window.files.has_unsaved_work, "the saving")
    journey.notes["state"] = known_state(journey)
    journey.notes["project"] = journey.project
    journey.hand.press("Ctrl+Q")
    journey.hand.wait(lambda: not window.isVisible(), "the closing")
    return "closed"


def reopen(journey: Journey) -> str:
    """A new window opens the folder; network, weights and curves are back."""
    journey.open_window()
    journey.hand.press("Ctrl+O")
    journey.hand.wait(lambda: journey.hand.shows("open-dialog"), "the question what to open", 5)
    journey.hand.press("Ctrl+A")
    journey.hand.type_text(str(journey.folder))
    journey.hand.press("Return")
    journey.hand.wait(lambda: journey.window.files.folder == journey.folder, "the opening")
    expect(journey.project == journey.notes["project"], "another project came back")
    before, after = journey.notes["state"], known_state(journey)
    places = [(state.epoch, state.batch, state.step) for state in (before, after)]
    expect(places[0] == places[1], f"the run was at {places[0]} and came back at {places[1]}")
    for node, arrays in before.weights.items():
        for name, values in arrays.items():
            expect(np.array_equal(values, after.weights[node][name]), f"{name} of '{node}' came back changed")
    expect(np.array_equal(before.history.steps, after.history.steps), "the curve came back changed")
    shown = len(journey.window.runner.run_log.curves.batches)
    expect(shown == after.step, f"the plot shows {shown} of {after.step} updates")
    journey.hand.wait(lambda: journey.document.dataset is not None, "the reading of the digits")
    journey.hand.rest(200)
    return f"{after.epoch} epochs and all weights are back"


def train_on(journey: Journey) -> str:
    """Continue goes on from the saved epoch."""
    runner, before = journey.window.runner, journey.notes["state"]
    button = journey.hand.find("train-button")
    assert isinstance(button, QPushButton)
    expect(button.text() == "Continue", f"the button says '{button.text()}' instead of 'Continue'")
    journey.hand.click("train-button")
    journey.hand.wait(lambda: runner.status is RunStatus.RUNNING, "the beginning of the training", COMPILE)
    journey.hand.wait(lambda: runner.run_log.progress.epoch >= before.epoch + 2, "two more epochs", 60)
    journey.hand.click("stop-button")
    journey.hand.wait(lambda: runner.status is RunStatus.FINISHED, "the end of the run")
    state = known_state(journey)
    expect(state.epoch >= before.epoch + 2, "the epochs were not counted on")
    expect(len(state.history.epochs) == state.epoch, "the history does not hold every epoch")
    expect(np.array_equal(state.history.steps[: before.step], before.history.steps), "the curve so far was changed")
    return f"epoch {before.epoch} to {state.epoch}"


def leave(journey: Journey) -> str:
    """Closing with something learnt asks; the answer saves and closes."""
    window = journey.window
    journey.hand.press("Ctrl+Q")
    journey.hand.wait(lambda: journey.hand.shows("sheet-save"), "the question about unsaved work", 5)
    journey.hand.click("sheet-save")
    journey.hand.wait(lambda: not window.isVisible(), "the closing")
    return "saved and closed"


def known_state(journey: Journey) -> RunState:
    """The run's state.

    Raises:
        TourError: there is none.
    """
    state = journey.window.runner.state
    if state is None:
        raise TourError("nothing was trained")
    return state


STEPS = (
    set_training,
    train_live,
    pause_and_resume,
    save_while_training,
    stop,
    save_and_close,
    reopen,
    train_on,
    leave,
)
