"""What is being edited: the current project, its undo history and the selection; no widgets."""
