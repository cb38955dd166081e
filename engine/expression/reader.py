"""Reads a formula: a tokenizer and a parser of our own, so that nothing but the grammar can ever be said.

Grammar, from what binds least to what binds most::

    condition:  not, and, or between comparisons (< <= > >= == !=); only as the first part of where
    sum:        product + product, product - product
    product:    signed * signed, signed / signed
    signed:     - signed, + signed, power
    power:      atom ** number          (the number from -16 to 16)
    atom:       number, name, function(sum, ...), ( sum )
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.expression.functions import CONSTANTS, FUNCTIONS, KEYWORDS
from engine.expression.tree import EXPONENT, LARGEST, ExpressionError, Forest, Tree

#: Most characters, steps, and levels of brackets of a formula.
LENGTH, STEPS, DEPTH = 500, 200, 30
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/(),<>]))"
)
COMPARING = {
    "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal", "==": "equal", "!=": "not_equal",
}  # fmt: skip
#: Signs of other languages, and what is written here.
FOREIGN = {"^": "Write ** for a power.", "=": "Write == to compare.", "|": "Write or between conditions.",
           "&": "Write and between conditions.", "%": "Write x - n*floor(x/n) for a remainder."}  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A number, a name or a sign, and where it stands (1 is the first character)."""

    kind: str
    text: str
    place: int


def read(text: str, names: Iterable[str], forest: Forest | None = None) -> Tree:
    """The steps of a formula.

    Args:
        text: what was written.
        names: inputs, constants and trained parameters that it may use.
        forest: where the steps are kept.

    Raises:
        ExpressionError: it is no formula; the text continues the words "the expression".
    """
    if len(text) > LENGTH:
        raise ExpressionError(f"it has {len(text):,} characters; at most {LENGTH} are allowed")
    if not text.isascii():
        strange = next(c for c in text if not c.isascii())
        raise ExpressionError(f"{strange!r} is no letter or sign of a formula; use plain letters, digits and + - * /")
    return _Reader(_tokens(text), tuple(names), forest or Forest()).whole()


def _tokens(text: str) -> list[Token]:
    found, place = [], 0
    end = len(text.rstrip())
    while place < end:
        match = TOKEN.match(text, place)
        if match is None or match.end() == place:
            rest = text[place:].lstrip()
            at = end - len(rest.rstrip()) + 1
            advice = FOREIGN.get(rest[0], "Only numbers, names, functions and + - * / ** ( ) are known.")
            raise ExpressionError(f"{rest[0]!r} at place {at} is not understood. {advice}")
        kind = match.lastgroup or ""
        found.append(Token(kind, match[kind], match.start(kind) + 1))
        place = match.end()
    return found


