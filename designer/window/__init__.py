"""The main window: it assembles the parts, and only assembles."""
