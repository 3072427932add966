"""What a firewall says, in words that no vendor owns: frozen data, imports nothing of ours."""
