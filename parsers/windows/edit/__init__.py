"""Change scripts: what netsh and PowerShell make of a rule store."""
