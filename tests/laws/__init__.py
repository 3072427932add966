"""Laws that hold whatever the right verdict is: what a change of an input must never do to the answer.

Random small rulesets are written in the words of every vendor, changed, and put through the whole of `check`.
`python -m tests.laws --cases N` prints each law, how many cases were tried, and how many broke it.
"""
