"""`python -m aclproof` is the command `aclproof`."""

from aclproof.linter.cli import main

main()
