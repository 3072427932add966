"""A second judge of single packets, in the product."""
