"""What each command of the ASA family does to packets that pass: one row a command, and the look-up."""
