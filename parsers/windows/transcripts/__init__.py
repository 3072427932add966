"""What people bring back from a computer with Windows: connections that were tried, settings in force.

Names of properties and the texts of PortQry are English on every Windows; of a warning only the first word is
in the computer's language (`WARNUNG: TCP connect to (10.1.2.5 : 135) failed`).
"""
