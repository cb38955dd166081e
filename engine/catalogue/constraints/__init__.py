"""One file per weight constraint."""
