"""What is known of many sites: one baseline has that of all, and each site is compared with its own."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from aclproof import inputs
from aclproof.linter.baseline import file as baselines
from aclproof.linter.baseline.known import after, compare
from aclproof.linter.gap import Known
from aclproof.linter.result import Result
from aclproof.reason import Reason
from aclproof.rules.strict_yaml import InputError, Problem


class Ratchet(Struct, frozen=True):
    """What a run does with a baseline."""

    file: str = ""
    """Empty where there is none."""
    compares: bool = False
    """What it knows is left out of how a site ends; of a site that it does not have that is nothing."""
    writes: bool = False
    """It is written again: where it was compared with, without what is cured, else with all there is."""
    sha256: str = ""
    """Of what was in the file as the run began: all sites are compared with that, whoever does it."""

    def question(self) -> Ratchet:
        """What is asked of a site, whatever the file has of others."""
        return replace(self, sha256="")


def compared(site: str, result: Result, ratchet: Ratchet) -> tuple[Result, str | None]:
    """Compare a result with what is known of its site; also write what is to be known where that is wished.

    InputError for a baseline that is damaged.
    """
    known = known_of(site, ratchet)
    if ratchet.compares:
        result = compare(result, known, ratchet.file)
    if not ratchet.writes:
        return result, None
    return result, baselines.write_known(after(result, known if ratchet.compares else None))


def known_of(site: str, ratchet: Ratchet) -> Known:
    """What is known of a site: nothing where the baseline does not have it, or where there is none."""
    if not ratchet.compares:
        return Known()
    return _read(ratchet.file, ratchet.sha256).get(baselines.site_name(site, ratchet.file), Known())


@lru_cache(maxsize=2)
def _read(file: str, digest: str) -> baselines.Baseline:
    """A baseline as a run found it: thousands of sites are compared with it."""
    with inputs.noted():  # the run itself says whether it may be written
        whole = baselines.content(file)
    if sha256(whole).hexdigest() != digest:
        raise InputError(Problem(file, 0, "", Reason(
            "the file changed while sites were compared with it, or a worker has another one")))
    return baselines.parsed(whole, file)
