"""The second opinion: one packet, rule by rule, at one firewall or along a site."""
