"""Change scripts: what commands make of a configuration."""
