"""Cisco ASA (and PIX 7, FWSM) configurations and `show access-list` output."""
