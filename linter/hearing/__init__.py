"""What devices and hosts answered, held against what was proven."""
