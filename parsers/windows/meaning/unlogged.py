"""Profiles that log nothing of what they stop, where an export shows it.

Group Policy wins where it sets it (MS-FASP 2.2.38, FW_PROFILE_CONFIG_LOG_DROPPED_PACKETS).
"""

from __future__ import annotations

from collections.abc import Iterator

from aclproof.parsers.model.unlogged import Unlogged
from aclproof.parsers.windows.meaning.settings import by_weight, effective
from aclproof.parsers.windows.records.exports import Exports
from aclproof.parsers.windows.records.rule import PROFILES
from aclproof.reason import Reason


def find(exports: Exports) -> Iterator[Unlogged]:
    """Yield the profiles that are on, and log nothing of that."""
    policy_shown = any(each.whole_policy or any(one.store == "policy" for one in each.profiles)
                       for each in exports.inputs)
    for profile in PROFILES:
        said = [each for each in by_weight(profile, exports.settings) if each[0].log_blocked is not None]
        if said and not said[0][0].log_blocked and effective(profile, exports.settings).enabled:
            record, line = said[0]
            yield Unlogged(line, Reason("its own settings log nothing of what it stops, which Group Policy "
                                        "may change") if record.store == "local" and not policy_shown
                           else Reason("nothing of what it stops is logged"))
