"""Linux nftables: `nft list ruleset` as text or JSON, and rule files; whole hosts with their iptables dumps."""
