"""The panel that shows what a network sees."""
