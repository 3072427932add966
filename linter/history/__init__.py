"""What commits did to a site: which of them broke, cured or left undecided what, and by which line."""
