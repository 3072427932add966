"""`python -m aclproof` is the command `aclproof`."""

from aclproof.linter.cli import main

if __name__ == "__main__":  # processes that a run starts import this module again
    main()
