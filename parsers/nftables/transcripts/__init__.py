"""What nft answers in transcripts of a Linux host: traces of packets, and counters."""
