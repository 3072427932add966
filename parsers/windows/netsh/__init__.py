"""What netsh prints and takes."""
