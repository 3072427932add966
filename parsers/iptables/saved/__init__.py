"""What `iptables-save` prints, and the commands that it stands for."""
