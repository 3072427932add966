"""The common model of firewalls, in words of no vendor: frozen data, imports nothing of ours."""
