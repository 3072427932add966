"""One packet, followed by the walker that shares no code with the sets."""
