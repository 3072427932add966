"""Every reader of the product against damaged and invented inputs.

    python -m tests.fuzz --cases 1000000               all readers, with figures
    python -m tests.fuzz --reader nftables --seed 7    some of them, drawn again
    python -m tests.fuzz.guided 'ipset' --runs 100000  guided by coverage (pip install atheris)

`readers.py` has the table of readers and what has to hold for each; `samples.py` the texts to start from;
`damage.py` and `odd_values.py` what is done to them.
"""
