"""What the terminal of an ASA writes before a command."""

PROMPT = r"^(?:\^M)?[A-Za-z][\w.-]*(?:/[\w./-]+)*(?:\([\w-]+\))?[#>] ?(?=\S|$)"
"""A regular expression of it, at the begin of a line."""
