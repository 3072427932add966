"""Which requirements of a site hang on which lines of its firewalls, and what would be without each line."""
