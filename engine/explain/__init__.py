"""What a trained network sees, where it looks, what it confuses, and its answers as a table."""
