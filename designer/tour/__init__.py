"""A tour of the real window, driven by mouse and keys, that checks what it sees."""
