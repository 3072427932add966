"""What a change does to the installation methods, before it goes live."""
