"""Every requirement of these packs is proven and refuted by a site whose expectation was derived by hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from aclproof import rules
from aclproof.linter.site import reader
from aclproof.rules.strict_yaml import load

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
REQUIREMENTS = [each for pack in ("configmgr-2007", "configmgr-current-branch")
                for each in rules.load(pack).of_tier("").requirements]
"""Without those that only the product around them needs: tests/rules proves these one by one."""


@cache
def verdicts() -> dict[str, dict[str, str]]:
    """Site to requirement to the expected verdict."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(SITES.glob("*/expected.yaml")):
        data = load(file.read_text(encoding="utf-8"), str(file)).data
        assert isinstance(data, dict)
        assert isinstance(data["verdicts"], dict)
        found[file.parent.name] = {key: str(value) for key, value in data["verdicts"].items()}
    return found


def sites_with(requirement: str, verdict: str) -> list[str]:
    return [site for site, known in verdicts().items() if known.get(requirement) == verdict]


@pytest.mark.parametrize("requirement", [each.id for each in REQUIREMENTS])
@pytest.mark.parametrize("verdict", ["met", "missing"])
def test_every_requirement_has_a_site_where_it_is_met_and_one_where_it_is_missing(
        requirement: str, verdict: str) -> None:
    assert sites_with(requirement, verdict)


@pytest.mark.parametrize("requirement", [each.id for each in REQUIREMENTS if each.when])
def test_every_conditional_requirement_has_a_site_that_does_not_need_it(requirement: str) -> None:
    assert sites_with(requirement, "not-applicable")


def test_every_site_has_an_expectation_with_its_reasons() -> None:
    for folder in sorted(each.parent for each in SITES.glob("*/aclproof.yaml")):
        why = (folder / "expected.yaml").read_text(encoding="utf-8").split("exit:")[0]
        assert why.startswith("# why: ")
        assert len(why.split()) > 20


def test_no_site_expects_a_requirement_that_its_packs_do_not_have() -> None:
    for site, known in verdicts().items():
        named = reader.read(SITES / site / "aclproof.yaml").packs
        assert known.keys() <= {each.id for name in named for each in rules.load(name).requirements}
