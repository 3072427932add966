"""What people wrote beside rules, held against what the rules do."""
