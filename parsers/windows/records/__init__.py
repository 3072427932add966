"""Rules in the words of Windows, whatever form they were read from."""
