"""What the program promises, each with the commands that an auditor runs to see whether it is kept."""
