"""Linux iptables and ip6tables: dumps, rule files and listings, with the members of their ipsets."""
