"""Linux nftables: `nft list ruleset` as text or JSON, rule files, and whole hosts with iptables dumps."""
