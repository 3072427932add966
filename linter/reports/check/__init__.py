"""The reports of `aclproof check`."""
