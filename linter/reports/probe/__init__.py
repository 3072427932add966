"""What to ask whom, as text, scripts and JSON: pure functions from machines to text."""
