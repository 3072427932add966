"""Which modules are mutated, and the tests that know best about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_SITES = "tests/test_sites.py::test_the_result_is_what_was_derived_by_hand"
_TRANSLATED = "tests/oracle/translated/test_agreement.py"
_EXIT_CODES = ("tests/verdict/test_severity.py", "tests/baseline/test_command.py",
               "tests/test_sites.py::test_the_exit_code_is_what_was_derived_by_hand")


def _named(vendor: str, *files: str) -> list[str]:
    return [f"tests/parsers/{vendor}/{each}.py" for each in files]


_OF_IPTABLES = (
    *_named("iptables", "test_router_itself", "test_known", "test_hosts", "test_ipset", "test_ip_output",
            "test_plain", "test_forms", "test_damage"),
    "tests/oracle/test_rows.py", "tests/oracle/test_states.py", "tests/oracle/test_kernel.py",
    "tests/trace/test_trace.py")
_OF_NFTABLES = (
    *_named("nftables", "test_broken_lines", "test_clock", "test_equal_priorities", "test_extent",
            "test_implied", "test_limited_sets", "test_lost_sets", "test_neighbour_discovery",
            "test_translated", "test_turns", "test_whole_hosts", "test_woken"),
    "tests/oracle/nft/test_rows.py", "tests/oracle/nft/test_uses.py", "tests/oracle/nft/test_kernel.py",
    "tests/oracle/nft/test_interfaces.py", "tests/oracle/nft/test_sets.py")

TESTS: Mapping[str, Sequence[str]] = {
    "linter/verdict": ("tests/verdict", "tests/proof/test_doubtful_routes.py",
                       "tests/demands/test_left_out.py", _SITES),
    "linter/verdict/ending.py": _EXIT_CODES,
    "linter/verdict/severity.py": _EXIT_CODES,
    "linter/proof": ("tests/proof", _SITES),
    "linter/engine": ("tests/engine", "tests/trace/test_rule_index.py", _SITES),
    "parsers/model": ("tests/model", "tests/engine/test_effects.py", "tests/proof/test_doubtful_routes.py"),
    "parsers/cisco_asa": ("tests/parsers/cisco_asa/features", *_named(
        "cisco_asa", "test_aces", "test_batfish", "test_broken", "test_contexts", "test_damage",
        "test_defined", "test_entered_again", "test_interfaces", "test_lines", "test_lists", "test_nat",
        "test_nat_oracle", "test_objects", "test_time_ranges"), _TRANSLATED, _SITES),
    "parsers/iptables": (*_OF_IPTABLES, _SITES),
    "parsers/netfilter": (*_OF_IPTABLES, *_OF_NFTABLES, _SITES),
    "parsers/nftables": (*_OF_NFTABLES, _SITES),
    "parsers/windows": (*_named("windows", "test_semantics", "test_licence", "test_contradictions",
                                "test_damage", "test_evidence", "test_exceptions", "test_lost_records",
                                "test_naive_oracle", "test_netsh", "test_powershell", "test_registry",
                                "test_usual_answers", "test_whole_inputs"), _TRANSLATED, _SITES),
    "parsers/model/addresses.py": ("tests/model/test_addresses.py",),
    "parsers/model/intervals.py": ("tests/model/test_laws.py",),
    "parsers/model/ternary.py": ("tests/trace/test_settled.py", "tests/trace/test_conditions.py",
                                 "tests/model/test_conditions.py"),
}
"""By the folder or file: where several fit, the longest counts."""