class _Reader:
    """Walks the tokens from left to right."""

    def __init__(self, tokens: list[Token], names: tuple[str, ...], forest: Forest) -> None:
        self.tokens, self.names, self.forest = tokens, names, forest
        self.at = self.depth = self.steps = 0

    def whole(self) -> Tree:
        """The formula, to its very end."""
        if not self.tokens:
            raise ExpressionError("it is empty; write for example maximum(x, 0)")
        tree = self.number(self.condition())
        if self.at < len(self.tokens):
            raise self.unexpected()
        return tree

    # -- tokens ------------------------------------------------------------------------------

    def peek(self) -> str:
        """The text of the next token, empty at the end."""
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    def take(self, *texts: str) -> str:
        """The next token if it is one of these, else nothing."""
        found = self.peek()
        if not found or found not in texts:
            return ""
        self.at += 1
        return found

    def expect(self, text: str, why: str) -> None:
        """Go past a sign that must stand here."""
        if not self.take(text):
            received = f"{self.peek()!r} stands there" if self.peek() else "the formula ends"
            raise ExpressionError(f"{why} needs {text!r}, but {received}")

    def unexpected(self) -> ExpressionError:
        """What to say of a token that cannot stand where it does."""
        if self.at >= len(self.tokens):
            return ExpressionError("it ends where a number, a name or a bracket should follow")
        token = self.tokens[self.at]
        if token.text == ")":
            return ExpressionError(f"the bracket ')' at place {token.place} closes nothing, or something is missing")
        if token.text in COMPARING:
            return ExpressionError("comparisons cannot be chained; write a < x and x < b")
        if token.kind in ("name", "number") or token.text == "(":
            return ExpressionError(f"a sign such as * is missing before {token.text!r} at place {token.place}")
        return ExpressionError(f"{token.text!r} at place {token.place} cannot stand there")

    # -- grammar -----------------------------------------------------------------------------

    def make(self, operation: str, *parts: Tree) -> Tree:
        """A step that counts against the limit."""
        self.steps += 1
        if self.steps > STEPS:
            raise ExpressionError(f"it has more than {STEPS} steps. Divide it into several layers")
        return self.forest.make(operation, *parts)

    def number(self, tree: Tree) -> Tree:
        """Refuse a condition where a number is needed."""
        if tree.logical:
            raise ExpressionError(
                "a comparison gives no number; put it into where, as in where(x > 0, x, 0) or where(x > 0, 1, 0)"
            )
        return tree

    def truth(self, tree: Tree) -> Tree:
        """Refuse a number where a condition is needed."""
        if not tree.logical:
            raise ExpressionError("a condition compares two numbers, as in x > 0")
        return tree

    def condition(self) -> Tree:
        """or between what and binds."""
        self.depth += 1
        if self.depth > DEPTH:
            raise ExpressionError(f"its brackets are nested deeper than {DEPTH} levels")
        found = self.both()
        while self.take("or"):
            found = self.make("logical_or", self.truth(found), self.truth(self.both()))
        self.depth -= 1
        return found

    def both(self) -> Tree:
        """and between comparisons."""
        found = self.comparison()
        while self.take("and"):
            found = self.make("logical_and", self.truth(found), self.truth(self.comparison()))
        return found

    def comparison(self) -> Tree:
        """not, or one comparison, or a sum."""
        turned = 0
        while self.take("not"):
            turned += 1
        found = self.sum()
        if sign := self.take(*COMPARING):
            found = self.make(COMPARING[sign], self.number(found), self.number(self.sum()))
            if self.peek() in COMPARING:
                raise self.unexpected()
        for _ in range(turned % 2 if turned else 0):
            found = self.make("logical_not", self.truth(found))
        return self.truth(found) if turned else found

    def sum(self) -> Tree:
        """Products with + and - between them."""
        found = self.product()
        while sign := self.take("+", "-"):
            operation = "add" if sign == "+" else "subtract"
            found = self.make(operation, self.number(found), self.number(self.product()))
        return found

    def product(self) -> Tree:
        """Powers with * and / between them."""
        found = self.signed()
        while sign := self.take("*", "/"):
            operation = "multiply" if sign == "*" else "divide"
            found = self.make(operation, self.number(found), self.number(self.signed()))
        return found

    def signed(self) -> Tree:
        """Signs before a power; -x**2 is -(x**2)."""
        minus = 0
        while sign := self.take("-", "+"):
            minus += sign == "-"
        found = self.power()
        return self.make("negative", self.number(found)) if minus % 2 else found

    def power(self) -> Tree:
        """An atom, perhaps raised to a constant power."""
        base = self.atom()
        if not self.take("**"):
            return base
        self.depth += 1
        if self.depth > DEPTH:
            raise ExpressionError(f"its powers are nested deeper than {DEPTH} levels")
        exponent = self.signed()
        self.depth -= 1
        if exponent.operation != "number" or abs(exponent.value) > EXPONENT:
            raise ExpressionError(
                f"the exponent after ** must be a plain number from -{EXPONENT:g} to {EXPONENT:g}; "
                "write exp(b*log(a)) for a power that changes"
            )
        return self.make("power", self.number(base), exponent)

    def atom(self) -> Tree:
        """A number, a name, a call or a bracket."""
        if self.at >= len(self.tokens):
            raise self.unexpected()
        token = self.tokens[self.at]
        if token.kind == "number":
            self.at += 1
            return self.literal(token)
        if token.kind == "name" and token.text not in KEYWORDS:
            self.at += 1
            return self.call(token) if self.peek() == "(" else self.named(token)
        if self.take("("):
            found = self.condition()
            self.expect(")", f"the bracket at place {token.place}")
            return found
        raise self.unexpected()

    def literal(self, token: Token) -> Tree:
        """A plain number."""
        value = float(token.text)
        if value > LARGEST:
            raise ExpressionError(f"the number {token.text[:20]} is larger than {LARGEST:g}")
        following = self.tokens[self.at] if self.at < len(self.tokens) else None
        if following is not None and following.kind != "sign" and following.place == token.place + len(token.text):
            raise ExpressionError(f"{token.text + following.text!r} at place {token.place} is neither number nor name")
        return self.forest.number(value)

    def named(self, token: Token) -> Tree:
        """An input, a constant or a trained parameter."""
        if token.text in self.names:
            return self.forest.name(token.text)
        if token.text in CONSTANTS:
            return self.forest.number(CONSTANTS[token.text])
        if token.text in FUNCTIONS:
            raise ExpressionError(f"{token.text} is a function: write {FUNCTIONS[token.text].takes}")
        known = ", ".join((*self.names, *CONSTANTS))
        raise ExpressionError(f"the name '{_short(token.text)}' is not known here; known are {known}")

    def call(self, token: Token) -> Tree:
        """A function with what stands in its brackets."""
        function = FUNCTIONS.get(token.text)
        if function is None:
            near = difflib.get_close_matches(token.text[:40], FUNCTIONS, 1)
            advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(FUNCTIONS)}"
            raise ExpressionError(f"there is no function '{_short(token.text)}'; {advice}")
        self.take("(")
        parts: list[Tree] = []
        while self.peek() != ")":
            if parts:
                self.expect(",", f"{token.text}(...)")
            found = self.condition()
            wants_truth = token.text == "where" and not parts
            parts.append(self.truth(found) if wants_truth else self.number(found))
        self.expect(")", f"{token.text}(...)")
        if not function.least <= len(parts) <= function.most:
            raise ExpressionError(f"{token.text} is written {function.takes}; received {len(parts)} parts")
        self.steps += 1
        return function.make(self.forest, tuple(parts))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
