"""Texts and names in Python files that are given away: a user's text never becomes code."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterable, Mapping, Sequence
from textwrap import indent

from engine.component import Component, parameters
from engine.exchange.parcel import Parcel, identifier
from engine.exchange.python_formula import Spelling, formula_lines
from engine.exchange.trace import Term, X, trace, trace_of
from engine.graph import Graph, Node

INDENT = "    "
#: How a script that answers ends: it saves what was said, or shows it.
ANSWERS = '''\
    said = dict(zip(OUTPUTS, map(np.concatenate, zip(*parts))))
    if answers:
        np.savez(answers, **said)
    else:
        for name, values in said.items():
            show(name, values)


def show(name, values):
    """Print answers: the likeliest class of each sample, or the numbers."""
    print(name, values.shape)
    if CLASSES and values.shape[1:] == (len(CLASSES),):
        for place, best in enumerate(values.argmax(axis=1)):
            print(f"{place:6}  {CLASSES[best]}  {values[place, best]:.4f}")
    else:
        print(values)


if __name__ == "__main__":
    if len(sys.argv) in (2, 3):
        main(*sys.argv[1:])
    else:
        print(__doc__)
'''


def docstring(text: str) -> str:
    """A text of one line as a docstring."""
    plain = text.isprintable() and not set('\\"') & set(text)
    return f'"""{text}"""' if plain else repr(text)


def remark(node: Node, name: str) -> str:
    """A comment above a layer: its name, its kind, and what its label says if that is something else."""
    label = f", drawn as {node.label!r}" if node.label and node.label != name else ""
    return f"# {name}: {identifier_of_kind(node)}{label}"


def identifier_of_kind(node: Node) -> str:
    """The type of a layer, which a plug-in may have named in any way."""
    key = node.layer.key
    return key if key.isidentifier() else repr(key)


def is_chain(graph: Graph) -> bool:
    """Whether every layer has one source and one reader, so that one variable will do."""
    return len(graph.inputs) == len(graph.outputs) == 1 and all(len(graph.into(key)) < 2 for key in graph.nodes)


def free_names(parcel: Parcel, reserved: Iterable[str]) -> dict[str, str]:
    """An identifier for every node that means nothing else in the file."""
    taken = {*reserved, *dir(builtins)}
    names: dict[str, str] = {}
    for key, name in parcel.names.items():
        names[key] = fresh(name, taken | (set(parcel.names.values()) - {name}) | set(names.values()))
    return names


def file_names(parcel: Parcel) -> dict[str, str]:
    """What arrays of inputs and outputs are called in .npz files, by node."""
    # numpy.savez takes these two for itself.
    taken = {"file", "allow_pickle"}
    others = set(parcel.names.values())
    return {key: fresh(name, taken | (others - {name})) for key, name in parcel.names.items()}


def fresh(wanted: str, taken: Collection[str]) -> str:
    """The name, with a number behind it when it is taken."""
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}_{count}"
    return name


class Formulas:
    """Functions written for activations, each once.

    Args:
        spelling: of the library they are written with.
        taken: names that mean something else.
    """

    def __init__(self, spelling: Spelling, taken: Iterable[str]) -> None:
        self._spelling = spelling
        self._taken = {*taken, *dir(builtins)}
        self._names: dict[Component, str] = {}
        self.sources: list[str] = []
        self._formulas: list[Term] = []

    def name(self, activation: Component) -> str:
        """The function of an activation, written when first asked for.

        Raises:
            UsageError: its formula cannot be written down.
        """
        if activation not in self._names:
            self._write(activation, trace(activation), {X: "x"})
        return self._names[activation]

    def name_of_layer(self, layer: Component, count: int) -> str:
        """The function of a layer that is a formula of so many arrays, written when first asked for.

        Raises:
            UsageError: its formula cannot be written down.
        """
        if layer not in self._names:
            inputs, formula = trace_of(layer, count)
            self._write(layer, formula, {term: _argument(n) for n, term in enumerate(inputs, 1)})
        return self._names[layer]

    def _write(self, component: Component, formula: Term, inputs: Mapping[Term, str]) -> None:
        name = fresh(identifier(component.key), self._taken)
        self._taken.add(name)
        self._names[component] = name
        self._formulas.append(formula)
        body = [docstring(_summary(component)), *formula_lines(formula, self._spelling, inputs)]
        source = f"def {name}({', '.join(inputs.values())}):\n" + indent("\n".join(body), INDENT) + "\n"
        self.sources.append(source)

    def use(self, operation: str) -> bool:
        """Whether a formula written so far has a step of this kind."""
        return any(operation in formula.operations for formula in self._formulas)


def _argument(number: int) -> str:
    # Spellings make arrays like x, the first.
    return "x" if number == 1 else f"x{number}"


def _summary(activation: Component) -> str:
    """The first line of its documentation, with its settings."""
    if isinstance(written := getattr(activation, "expression", None), str):
        return f"The formula {written}."
    first = (type(activation).__doc__ or "").strip().partition("\n")[0] or activation.key
    values = [f"{p.name} = {getattr(activation, p.name)!r}" for p in parameters(type(activation))]
    return f"{first} Here {', '.join(values)}." if values else first


def shape_comment(shape: tuple[int, ...]) -> str:
    """The shape of a batch: ``(n, 28, 28, 1)``."""
    return f"({', '.join(map(str, ('n', *shape)))}{'' if shape else ','})"


def aligned(shapes: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Shapes of samples with axes of size 1 in front where they have fewer, so that all have the same number."""
    rank = max(map(len, shapes))
    return [(1,) * (rank - len(shape)) + shape for shape in shapes]


def merged_text(operation: str, names: Sequence[str], library: str) -> str:
    """Arrays put together number by number, as an expression."""
    if operation in ("maximum", "minimum"):
        found = names[0]
        for name in names[1:]:
            found = f"{library}.{operation}({found}, {name})"
        return found
    if operation == "average":
        return f"({' + '.join(names)}) / {len(names)}"
    return {"subtract": " - ", "multiply": " * "}[operation].join(names)


def slices_text(sides: Iterable[tuple[int, int]]) -> str:
    """What stands between the brackets that take so much off the ends of each axis behind the first."""
    parts = [f"{before or ''}:{-after if after else ''}" for before, after in sides]
    while parts and parts[-1] == ":":
        parts.pop()
    return ", ".join([":", *parts])


def samples_text(shapes: Sequence[tuple[int, ...]], names: Sequence[str], more: str = "") -> str:
    """What a file of samples holds, in a sentence, and another one about it."""
    if len(names) == 1:
        told = f"A file of samples is an array of n samples of shape {shapes[0]}."
    else:
        listed = ", ".join(f"{name} {shape}" for name, shape in zip(names, shapes, strict=True))
        told = f"A file of samples is an .npz with these arrays of n samples each: {listed}."
    return f"{told}\n{more}" if more else told
