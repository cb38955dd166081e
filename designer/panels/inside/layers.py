"""What the layers put out, and the filters they look with."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from designer.panels.inside.compact import compact_combo
from designer.panels.inside.legend import Legend
from designer.panels.inside.picture import picture_of_tiles
from designer.panels.inside.plate import Plate
from designer.panels.inside.strip import Strip, StripArea, zeros_text
from designer.panels.inside.switch import Switch
from designer.panels.inside.words import Words
from designer.text import tr
from designer.training.filters import Filters
from designer.training.look import Anatomy, Look
from designer.training.tiles import Tiles
from engine.tensor_spec import shape_text

ACTIVATIONS, FILTERS = range(2)


class LayersBlock(QWidget):
    """A strip of all layers, and one of them large.

    Attributes:
        changed: emitted when something else is to be computed.
        plate: the large picture.
        strip: the row of layers.
        layer: the layer that is chosen.
        channel: the channel that is shown alone, or ``None``.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inside-layers")
        self.layer: str | None = None
        self.channel: int | None = None
        self._look: Look | None = None
        self._anatomy: Anatomy | None = None
        self._label: Mapping[str, str] = {}
        self._pointed = ""
        self.modes = Switch(
            "inside-mode",
            (
                ("activations", tr("Activations"), tr("What a layer puts out for this sample, channel by channel.")),
                ("filters", tr("Filters"), tr("The weights a layer looks with: red adds, blue takes away.")),
            ),
        )
        self.modes.chosen.connect(self._mode_chosen)
        self.title = Words("inside-layer-title", "text", strong=True)
        self.facts = Words("inside-layer-facts")
        self.strip = Strip()
        self.strip.chosen.connect(self.choose)
        self.area = StripArea(self.strip)
        self.area.scrolled.connect(self.changed)
        self.plate = Plate(
            "inside-mosaic",
            tr("One tile per channel. Click a tile to see it alone, click again to go back; arrow keys walk. A cross "
               "marks a channel that is silent."),
            tr("Channels of the layer"),
        )  # fmt: skip
        self.plate.pressed.connect(self._pressed)
        self.plate.stepped.connect(self._stepped)
        self.plate.pointed.connect(self._point)
        self._make_foot()
        self._lay_out()
        self._offer_inputs()

    def _make_foot(self) -> None:
        self.readout = Words("inside-value", "text")
        self.legend = Legend("inside-legend", tr("What the colours stand for in this layer."))
        self.own = QCheckBox(tr("Each by itself"))
        self.own.setObjectName("inside-own-scale")
        self.own.setToolTip(
            tr("Off: one scale for the whole layer, so weak channels look weak. On: every channel uses all colours.")
        )
        self.own.toggled.connect(lambda _on: self.changed.emit())
        self.inputs = QComboBox()
        self.inputs.setObjectName("inside-kernel-input")
        self.inputs.setAccessibleName(tr("Input channel of the filters"))
        self.inputs.setToolTip(tr("Filters look at every incoming channel; this one's weights are shown."))
        compact_combo(self.inputs)
        self.inputs.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.inputs.setMinimumContentsLength(14)
        self.inputs.activated.connect(lambda _index: self.changed.emit())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        self.modes.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        head.addWidget(self.modes)
        head.addWidget(self.title, 1)
        head.addWidget(self.facts, 1)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.legend)
        foot.addWidget(self.readout, 1)
        foot.addWidget(self.inputs)
        foot.addWidget(self.own)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.area)
        layout.addWidget(self.plate, 1)
        layout.addLayout(foot)

    # -- what is asked for ------------------------------------------------------------------------

    @property
    def shows_filters(self) -> bool:
        """Whether filters are shown instead of activations."""
        return self.modes.place == FILTERS

    @property
    def kernel_input(self) -> int:
        """The input channel of the filters; -1 for colour."""
        chosen = self.inputs.currentData()
        return int(chosen) if chosen is not None else -1

    @property
    def aspect(self) -> float:
        """Width by height of the room for the large picture."""
        return self.plate.width() / max(1, self.plate.height())

    def choose(self, key: str) -> None:
        """Show another layer."""
        if key != self.layer:
            self.layer, self.channel = key, None
            self.strip.choose(key)
            self._offer_inputs()
            self.area.ensureVisible(self.strip.cell(key).center().x(), 0, 60, 0)
            self.changed.emit()

    def set_network(self, anatomy: Anatomy, label: Mapping[str, str]) -> bool:
        """Show the layers of a network; whether another one is chosen now."""
        self.strip.set_layers(anatomy, label)
        self._label = label
        if anatomy is self._anatomy:
            return False
        self._anatomy = anatomy
        before = self.layer
        if self.layer not in anatomy.layers:
            # The first layer that computes something: what it sees can still be recognized.
            busy = [key for key in anatomy.layers if anatomy.graph.nodes[key].layer.inputs]
            self.layer = (anatomy.cam_layers or tuple(busy) or anatomy.layers or (None,))[0]
            self.channel = None
        self.strip.choose(self.layer)
        self._offer_inputs()
        return self.layer != before

    def _mode_chosen(self, _place: int) -> None:
        self.channel = None
        kernels = self._anatomy.kernels if self._anatomy is not None else {}
        if self.shows_filters and self.layer not in kernels and kernels:
            self.layer = next(iter(kernels))
            self.strip.choose(self.layer)
        self._offer_inputs()
        self.changed.emit()

    def _offer_inputs(self) -> None:
        count = 1
        if self._anatomy is not None and self.layer in self._anatomy.kernels:
            count = self._anatomy.kernels[self.layer].inputs
        with QSignalBlocker(self.inputs):
            self.inputs.clear()
            if count == 3:
                self.inputs.addItem(tr("In colour"), -1)
            for place in range(count):
                self.inputs.addItem(tr("Input channel {n}", n=place), place)
        self.inputs.setVisible(self.shows_filters and count > 1)
        self.own.setVisible(not self.shows_filters)

    # -- what is shown ----------------------------------------------------------------------------

    def tell(self, look: Look | None) -> None:
        """Show a look; ``None`` empties the block."""
        asked = look is None or (look.wish.layer == self.layer and (look.wish.kernel is not None) == self.shows_filters)
        if look is None or look.fault:
            self.strip.empty()
        else:
            self.strip.tell(look.thumbs)
            if not asked:
                return  # the answer to an earlier question: what is shown stays until the answer to this one
        self._look = look if asked else None
        self._paint()

    def forget(self) -> None:
        """Forget the network, too: another project is shown."""
        self._anatomy, self._label, self._look = None, {}, None
        self.layer = self.channel = None
        self.strip.choose(None)
        self.strip.set_layers(None, {})
        self._offer_inputs()
        self._paint()

    def _tiles(self) -> Tiles | None:
        if self._look is None:
            return None
        return self._look.kernel if self.shows_filters else self._look.large

    @property
    def _lacks_filters(self) -> bool:
        """Whether filters are wanted of a layer that is known to have none."""
        if self._look is None or self._anatomy is None:
            return False
        return self.shows_filters and self.layer not in self._anatomy.kernels

    def _paint(self) -> None:
        tiles, key = self._tiles(), self.layer or ""
        name = self._label.get(key, key)
        if tiles is None:
            none = tr("This layer has no filters. Choose a convolution in the row above.")
            self.plate.show_picture(None, none if self._lacks_filters else "")
            self.facts.tell("")
            self.title.tell(name)
            self.legend.tell("", "", False)
            return
        if self.channel is not None and self.channel < tiles.shown:
            alone = tiles.only(self.channel)
            first = self.channel
            kind = tr("unit {n}", n=first) if _is_vector(tiles) else tr("channel {n}", n=first)
            picture = picture_of_tiles(
                alone, f"{name}-{first}", lambda t, _c, y, x: self._words(t, first, y, x, t.values[y, x, 0])
            )
            self.title.tell(f"{name} · {kind}")
        else:
            picture = picture_of_tiles(tiles, name, lambda t, c, y, x: self._words(t, c, y, x, t.values[y, x, c]))
            kind = tr("filters") if self.shows_filters else shape_text(tiles.axes)
            self.title.tell(f"{name} · {kind}")
        self.plate.show_picture(picture)
        self.facts.tell(self._facts(tiles))
        self._tell_legend(tiles)

    def _facts(self, tiles: Tiles) -> str:
        if self.shows_filters:
            return self._filter_facts(tiles)
        if tiles.turned:
            said = tr("{n} features; steps run right. ", n=tiles.axes[1])
            return said + zeros_text(tiles)
        if tiles.shown < tiles.channels:
            return tr("The first {n} of {all} channels. ", n=tiles.shown, all=tiles.channels) + zeros_text(tiles)
        return zeros_text(tiles)

    def _filter_facts(self, tiles: Tiles) -> str:
        seen = self._filters
        if seen is None:
            return ""
        *places, inputs, outputs = seen.shape
        over = tr("one channel") if inputs == 1 else tr("{count} channels", count=inputs)
        over = tr("one channel each") if seen.apart else over
        said = tr("{n} filters of {size} over {over}", n=outputs, size=" × ".join(map(str, places)), over=over)
        if seen.axes == 1 and inputs > 1:
            return said + tr("; steps run to the right, a line for every channel.")
        if seen.axes == 3:
            return said + tr("; their {n} slices stand in a row.", n=places[0])
        return said + tr("; grey is zero.") if tiles.codes.ndim == 3 else said

    @property
    def _filters(self) -> Filters | None:
        """How the filters that are shown lie in their weight."""
        return self._anatomy.kernels.get(self.layer or "") if self._anatomy is not None else None

    def _tell_legend(self, tiles: Tiles) -> None:
        if tiles.codes.ndim == 3:
            self.legend.tell("", "", False)
        elif tiles.own:
            self.legend.tell(tr("least") if tiles.signed else "0", tr("most"), tiles.signed)
        else:
            self.legend.tell(f"{tiles.low:.3g}", f"{tiles.high:.3g}", tiles.signed)

    def _words(self, tiles: Tiles, channel: int, row: int, column: int, value: float) -> str:
        name = self._label.get(self.layer or "", self.layer or "")
        if _is_vector(tiles):
            return tr("{name}, unit {c}: {value}", name=name, c=channel, value=f"{value:.4g}")
        if tiles.turned:
            return tr("{name}, step {x}, feature {y}: {value}", name=name, y=row, x=column, value=f"{value:.4g}")
        seen = self._filters if self.shows_filters else None
        first = tr("filter {c}", c=channel) if self.shows_filters else tr("channel {c}", c=channel)
        place = tr("row {y}, column {x}", y=row, x=column)
        if seen is not None and seen.axes == 1:
            place = tr("step {x}, channel {y}", y=row, x=column)
        elif (seen is not None and seen.axes == 3) or (len(tiles.axes) == 4 and not self.shows_filters):
            slices = seen.shape[0] if seen is not None else tiles.axes[0]
            part, inner = divmod(column, tiles.values.shape[1] // slices)
            place = tr("slice {z}, row {y}, column {x}", z=part, y=row, x=inner)
        return tr("{name}, {what}, {place}: {value}", name=name, what=first, place=place, value=f"{value:.4g}")

    def _point(self, words: str) -> None:
        self.readout.tell(words)

    def _pressed(self, x: float, y: float) -> None:
        """Show a channel alone, or all again."""
        tiles = self._tiles()
        if tiles is None or _is_vector(tiles):
            return
        place = tiles.at(x, y)
        self.channel = None if self.channel is not None else (place[0] if place is not None else None)
        self._paint()

    def back(self) -> bool:
        """Show all channels again; whether one was alone."""
        alone = self.channel is not None
        if alone:
            self.channel = None
            self._paint()
        return alone

    def _stepped(self, across: int, down: int) -> None:
        """Walk to a neighbouring channel."""
        tiles = self._tiles()
        if tiles is None or _is_vector(tiles):
            return
        if self.channel is None:
            self.channel = 0
        else:
            self.channel = min(max(0, self.channel + across + down * tiles.columns), tiles.shown - 1)
        self._paint()


def _is_vector(tiles: Tiles) -> bool:
    return tiles.values.shape[0] * tiles.values.shape[1] == 1
