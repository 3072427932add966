"""Pages that explain a word of reports, of a pack or of a site file, offline."""
