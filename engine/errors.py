"""Exceptions whose text is written for the person at the screen.

Every message names the rule, what was received and what to do next. User mistakes found while
editing are :class:`engine.problems.Problem` values instead; these exceptions serve calls that
cannot go on.
"""

from __future__ import annotations

from dataclasses import dataclass


class LayerloomError(Exception):
    """Base of every error that a user can cause and mend."""


class ParameterError(LayerloomError, ValueError):
    """A parameter breaks its declared constraint.

    Attributes:
        component: name of the component, for example ``Dense``.
        parameter: name of the parameter, or ``None`` when the call itself is wrong.
        reason: the sentence without the component's name.
    """

    def __init__(self, component: str, parameter: str | None, reason: str) -> None:
        self.component = component
        self.parameter = parameter
        self.reason = reason
        super().__init__(f"{component}: {reason}")


class GraphError(LayerloomError, ValueError):
    """An edit of the graph is not allowed (a cycle, an unknown port, an occupied input)."""


class FileError(LayerloomError, ValueError):
    """A file is damaged, hostile, too large or of another kind than expected."""


class DataError(LayerloomError, ValueError):
    """Data do not fit: wrong shape, wrong number of rows, labels outside the classes."""


class UsageError(LayerloomError, ValueError):
    """A call of the public interface that cannot work, such as ``fit`` before ``compile``."""


class UnknownName(LayerloomError, KeyError):  # noqa: N818 (reads better where it is raised)
    """A registry holds nothing under this name."""

    def __str__(self) -> str:
        return str(self.args[0])


class OldSpellingNote(FutureWarning):
    """Something was spelled as in an older Keras; the text names today's spelling."""


@dataclass(frozen=True)
class Remedy:
    """How a fault could be mended, as data; ``engine.infer`` turns it into a graph edit.

    Attributes:
        label: the text of the button.
        insert: type of a layer to put in front of the guilty node, or ``None``.
        parameters: parameters to set (of the inserted layer, or of the node itself).
        wires: places of the entering wires that get the inserted layer, one each; empty for all of the first port.
        after: put it behind the guilty node instead.
    """

    label: str
    insert: str | None = None
    parameters: tuple[tuple[str, object], ...] = ()
    wires: tuple[int, ...] = ()
    after: bool = False


class ShapeError(LayerloomError, ValueError):
    """A layer cannot take the shapes that arrive.

    Attributes:
        remedy: the change that would help, if there is an obvious one.
    """

    def __init__(self, text: str, remedy: Remedy | None = None) -> None:
        self.remedy = remedy
        super().__init__(text)
