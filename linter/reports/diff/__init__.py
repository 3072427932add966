"""The reports of `aclproof diff`."""
