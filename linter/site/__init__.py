"""What the user gives: site file, paths, facts, waivers, and what is wrong with them."""
