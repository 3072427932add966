"""The other half of an audit: rules that no packet needs, and what is open that no requirement needs."""
