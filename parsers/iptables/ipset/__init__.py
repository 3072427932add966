"""What `ipset save` and `ipset list` print."""
