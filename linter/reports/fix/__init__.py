"""The reports of `aclproof fix`."""
