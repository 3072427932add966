"""A first site file: what can be read in configurations, each guess with the line that suggests it."""
