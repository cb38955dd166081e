"""Project folders on disk."""
