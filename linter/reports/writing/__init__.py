"""What all reports are written with: words, tables, terminals, Markdown."""
