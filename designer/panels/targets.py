"""What enters which Input and what judges which output, where a network has several."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from designer.model.document import Document
from designer.panels.blocks import label, rule
from designer.panels.form.edit import Edit
from designer.panels.form.form import Form
from designer.text import tr
from engine.catalogue.losses.base import Loss
from engine.catalogue.metrics.base import Metric
from engine.component import Parameter, Slot, Slots
from engine.constraints import Choice, Number
from engine.project import OutputTarget, Project
from engine.train.heads import watched

#: The largest weight an output's loss can have.
WEIGHT_LIMIT = 1e6


@dataclass(frozen=True)
class Judged:
    """One output as the form edits it.

    Attributes:
        field: name of the target field; ``None``: by order.
        loss: a loss of its own; ``None``: the common one.
        weight: its share in the total.
        metrics, weighted_metrics: the figures that are watched for it: its own, else the common ones that suit it.
    """

    field: str | None
    loss: Loss | None
    weight: float
    metrics: tuple[Metric, ...]
    weighted_metrics: tuple[Metric, ...]


@dataclass(frozen=True)
class Fed:
    """One Input as the form edits it: the name of the field that enters, ``None``: by order."""

    field: str | None


def judged_outputs(document: Document) -> tuple[str, ...]:
    """The outputs whose shape is known and that something leads to."""
    graph, inference = document.project.graph, document.inference
    return tuple(key for key in graph.outputs if key in inference.outputs and graph.into(key))


class EndsView(QWidget):
    """A small form for every Input and every output; hidden while there is only one of each."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._made: object = None
        self.inputs: dict[str, Form] = {}
        self.outputs: dict[str, Form] = {}
        self.notes: dict[str, QLabel] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 8, 0, 0)
        self._layout.setSpacing(8)
        self.hide()

    def refresh(self) -> None:
        """Read the document again."""
        project = self._document.project
        inputs, outputs = project.graph.inputs, judged_outputs(self._document)
        inputs = inputs if len(inputs) > 1 else ()
        outputs = outputs if len(outputs) > 1 else ()
        names = [(key, project.graph.nodes[key].name) for key in (*inputs, *outputs)]
        wanted = (names, inputs, outputs, self._fields())
        if wanted != self._made:
            self._made = wanted
            self._rebuild(inputs, outputs)
        given = dict(project.inputs)
        for key, form in self.inputs.items():
            form.set(Fed(given.get(key)))
        for key, form in self.outputs.items():
            target = project.target_of(key)
            form.set(self._judgement(target))
            own = target.metrics is not None
            self.notes[key].setText(tr("Its own metrics.") if own else tr("The common metrics, as far as they suit."))
        self.setVisible(bool(inputs or outputs))

    def _judgement(self, target: OutputTarget) -> Judged:
        output = self._document.inference.outputs[target.node][0]
        figures = watched(self._document.project, target, output)
        return Judged(target.field or None, target.loss, target.weight, *figures)

    def _fields(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names to choose from: what the data offer, and what the project names already."""
        project, dataset = self._document.project, self._document.dataset
        entering = [*(dataset.inputs if dataset else ()), *(name for _, name in project.inputs)]
        judging = [*(dataset.targets if dataset else ()), *(t.field for t in project.targets if t.field)]
        return tuple(dict.fromkeys(entering)), tuple(dict.fromkeys(judging))

    def _rebuild(self, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            old = item.widget()
            old.hide()
            old.deleteLater()
        self.inputs, self.outputs, self.notes = {}, {}, {}
        entering, judging = self._fields()
        if inputs:
            self._add_title(tr("What enters where"))
        for key in inputs:
            form = self.inputs[key] = self._add_form(key, (_field(entering, tr("The field that enters here.")),))
            form.edited.connect(lambda edit, key=key: self._fed(key, edit))
        if outputs:
            self._add_title(tr("What judges which output"))
        for key in outputs:
            declared = (_field(judging, tr("The right answers for this output.")), *_judging())
            form = self.outputs[key] = self._add_form(key, declared)
            form.edited.connect(lambda edit, key=key: self._judged(key, edit))
            note = self.notes[key] = label(
                "",
                "small",
                tr(
                    "Change the list and this output has metrics of its own. "
                    "Once it is the common list again, it follows that one."
                ),
            )
            form.row("metrics").add_note(note)

    def _add_title(self, text: str) -> None:
        self._layout.addWidget(rule())
        self._layout.addWidget(label(text, "heading"))

    def _add_form(self, key: str, declared: tuple[Parameter, ...]) -> Form:
        self._layout.addWidget(label(self._document.project.graph.nodes[key].name))
        form = Form(declared, f"param-{key}")
        self._layout.addWidget(form)
        return form

    def _fed(self, key: str, edit: Edit) -> None:
        project = self._document.project
        given = dict(project.inputs)
        chosen = edit.applied(Fed(given.get(key))).field
        given.pop(key, None)
        if chosen is not None:
            given[key] = chosen
        self._store(dataclasses.replace(project, inputs=tuple(given.items())), key, edit)

    def _judged(self, key: str, edit: Edit) -> None:
        project = self._document.project
        target = project.target_of(key)
        now = edit.applied(self._judgement(target))
        new = OutputTarget(key, now.field or "", now.loss, now.weight, target.metrics, target.weighted_metrics)
        if edit.path[0] in ("metrics", "weighted_metrics"):
            new = self._watching(new, now)
        others = [t for t in project.targets if t.node != key]
        if new != OutputTarget(key):
            others.append(new)
        self._store(dataclasses.replace(project, targets=tuple(others)), key, edit)

    def _watching(self, target: OutputTarget, now: Judged) -> OutputTarget:
        """With the lists of metrics that were chosen; those that equal the common ones are no lists of their own."""
        common = dataclasses.replace(target, metrics=None, weighted_metrics=None)
        plain, heeding = watched(self._document.project, common, self._document.inference.outputs[target.node][0])
        return dataclasses.replace(
            target,
            metrics=None if now.metrics == plain else now.metrics,
            weighted_metrics=None if now.weighted_metrics == heeding else now.weighted_metrics,
        )

    def _store(self, project: Project, key: str, edit: Edit) -> None:
        self._document.edit(tr("Change {name}", name=tr(edit.label)), project, f"ends:{key}:{edit.key}")


def _field(names: tuple[str, ...], help_text: str) -> Parameter:
    options = tuple((name, "") for name in names)
    return Parameter("field", Choice(options, none=tr("by order")), None, True, help_text, False)


def _judging() -> tuple[Parameter, ...]:
    loss = Parameter(
        "loss", Slot("loss", none=tr("the common loss")), None, True, tr("A loss for this output alone."), False
    )
    weight = Parameter(
        "weight", Number(0.0, WEIGHT_LIMIT), 1.0, True, tr("How much this output counts in the total loss."), False
    )
    metrics = Parameter(
        "metrics", Slots("metric"), (), True, tr("Figures that are watched for this output, but not trained on."), False
    )
    heeding = Parameter(
        "weighted_metrics", Slots("metric"), (), True,
        tr("Figures of this output that heed the weights of samples and classes, which Python code can give."), True,
    )  # fmt: skip
    return loss, weight, metrics, heeding
