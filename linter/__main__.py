"""`python -m linter` is the command `aclproof`."""

from linter.cli import main

main()
