"""What is missing is told as what it is: the replies alone, or requests as well."""

from __future__ import annotations

import pytest

from aclproof.linter.reports import FORMATS, Look
from aclproof.linter.reports.writing.wording import lacking
from aclproof.linter.result import DemandResult
from tests.reports.cases import result_of

ECHO = "CM2007-PUSH-ECHO"
REPLIES = "the replies to all of it; the requests pass"


def of(site: str, requirement: str = ECHO) -> DemandResult:
    return next(each for each in result_of(site).demands if each.requirement.id == requirement)


def test_where_only_replies_are_stopped_that_is_said() -> None:
    assert {part.leg for part in of("echo-without-inspection").missing} == {"reply"}
    assert lacking(of("echo-without-inspection")) == REPLIES


def test_where_requests_are_stopped_all_of_it_is_missing() -> None:
    assert "request" in {part.leg for part in of("windows-nothing-open").missing}
    assert lacking(of("windows-nothing-open")) == "all of it"


@pytest.mark.parametrize("form", ["text", "markdown", "html", "junit"])
def test_every_report_for_people_tells_replies_apart(form: str) -> None:
    text = FORMATS[form](result_of("echo-without-inspection"), Look())
    assert REPLIES in " ".join(text.split())
