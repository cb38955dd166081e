"""The prompt: everything that can be done, found by a few letters."""
