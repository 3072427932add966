"""What to add so that missing packets pass, proven before it is printed."""
