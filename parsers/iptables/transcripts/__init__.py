"""What `ipset list` and the counters of iptables answer, in transcripts of a Linux host."""
