"""Models of other programs, read in a child process and turned into projects.

Nothing is imported here: the child that reads the file loads this package too, and must start quickly.
"""
