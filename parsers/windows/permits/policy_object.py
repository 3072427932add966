"""A new rule for a Group Policy object, which alone counts where rules of the computer's own do not."""

from __future__ import annotations

from aclproof.parsers.permits import Candidate, MissingPermit
from aclproof.parsers.windows.permits.new_rule import NewRule
from aclproof.reason import Reason

STORE = r"DOMAIN\GPO"
"""What stands for the name of the object."""
PUT_IN = Reason("put in the domain and the Group Policy object that has the rule in place of {store}",
                store=STORE)
_ONLY_POLICY = Reason("only rules of Group Policy count in that profile, so a rule of the computer's own "
                      "opens nothing: put in the domain and the Group Policy object in place of {store}",
                      store=STORE)


def candidate(new: NewRule, parts: tuple[MissingPermit, ...]) -> Candidate:
    """Make the candidate of a rule that goes into a Group Policy object."""
    return Candidate((in_object(new.powershell()),), parts, 1, (_ONLY_POLICY,))


def note() -> str:
    """Say how a new rule is made for many computers at once."""
    return Reason('for many computers make the rules in a Group Policy object: New-NetFirewallRule takes '
                  '-PolicyStore "{store}" as well, or -GPOSession between Open-NetGPO and Save-NetGPO',
                  store=STORE)


def in_object(command: str) -> str:
    """Make a command for the computer itself one for a Group Policy object."""
    return f'{command} -PolicyStore "{STORE}"'
