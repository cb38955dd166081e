"""What the outside wants of a run; the trainer looks at it once a batch."""

from __future__ import annotations

import threading


class Control:
    """Pause, resume, stop, snapshot and probe requests, safe from any thread."""

    def __init__(self) -> None:
        self._go = threading.Event()
        self._go.set()
        self._stopped = False
        self._snapshot = False
        self._probe = False
        #: Whether anything is asked at all: one plain attribute to read per batch.
        self.attention = False

    def pause(self) -> None:
        """Wait after the current batch."""
        self._go.clear()
        self.attention = True

    def resume(self) -> None:
        """Go on."""
        self._go.set()

    def stop(self) -> None:
        """End after the current batch (also out of a pause)."""
        self._stopped = True
        self.attention = True
        self._go.set()

    def request_snapshot(self) -> None:
        """Ask for one ``Snapshot`` event at the next batch boundary (also during a pause)."""
        self._snapshot = True
        self.attention = True

    def request_probe(self) -> None:
        """Ask for one ``Probe`` event at the next batch boundary (also during a pause)."""
        self._probe = True
        self.attention = True

    def take_probe_request(self) -> bool:
        """Whether a look at the weights was asked for; forgets the request."""
        wanted, self._probe = self._probe, False
        return wanted

    def take_snapshot_request(self) -> bool:
        """Whether a snapshot was asked for; forgets the request."""
        wanted, self._snapshot = self._snapshot, False
        return wanted

    @property
    def paused(self) -> bool:
        """Whether a pause is wanted."""
        return not self._go.is_set()

    @property
    def stopped(self) -> bool:
        """Whether an end is wanted."""
        return self._stopped

    def attended(self) -> None:
        """Everything asked was answered; a request that arrives meanwhile is not lost."""
        self.attention = False
        if self._stopped or self._snapshot or self._probe or self.paused:
            self.attention = True

    def wait(self, seconds: float) -> bool:
        """Wait out a pause for a while; ``True`` when the run may go on or must end."""
        return self._go.wait(seconds)
