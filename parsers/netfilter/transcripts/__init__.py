"""What people bring back from a Linux host: connections that were tried, answers to what files leave open."""
