"""What the runner is doing."""

from __future__ import annotations

from enum import Enum

from designer.text import tr


class RunStatus(Enum):
    """Status of the current run, or of the last one."""

    IDLE = "idle"
    LOADING = "loading"
    COMPILING = "compiling"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    FINISHED = "finished"
    FAILED = "failed"

    @property
    def is_active(self) -> bool:
        """Whether a run is under way."""
        return self in _ACTIVE


def epochs_trained(count: int) -> str:
    """How many epochs are done, in words."""
    return tr("1 epoch trained") if count == 1 else tr("{count} epochs trained", count=count)


_ACTIVE = frozenset({RunStatus.LOADING, RunStatus.COMPILING, RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.STOPPING})
