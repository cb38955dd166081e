"""What is this? Pages about every component, from the declarations."""
