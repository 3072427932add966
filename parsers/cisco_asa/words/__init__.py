"""The words of single lines: addresses, services, objects."""
