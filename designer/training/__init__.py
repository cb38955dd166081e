"""Training seen from the window: the engine thread, drained once a frame, and the log that views read."""
