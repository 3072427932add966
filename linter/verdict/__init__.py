"""What follows from the proofs: verdicts, coverage, findings."""
