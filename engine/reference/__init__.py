"""What every declaration says about itself, as pages to read: in ``docs/layers.md`` and in the window's help."""
