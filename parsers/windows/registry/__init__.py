"""Registry exports, Registry.pol and hives."""
