"""What pasted text may be at most, and the one kind of refusal."""

from __future__ import annotations

from engine.errors import LayerloomError

#: Most characters, parts of the syntax tree, and levels of nesting.
LENGTH, PARTS, DEPTH = 200_000, 40_000, 60
#: Most evaluated parts, with every round of a loop counted; also bounds how much lists can hold together.
STEPS = 200_000
#: Most rounds of all loops, functions within each other, and layers of a network.
ROUNDS, CALLS, LAYERS = 4_000, 12, 1_000
#: Whole numbers and texts beyond these are in no description of a network.
LARGEST, TEXT = 10**15, 2_000


class SnippetError(LayerloomError, ValueError):
    """Pasted code says something that is not understood; the text is one sentence with its line.

    Attributes:
        line: where it stands (1 is the first), or 0 where it concerns the whole.
    """

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(f"Line {line}: {reason}" if line else reason)


class Budget:
    """Counts what is done, so that no text takes long.

    Attributes:
        rounds: how many rounds of loops are left.
    """

    def __init__(self) -> None:
        self._steps = STEPS
        self._layers = LAYERS
        self.rounds = ROUNDS

    def spend(self, line: int, steps: int = 1) -> None:
        """Count steps.

        Raises:
            SnippetError: there were too many.
        """
        self._steps -= steps
        if self._steps < 0:
            raise SnippetError(line, f"the code takes more than {STEPS:,} steps to read; paste only the network.")

    def make(self, line: int) -> None:
        """Count one layer that is made.

        Raises:
            SnippetError: there were too many.
        """
        self._layers -= 1
        if self._layers < 0:
            raise SnippetError(line, f"the code makes more than {LAYERS:,} layers; paste a part of it.")

    def turn(self, line: int) -> None:
        """Count one round of a loop.

        Raises:
            SnippetError: there were too many.
        """
        self.rounds -= 1
        if self.rounds < 0:
            raise SnippetError(line, f"its loops go round more than {ROUNDS:,} times; write fewer rounds.")
