"""What a release is made of: packages, one file for hosts without pip, bill of materials, container."""
