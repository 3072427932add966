"""Rules, listings and shell lines as text."""
