"""A run that can be proven again: all that it read, what it said, and a script that compares both."""
