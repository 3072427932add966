"""Rules that almost permit what is missing: hints that explain a mistake, and decide nothing."""
