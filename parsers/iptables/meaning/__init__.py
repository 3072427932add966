"""From the words of iptables to the common model."""
