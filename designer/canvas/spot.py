"""What lies under a point of the scene."""

from __future__ import annotations

from dataclasses import dataclass, field

from designer.canvas.geometry import Hit
from designer.model.groups import Group
from engine.graph import Edge

PortKey = tuple[str, str, str]  # node, "input" or "output", port


@dataclass(frozen=True)
class Spot:
    """What lies under a point of the scene: a hit, and the wire, note or group when it is one, folded or not."""

    hit: Hit = field(default_factory=Hit)
    edge: Edge | None = None
    group: Group | None = None
    note: str = ""
    folded: bool = False

    @property
    def kind(self) -> str:
        """As of the hit, or ``group``, ``fold`` (its triangle), ``note``, ``frame`` (a note)."""
        return self.hit.kind
