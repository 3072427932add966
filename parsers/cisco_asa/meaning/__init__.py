"""From the words of an ASA to the common model."""
