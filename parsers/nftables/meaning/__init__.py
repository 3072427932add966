"""What tables, chains, rules and sets of nftables mean in the common model."""
