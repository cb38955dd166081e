"""One file per initializer."""
