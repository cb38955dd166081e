"""One file per regularizer."""
