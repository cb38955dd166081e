"""Writes an activation's formula as the lines of a Python function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import isinf, isnan

from engine.exchange.trace import Term, X

#: Operators with their rank; a higher one binds its operands more tightly.
OPERATORS = {
    "less": ("<", 1), "less_equal": ("<=", 1), "greater": (">", 1), "greater_equal": (">=", 1), "equal": ("==", 1),
    "logical_or": ("|", 2), "logical_and": ("&", 3), "add": ("+", 4), "subtract": ("-", 4), "multiply": ("*", 5),
    "divide": ("/", 5), "power": ("**", 7),
}  # fmt: skip
PREFIXES = {"negative": ("-", 6), "logical_not": ("~", 6)}
#: Rank of names, calls and whatever needs no brackets.
ATOM = 9
#: Longest part that stays inside another; a longer one gets a line of its own.
LONGEST = 70


@dataclass(frozen=True)
class Spelling:
    """How a library says what Python itself cannot.

    Attributes:
        calls: a call by operation, with {0}, {1} ... where operands go.
        arrays: operations that take no plain numbers.
        array: makes the number {0} an array like x.
    """

    calls: Mapping[str, str]
    arrays: frozenset[str] = frozenset()
    array: str = "{0}"


def formula_lines(formula: Term, spelling: Spelling, inputs: Mapping[Term, str] | None = None) -> list[str]:
    """The body of a function of x (or of other inputs by name), without indentation.

    What is used twice is computed once.
    """
    writer = _Writer(spelling, _uses(formula), inputs or {X: "x"})
    last = writer.known[formula] if formula in writer.known else writer.expression(formula)[0]
    return [*writer.lines, f"return {last}"]


def _uses(formula: Term) -> Counter[Term]:
    """How often each term is read."""
    found: Counter[Term] = Counter()
    waiting = [formula]
    while waiting:
        term = waiting.pop()
        found[term] += 1
        if found[term] == 1:
            waiting.extend(term.parts)
    return found


class _Writer:
    def __init__(self, spelling: Spelling, uses: Counter[Term], inputs: Mapping[Term, str]) -> None:
        self.spelling, self.uses = spelling, uses
        self.lines: list[str] = []
        self.known: dict[Term, str] = dict(inputs)

    def text(self, part: Term | float, rank: int) -> str:
        """An operand as it stands in an expression of that rank."""
        if not isinstance(part, Term):
            text = number_text(part)
            return f"({text})" if text.startswith("-") and rank else text
        if part in self.known:
            return self.known[part]
        text, own = self.expression(part)
        if self.uses[part] > 1 or len(text) > LONGEST:
            count = len(self.lines)
            name = self.known[part] = "uvw"[count] if count < 3 else f"t{count}"
            self.lines.append(f"{name} = {text}")
            return name
        return f"({text})" if own < rank else text

    def expression(self, term: Term) -> tuple[str, int]:
        """A term in full, and the rank of its outermost operator."""
        operation, operands = term.operation, term.operands
        if operation in OPERATORS:
            symbol, rank = OPERATORS[operation]
            # Neither comparisons nor powers may stand bare on the left of their like.
            left = self.text(operands[0], rank + (rank in (1, 7)))
            return f"{left} {symbol} {self.text(operands[1], rank + 1)}", rank
        if operation in PREFIXES:
            symbol, rank = PREFIXES[operation]
            return symbol + self.text(operands[0], rank), rank
        if operation in ("maximum", "minimum") and operation in self.spelling.arrays:
            numbers = [part for part in operands if not isinstance(part, Term)]
            if numbers:
                limits = [*numbers, float("inf")] if operation == "maximum" else [float("-inf"), *numbers]
                return self.expression(Term("clip", (*term.parts, *limits)))
        return self.spelling.calls[operation].format(*(self._argument(operation, part) for part in operands)), ATOM

    def _argument(self, operation: str, part: Term | float) -> str:
        if isinstance(part, Term):
            return self.text(part, 0)
        if operation == "clip":
            return "None" if isinf(part) else number_text(part)
        text = repr(part) if not (isinf(part) or isnan(part)) else number_text(part)
        return self.spelling.array.format(text) if operation in self.spelling.arrays else text


def number_text(value: float) -> str:
    """A number as people write it."""
    if isinf(value) or isnan(value):
        return f'float("{value}")'
    return str(int(value)) if value.is_integer() and abs(value) < 1e6 else repr(value)
