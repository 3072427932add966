"""What packets meet between two interfaces besides access lists and translation, as rules ahead of the lists.

`docs/cisco-asa.md` lists the commands, `features/` holds their table.
"""
