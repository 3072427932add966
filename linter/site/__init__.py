"""What the user says: site file, paths, facts, waivers, and what is wrong with them."""
