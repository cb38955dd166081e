"""The inspector's page for one layer, or for several of one class."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from designer.icons import icon
from designer.model.document import Document
from designer.model.mathematics import readable
from designer.panels.adapt import AdaptRow
from designer.panels.blocks import MARGIN, Fact, label, rule, scrolling
from designer.panels.form.curve import CurveView
from designer.panels.form.edit import Edit
from designer.panels.form.form import Form
from designer.panels.form.formula_line import has_formula
from designer.panels.form.presets import PresetButton
from designer.panels.form.slot import formula
from designer.panels.late import Late
from designer.panels.problem_list import ProblemList
from designer.panels.shape_words import bytes_text, rank_lesson, spec_words, time_text, title_of, weights_words
from designer.panels.weights_box import WeightsBox
from designer.text import tr
from designer.theme import current_theme, ui_font
from engine.catalogue.layers.base import Layer
from engine.catalogue.layers.normalization import Normalization
from engine.component import parameters
from engine.graph import Node
from engine.tensor_spec import TensorSpec

#: Longest name a layer can be given.
NAME_LIMIT = 80
#: Bytes of one weight.
WEIGHT_BYTES = {"float32": 4, "float64": 8}


class NodePage(QWidget):
    """Name, shapes, parameters, problems and the form of layers of one class."""

    def __init__(self, document: Document, cls: type[Layer]) -> None:
        super().__init__()
        self._document = document
        self._ids: tuple[str, ...] = ()
        self.header = _Header(cls)
        self.header.name.textEdited.connect(self._rename)
        self.header.name.editingFinished.connect(self._show_name)
        self.formula = label("", "muted", tr("What this layer computes."))
        self.formula.setTextFormat(Qt.TextFormat.RichText)  # escaped by ``readable``
        self.formula.setText(readable(formula(cls)))
        self.formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.input = Fact(tr("Input"), rank_lesson())
        self.output = Fact(tr("Output"), rank_lesson())
        self.count = Fact(tr("Parameters"), tr("How many numbers this layer learns, and the memory they take."))
        self._late = Late(self, self._show_late)
        self.cost = Fact(
            tr("Training"), tr("What this layer takes of every update on this machine, estimated; and its arrays.")
        )
        self.weights = WeightsBox(document)
        self.untrained = label("", "small", tr("What was learnt is kept by layer, for weights of the same shape."))
        self.untrained.setObjectName("untrained")
        self.problems = ProblemList(document)
        # A stand-in for an unknown layer keeps what was read; nobody edits that by hand.
        self.form = Form(() if getattr(cls, "hidden", False) else parameters(cls))
        self.form.edited.connect(self._edited)
        self.curve = CurveView() if has_formula(cls) else None
        self.adapt = AdaptRow(document) if issubclass(cls, Normalization) else None
        self.presets = PresetButton(cls.presets) if cls.presets else None
        if self.presets is not None:
            self.presets.chosen.connect(self._take_preset)
        self._lay_out()

    def _lay_out(self) -> None:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(12)
        above = (self.header, self.formula, self.problems, rule(), self.presets, self.adapt)
        for part in (*above, self.form, self.curve, rule()):
            if part is not None:
                layout.addWidget(part)
        facts = QVBoxLayout()
        facts.setSpacing(8)
        for fact in (self.input, self.output, self.count, self.cost, self.weights, self.untrained):
            facts.addWidget(fact)
        layout.addLayout(facts)
        layout.addStretch()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(content))

    def show_nodes(self, ids: tuple[str, ...]) -> None:
        """Show these nodes, as the document has them now."""
        if ids != self._ids:
            self.form.forget()
        self._ids = ids
        nodes = self._nodes()
        self.form.set(*(node.layer for node in nodes))
        one = nodes[0] if len(nodes) == 1 else None
        if self.curve is not None and nodes:
            self.curve.set_activation(nodes[0].layer)
        if self.adapt is not None:
            self.adapt.show_node(one.id if one is not None else "")
        self.header.show_nodes(nodes)
        self._show_shapes(one)
        self._show_count()
        self._late.ask(len(self._document.project.graph.nodes))
        self.weights.show_nodes(ids)
        self._show_untrained()

    def _show_late(self) -> None:
        self._show_cost()
        found = [p for p in self._document.problems if p.node in self._ids]
        self.problems.tell(found or [p for p in self._document.advice if p.node in self._ids])

    def _nodes(self) -> list[Node]:
        # A field that loses the focus because its node was deleted speaks of it once more.
        nodes = self._document.project.graph.nodes
        return [nodes[key] for key in self._ids if key in nodes]

    def _show_shapes(self, node: Node | None) -> None:
        self.input.setVisible(node is not None and bool(node.layer.inputs))
        self.output.setVisible(node is not None)
        if node is None:
            return
        inference = self._document.inference
        _tell_specs(self.input, inference.inputs.get(node.id))
        _tell_specs(self.output, inference.outputs.get(node.id))

    def _show_count(self) -> None:
        inference = self._document.inference
        counts = [inference.parameter_count(key) for key in self._ids]
        trained, fixed = sum(c[0] for c in counts), sum(c[1] for c in counts)
        training = self._document.project.training
        size = WEIGHT_BYTES.get(training.dtype, 4)
        words = []
        if trained + fixed:
            words.append(bytes_text((trained + fixed) * size))
            # While training, each weight also has a gradient and what the optimizer remembers.
            held = (trained * (2 + len(training.optimizer.slots())) + fixed) * size
            words[0] += tr(", {more} while training", more=bytes_text(held))
        if len(self._ids) == 1:
            words.append(weights_words(inference.weights.get(self._ids[0], ())))
        if fixed:
            words.append(tr("{n} of them are not trained", n=f"{fixed:,}"))
        self.count.tell(f"{trained + fixed:,}" if trained + fixed else tr("none"), "\n".join(w for w in words if w))

    def _show_cost(self) -> None:
        whole = self._document.estimate
        costs = [whole.layers[key] for key in self._ids if key in whole.layers]
        self.cost.setVisible(bool(costs))
        memory = tr("{bytes} with batches of {n}",
                    bytes=bytes_text(sum(cost.bytes for cost in costs)),
                    n=f"{self._document.project.training.batch_size:,}")  # fmt: skip
        if not whole.update:
            self.cost.tell(memory)
            return
        seconds = sum(cost.seconds or 0.0 for cost in costs)
        share = tr("{share} of the time of an update", share=f"{seconds / whole.update:.0%}")
        self.cost.tell(tr("about {time}", time=time_text(seconds)), f"{share}\n{memory}")

    def _show_untrained(self) -> None:
        fresh = sum(key in self._document.untrained for key in self._ids)
        self.untrained.setVisible(bool(fresh))
        if len(self._ids) == 1:
            self.untrained.setText(
                tr("Untrained: its weights do not fit what the last run learnt. Training begins them anew.")
            )
        else:
            self.untrained.setText(
                tr("{n} of {all} are untrained: their weights do not fit what the last run learnt.",
                   n=fresh, all=len(self._ids))
            )  # fmt: skip

    def _edited(self, edit: Edit) -> None:
        graph = self._document.project.graph
        for node in self._nodes():
            graph = graph.with_layer(node.id, edit.applied(node.layer))
        project = self._document.project.with_graph(graph)
        key = f"param:{','.join(self._ids)}:{edit.key}"
        names = [node.name for node in self._nodes()]
        whose = names[0] if len(names) == 1 else tr("{n} layers", n=len(names))
        self._document.edit(tr("Change {name} of {whose}", name=tr(edit.label), whose=whose), project, key)

    def _take_preset(self, values: dict[str, object]) -> None:
        graph = self._document.project.graph
        for node in self._nodes():
            graph = graph.with_layer(node.id, type(node.layer)(**values))
        self._document.edit(tr("Take an example"), self._document.project.with_graph(graph))

    def _rename(self, text: str) -> None:
        if len(self._ids) == 1:
            graph = self._document.project.graph.labelled(self._ids[0], text)
            self._document.edit(tr("Rename"), self._document.project.with_graph(graph), f"label:{self._ids[0]}")

    def _show_name(self) -> None:
        if nodes := self._nodes():
            self.header.show_nodes(nodes, tidy=True)


def _tell_specs(fact: Fact, specs: tuple[TensorSpec, ...] | None) -> None:
    if not specs:
        fact.tell("?", tr("not known until everything above it fits"))
        return
    fact.tell("\n".join(str(spec) for spec in specs), spec_words(specs[0]) if len(specs) == 1 else "")


class _Header(QWidget):
    """Icon, name and class."""

    def __init__(self, cls: type[Layer]) -> None:
        super().__init__()
        self._class = cls
        self.chip = QLabel()
        self.chip.setFixedSize(40, 40)
        self.chip.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = QLineEdit()
        self.name.setObjectName("node-label")
        self.name.setMaxLength(NAME_LIMIT)
        self.name.setFont(ui_font(11.5, strong=True))
        self.name.setAccessibleName(tr("Name of the layer"))
        self.name.setStyleSheet(
            "QLineEdit { padding: 2px 6px; }"
            "QLineEdit:!hover:!focus { border-color: transparent; background: transparent; }"
        )
        self.kind = label("", "small")
        self.kind.setContentsMargins(7, 0, 0, 0)
        self.explain = QToolButton()
        self.explain.setObjectName("explain")
        self.explain.setAutoRaise(True)
        self.explain.setToolTip(tr("What is this? Formula, shapes and every parameter explained.  (F1)"))
        self.explain.setAccessibleName(tr("What is this?"))
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.name)
        right.addWidget(self.kind)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(right, 1)
        layout.addWidget(self.explain, 0, Qt.AlignmentFlag.AlignTop)
        self._dress()

    def show_nodes(self, nodes: list[Node], tidy: bool = False) -> None:
        """Show one node's name, or how many there are.

        Args:
            nodes: what is selected.
            tidy: also while the name is being written (it may end in a space for a moment).
        """
        one = nodes[0] if len(nodes) == 1 else None
        title = title_of(nodes[0].layer)
        self.name.setReadOnly(one is None)
        if one is None:
            self.name.setText(tr("{n} layers", n=len(nodes)))
            self.name.setToolTip(tr("What you change here changes in all of them."))
        else:
            if tidy or self.name.text().strip() != one.label or not self.name.hasFocus():
                self.name.setText(one.label or ("" if self.name.hasFocus() else one.id))
            self.name.setPlaceholderText(one.id)
            self.name.setToolTip(
                tr("The layer's name: click to write another one. Left empty, it gets its first name back.")
            )
        self.kind.setText(f"{title} · {tr(self._class.category)}" if self._class.category else title)

    def _dress(self) -> None:
        theme = current_theme()
        color = theme.category(self._class.category)
        self.chip.setPixmap(icon(self._class.icon, color).pixmap(22, 22))
        self.explain.setIcon(icon("help-circle-outline", theme.muted))
        sheet = f"QLabel {{ background: {theme.surface}; border: 1px solid {theme.line}; border-radius: 10px; }}"
        if sheet != self.chip.styleSheet():
            self.chip.setStyleSheet(sheet)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
