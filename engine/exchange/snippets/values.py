"""What a name can stand for while pasted code is read: numbers and texts as they are, and these."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Unknown:
    """A value that only running the code would tell; it may be passed about, but no layer may depend on it.

    Attributes:
        line: where it arose.
        why: the end of a sentence that begins with the line.
        word: the word that is not known, whose like are then named.
    """

    line: int
    why: str
    word: str = ""


@dataclass(frozen=True)
class Path:
    """A dotted name that the code does not set: ``keras.layers.Dense``."""

    parts: tuple[str, ...]
    line: int

    @property
    def word(self) -> str:
        """Its last part."""
        return self.parts[-1]

    @property
    def text(self) -> str:
        """All of it, as written."""
        return ".".join(self.parts)


@dataclass(eq=False)
class LayerValue:
    """One layer; using it twice shares its weights.

    Attributes:
        kind: class name as it was written.
        settings: its arguments by name.
        line: where it stands.
        name: what it is called, or nothing.
        shape: sizes of a sample that it says enter it, ``None`` for those left open; or nothing.
        stand_in: whether a place holder may take its place, because its rule is the author's own code.
        expects: how many numbers (or channels) it says enter it; 0 where it does not.
    """

    kind: str
    settings: dict[str, Any]
    line: int
    name: str = ""
    shape: list[int | None] | None = None
    stand_in: bool = False
    expects: int = 0


@dataclass(frozen=True)
class Part:
    """A component that is not a layer: an optimizer, a loss, a regularizer.

    Attributes:
        kind: its registry.
        name: as that registry knows it.
        settings: its parameters.
    """

    kind: str
    name: str
    settings: Mapping[str, Any] = field(compare=False)


@dataclass(eq=False)
class Use:
    """One use of a layer on tensors."""

    layer: LayerValue
    sources: tuple[Tensor, ...]
    line: int
    around: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tensor:
    """An output of a use; without a use, something that enters from nowhere.

    Attributes:
        use: what gives it.
        port: which of its outputs it is.
        whole: whether it stands for all of the outputs, which can be taken apart.
    """

    use: Use | None
    port: int = 0
    whole: bool = True


@dataclass(eq=False)
class Stack:
    """Layers one after the other: a ``Sequential``, or what one module of another program becomes.

    Attributes:
        items: layers and models.
        line: where it was made.
        name: what it is called, or nothing.
        shape: sizes that it was built for, or nothing.
        loose: whether it is no model of its own, only layers that belong together.
    """

    items: list[Any]
    line: int
    name: str = ""
    shape: list[int | None] | None = None
    loose: bool = False


@dataclass(eq=False)
class Network:
    """A model between tensors."""

    inputs: list[Tensor]
    outputs: list[Tensor]
    line: int
    name: str = ""


@dataclass(eq=False)
class Function:
    """A function of the code, read anew at every call."""

    node: ast.FunctionDef | ast.Lambda
    scope: dict[str, Any]
    bound: Any = None


@dataclass(eq=False)
class OwnClass:
    """A class of the code."""

    node: ast.ClassDef
    scope: dict[str, Any]


@dataclass(eq=False)
class Object:
    """An instance of a class of the code that is a model."""

    made_by: OwnClass
    values: dict[str, Any]
    line: int
    name: str = ""


@dataclass(frozen=True)
class Method:
    """A method of a value, not called yet."""

    owner: Any
    name: str
    line: int


Layered = LayerValue | Stack | Network | Object


def holds_layers(value: Any, depth: int = 2) -> bool:
    """Whether a value is a part of a network, or a list with one."""
    if isinstance(value, (list, tuple)) and depth:
        return any(holds_layers(item, depth - 1) for item in value[:50])
    return isinstance(value, (LayerValue, Stack, Network, Object, Tensor))
