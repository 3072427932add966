"""What must pass: the requirements of a pack applied to a site."""
