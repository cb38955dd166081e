"""A formula as people read it: plain text that can be read again, and LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.expression.functions import CONSTANTS
from engine.expression.tree import ExpressionError, Tree

#: Signs with their rank: a higher one binds more tightly.
SIGNS = {
    "logical_or": ("or", 1), "logical_and": ("and", 2), "less": ("<", 3), "less_equal": ("<=", 3),
    "greater": (">", 3), "greater_equal": (">=", 3), "equal": ("==", 3), "not_equal": ("!=", 3), "add": ("+", 4),
    "subtract": ("-", 4), "multiply": ("*", 5), "divide": ("/", 5), "power": ("**", 7),
}  # fmt: skip
MINUS, ATOM = 6, 9
NAMES = {"absolute": "abs"}
LATEX_SIGNS = {
    "logical_or": r"\lor", "logical_and": r"\land", "less_equal": r"\le", "greater_equal": r"\ge", "equal": "=",
    "not_equal": r"\ne", "multiply": r"\,",
}  # fmt: skip
GREEK = frozenset(
    ("alpha", "beta", "gamma", "delta", "epsilon", "theta", "lambda", "mu", "nu", "rho", "sigma", "tau", "phi",
     "omega")
)  # fmt: skip
#: Longest text that is written; a formula that uses its parts again and again would have no end.
LONGEST = 20_000


def number_text(value: float) -> str:
    """A number as people write it."""
    for name, constant in CONSTANTS.items():
        if value == constant:
            return name
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


class _Writer:
    def __init__(self, latex: bool) -> None:
        self.latex = latex
        self.length = 0

    def text(self, tree: Tree, rank: int = 0) -> str:
        """A step as it stands in one of that rank."""
        found, own = self.step(tree)
        self.length += len(found)
        if self.length > LONGEST:
            raise ExpressionError("it is too long to be written out")
        if own >= rank:
            return found
        return rf"\left({found}\right)" if self.latex else f"({found})"

    def step(self, tree: Tree) -> tuple[str, int]:
        """A step and the rank of its outermost sign."""
        if tree.operation == "number":
            return number_text(tree.value), MINUS if tree.value < 0 else ATOM
        if tree.operation == "name":
            return _latex_name(tree.name) if self.latex else tree.name, ATOM
        if self.latex and tree.operation in LATEX:
            return LATEX[tree.operation](self, tree.parts), ATOM
        if tree.operation in SIGNS:
            return self.signed(tree)
        if tree.operation == "negative":
            return f"-{self.text(tree.parts[0], MINUS)}", MINUS
        if tree.operation == "logical_not":
            return (r"\lnot " if self.latex else "not ") + self.text(tree.parts[0], 3), 2
        name = NAMES.get(tree.operation, tree.operation)
        inner = ", ".join(self.text(part) for part in tree.parts)
        return (rf"\operatorname{{{name}}}\left({inner}\right)" if self.latex else f"{name}({inner})"), ATOM

    def signed(self, tree: Tree) -> tuple[str, int]:
        """Two parts with a sign between them."""
        sign, rank = SIGNS[tree.operation]
        # Neither comparisons nor powers may stand bare on the left of their like.
        left = self.text(tree.parts[0], rank + (rank in (3, 7)))
        right = self.text(tree.parts[1], MINUS if tree.operation == "power" else rank + 1)
        shown = LATEX_SIGNS.get(tree.operation, sign) if self.latex else sign
        return (f"{left}{shown}{right}" if rank == 7 else f"{left} {shown} {right}"), rank


def _latex_name(name: str) -> str:
    stem = name.rstrip("0123456789")
    below = name[len(stem) :]
    shown = (
        rf"\{stem}" if stem in GREEK else stem if len(stem) == 1 else rf"\mathrm{{{stem.replace('_', chr(92) + '_')}}}"
    )
    return f"{shown}_{{{below}}}" if below else shown


def _cases(w: _Writer, parts: tuple[Tree, ...]) -> str:
    condition, yes, no = parts
    rows = rf"{w.text(yes)} & {w.text(condition)} \\ {w.text(no)} & \text{{otherwise}}"
    return rf"\begin{{cases}} {rows} \end{{cases}}"


LATEX: Mapping[str, Callable[[_Writer, tuple[Tree, ...]], str]] = {
    "divide": lambda w, p: rf"\frac{{{w.text(p[0])}}}{{{w.text(p[1])}}}",
    "power": lambda w, p: f"{{{w.text(p[0], ATOM)}}}^{{{w.text(p[1])}}}",
    "sqrt": lambda w, p: rf"\sqrt{{{w.text(p[0])}}}",
    "exp": lambda w, p: f"e^{{{w.text(p[0])}}}",
    "absolute": lambda w, p: rf"\left|{w.text(p[0])}\right|",
    "maximum": lambda w, p: rf"\max\left({w.text(p[0])}, {w.text(p[1])}\right)",
    "minimum": lambda w, p: rf"\min\left({w.text(p[0])}, {w.text(p[1])}\right)",
    "where": _cases,
}


def to_text(tree: Tree) -> str:
    """The formula in the words it can be read from.

    Raises:
        ExpressionError: it would be far too long.
    """
    return _Writer(latex=False).text(tree)


def to_latex(tree: Tree) -> str:
    """The formula as LaTeX, without the dollar signs around it.

    Raises:
        ExpressionError: it would be far too long.
    """
    return _Writer(latex=True).text(tree)
