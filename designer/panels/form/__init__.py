"""The form made from a declaration: one editor for each kind of constraint."""
