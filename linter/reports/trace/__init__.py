"""What packets meet, for people and for programs: pure functions from traces to text."""
