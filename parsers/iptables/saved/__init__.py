"""What `iptables-save` prints, and the commands that it is made of."""
