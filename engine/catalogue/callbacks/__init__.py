"""One file per callback: what happens beside the updates of a run."""
