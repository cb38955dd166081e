"""One line that says which weights are looked at, or why nothing can be seen."""

from __future__ import annotations

from designer.model.document import Document
from designer.panels.inside.words import Words
from designer.text import tr
from designer.training.insight import Insight
from designer.training.look import Knowledge, Look, Origin
from designer.training.runner import Runner
from designer.training.status import RunStatus, epochs_trained


class StateLine(Words):
    """Says where the pictures come from.

    Args:
        insight: who looks.
        document: the project.
        runner: who trains.
    """

    def __init__(self, insight: Insight, document: Document, runner: Runner) -> None:
        super().__init__("inside-state", "text")
        self._insight, self._document, self._runner = insight, document, runner
        self._look: Look | None = None
        self._complaint = self._wanted = ""
        insight.changed.connect(self.refresh)

    def follow(self, look: Look | None, wanted: str = "") -> None:
        """Take a look's weights or its fault.

        Args:
            look: what was seen, or ``None``.
            wanted: what has to be done so that something can be seen.
        """
        self._look = look
        self._complaint, self._wanted = "", wanted
        self.refresh()

    def complain(self, sentence: str) -> None:
        """Say what went wrong, until the next look."""
        self._complaint = sentence
        self.refresh()

    def refresh(self) -> None:
        """Say how things are."""
        if self._complaint:
            self.tell(self._complaint, "error")
        elif not self._document.project.graph.nodes and self._insight.knowledge_is_fresh:
            self.tell(tr("Build a network and choose data; then its inside can be seen here."), "muted")
        elif self._insight.preparing:
            self.tell(tr("Training is about to begin. What is seen comes alive with the first update."), "muted")
        elif self._look is not None and self._look.fault:
            self.tell(self._look.fault, "error")
        elif self._look is not None:
            self.tell(self._sentence(self._look.knowledge), "text")
        elif self._insight.waiting:
            self.tell(tr("Preparing the first look at this network …"), "muted")
        else:
            self.tell(self._wanted or tr("Choose a sample, draw one, or drop a picture here."), "muted")

    def _sentence(self, know: Knowledge) -> str:
        if know.origin is Origin.RUNNING:
            paused = self._runner.status is RunStatus.PAUSED
            head = tr("Paused") if paused else tr("Live") if self._runner.is_active else tr("The last look at the run")
            said = tr("{head}: epoch {epoch}, update {step}.", head=head, epoch=know.epoch + 1, step=f"{know.step:,}")
        elif know.origin is Origin.TRAINED:
            said = tr("{epochs}, update {step}.", epochs=epochs_trained(know.epoch), step=f"{know.step:,}")
        else:
            said = tr("Untrained: random weights, those with which training would begin.")
        if self._insight.differs:
            said += " " + tr("The network on the canvas has changed since; this is the one that was trained.")
        return said
