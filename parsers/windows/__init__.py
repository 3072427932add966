"""Windows Firewall: what its tools export, and what its rules mean."""
