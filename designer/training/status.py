"""What the runner is doing."""

from __future__ import annotations

from enum import Enum


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


_ACTIVE = frozenset({RunStatus.LOADING, RunStatus.COMPILING, RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.STOPPING})
