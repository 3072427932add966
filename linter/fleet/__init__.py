"""Many sites in one run: the work of one, who does it, and what comes of all of them.

    site files -> proving (one site -> Outcome) on the executor of engine -> reports of all sites

The same sites give the same bytes, whoever does the work and in whatever order it is done.
"""
