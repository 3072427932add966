"""Writes a text anew without what is its owner's: names, addresses, remarks, secrets."""
