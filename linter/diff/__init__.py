"""What a change does to the methods, before it goes live."""
