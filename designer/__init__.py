"""The window in which networks are drawn and trained."""
