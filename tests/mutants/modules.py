"""Which modules are mutated, and the tests that know best about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_SITES = "tests/test_sites.py::test_the_result_is_what_was_derived_by_hand"
_EXIT_CODES = ("tests/verdict/test_severity.py", "tests/baseline/test_command.py",
               "tests/test_sites.py::test_the_exit_code_is_what_was_derived_by_hand")

TESTS: Mapping[str, Sequence[str]] = {
    "linter/verdict": ("tests/verdict", "tests/proof/test_doubtful_routes.py",
                       "tests/demands/test_left_out.py", _SITES),
    "linter/verdict/ending.py": _EXIT_CODES,
    "linter/verdict/severity.py": _EXIT_CODES,
    "linter/proof": ("tests/proof", _SITES),
    "linter/engine": ("tests/engine", "tests/trace/test_rule_index.py", _SITES),
    "parsers/model": ("tests/model", "tests/engine/test_effects.py", "tests/proof/test_doubtful_routes.py"),
    "parsers/model/addresses.py": ("tests/model/test_addresses.py",),
    "parsers/model/intervals.py": ("tests/model/test_laws.py",),
    "parsers/model/ternary.py": ("tests/trace/test_settled.py", "tests/trace/test_conditions.py",
                                 "tests/model/test_conditions.py"),
}
"""By the folder or file: where several fit, the longest counts."""
