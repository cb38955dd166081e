"""The one way from the engine thread to the window: a queue that neither waits nor overflows."""

from __future__ import annotations

from collections import deque

from engine.train.events import BatchEnd, Compiling, EpochEnd, Event, Validating

#: Events that may lie unread; about a second of the fastest training.
ROOM = 65_536
#: Kinds of which every second one may be dropped while nobody reads; the rest always arrive.
THINNED = (BatchEnd, EpochEnd, Validating, Compiling)


class Mailbox:
    """Events on their way; one thread puts, one thread takes, and neither ever waits.

    A deque's ``append`` and ``popleft`` are atomic, so no lock is needed. When nobody reads for long (the window
    is stalled by a system dialog, say), what arrives is held back by the writer and thinned to every second event
    again and again, so memory stays bounded by ``2 * room`` events and the latest event is always kept. The trainer's
    own history keeps every update, so nothing is lost for good.

    Args:
        room: events that may lie unread before thinning begins.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._unread: deque[object] = deque()
        self._held: list[Event] = []

    def __len__(self) -> int:
        return len(self._unread) + len(self._held)

    def put(self, event: object) -> None:
        """Add an event (engine thread only)."""
        if isinstance(event, THINNED):
            if not self._held and len(self._unread) < self._room:
                self._unread.append(event)
                return
            self._hold(event)
            return
        # What a run's course depends on is rare and goes through at once, in its order.
        self._unread.extend(self._held)
        self._held = []
        self._unread.append(event)

    def _hold(self, event: Event) -> None:
        self._held.append(event)
        if len(self._unread) < self._room // 2:
            self._unread.extend(self._held)
            self._held = []
        elif len(self._held) >= self._room:
            self._held = _thinned(self._held)

    def take(self, most: int) -> list[object]:
        """Take up to ``most`` events, the oldest first (window's thread only)."""
        take = self._unread.popleft
        # Only this thread takes, so what the queue holds now will still be there.
        return [take() for _ in range(min(most, len(self._unread)))]


def _thinned(events: list[Event]) -> list[Event]:
    """Every second event of each kind, the last of each kind included."""
    kept: list[Event] = []
    counts: dict[type[object], int] = {}
    for event in reversed(events):
        count = counts.get(type(event), 0)
        counts[type(event)] = count + 1
        if count % 2 == 0:
            kept.append(event)
    return kept[::-1]
