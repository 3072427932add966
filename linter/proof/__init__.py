"""Packets along their path: what each firewall on it does with them."""
