"""Languages: the catalogue of messages, and sentences that are translated."""
