"""Which modules are mutated, and the tests that know best about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_SITES = "tests/test_sites.py::test_the_result_is_what_was_derived_by_hand"
_EXIT_CODES = ("tests/verdict/test_severity.py", "tests/baseline/test_command.py",
               "tests/test_sites.py::test_the_exit_code_is_what_was_derived_by_hand")

_COMBINED = ("tests/verdict/test_decide.py", "tests/verdict/test_told.py", "tests/verdict/test_beside.py",
             "tests/verdict/test_advice.py", "tests/verdict/test_severity.py",
             "tests/proof/test_doubtful_routes.py", "tests/demands/test_left_out.py", _SITES)

TESTS: Mapping[str, Sequence[str]] = {
    "linter/verdict": _COMBINED,
    "linter/verdict/causes.py": ("tests/verdict/test_causes.py", "tests/reports/test_situations.py"),
    "linter/verdict/conditional.py": ("tests/verdict/test_conditional.py", "tests/verdict/test_causes.py"),
    "linter/verdict/contradicting.py": ("tests/hearing/test_hearing.py", "tests/hearing/test_sessions.py"),
    "linter/verdict/coverage.py": (*_COMBINED, "tests/baseline/test_comparing.py", "tests/hearing/test_hearing.py",
                                   "tests/usage/test_usage.py", "tests/audit/test_against_requirements.py"),
    "linter/verdict/ending.py": _EXIT_CODES,
    "linter/verdict/findings.py": ("tests/reports/test_fingerprints.py", "tests/reports/test_github.py",
                                   "tests/reports/test_sarif.py", "tests/baseline/test_reports.py"),
    "linter/verdict/fingerprint.py": ("tests/reports/test_fingerprints.py",
                                      "tests/baseline/test_named_lines.py"),
    "linter/verdict/not_checked.py": ("tests/reports/test_not_checked.py",),
    "linter/verdict/severity.py": _EXIT_CODES,
    "linter/verdict/waiving.py": ("tests/site/test_waivers.py",),
    "linter/proof": ("tests/proof", _SITES),
    "linter/engine": ("tests/engine", "tests/trace/test_rule_index.py", _SITES),
    "parsers/model": ("tests/model", "tests/engine/test_effects.py", "tests/proof/test_doubtful_routes.py"),
}
"""By the folder or file: where several fit, the longest counts."""
