"""From text to lines, sections and lists."""
