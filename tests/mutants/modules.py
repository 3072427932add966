"""Which modules are mutated, and the tests that know best about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_SITES = "tests/test_sites.py::test_the_result_is_what_was_derived_by_hand"
_TRANSLATED = "tests/oracle/translated/test_agreement.py"
_EXIT_CODES = ("tests/verdict/test_severity.py", "tests/verdict/test_ending.py",
               "tests/baseline/test_command.py",
               "tests/test_sites.py::test_the_exit_code_is_what_was_derived_by_hand")
_COMBINED = ("tests/verdict/test_decide.py", "tests/verdict/test_told.py", "tests/verdict/test_beside.py",
             "tests/verdict/test_advice.py", "tests/verdict/test_severity.py",
             "tests/proof/test_doubtful_routes.py", "tests/demands/test_left_out.py", _SITES)


def _named(vendor: str, *files: str) -> list[str]:
    return [f"tests/parsers/{vendor}/{each}.py" for each in files]


_OF_IPTABLES = (
    *_named("iptables", "test_router_itself", "test_known", "test_hosts", "test_ipset", "test_ip_output",
            "test_plain", "test_forms", "test_broken_rules"),
    "tests/oracle/test_rows.py", "tests/trace/test_trace.py")
_OF_NFTABLES = (
    *_named("nftables", "test_broken_lines", "test_clock", "test_equal_priorities", "test_extent",
            "test_implied", "test_limited_sets", "test_lookups", "test_lost_maps", "test_lost_sets",
            "test_names", "test_neighbour_discovery", "test_open_lines", "test_translated", "test_turns",
            "test_whole_hosts", "test_woken"),
    "tests/oracle/nft/test_rows.py", "tests/oracle/nft/test_uses.py")

_BY_NFTABLES = tuple(f"{_SITES}[{name}]" for name in (
    "linux-two-back-ends", "nft-and-iptables", "nft-docker", "nft-firewalld", "nft-firewalld-host",
    "nft-firewalld-json", "nft-fw4", "nft-kube-proxy", "nft-libvirt", "nft-netavark", "nft-router"))
_MEANING = (*_OF_NFTABLES[:-2], "tests/oracle/nft/test_rows.py::test_without_a_kernel",
            "tests/oracle/nft/test_counted.py::test_without_a_kernel", *_BY_NFTABLES)

_ON_LINUX = (
    "tests/proof/test_ways_of_linux.py", "tests/proof/test_linux_connections.py",
    *_named("iptables", "test_router_itself", "test_hosts"), _SITES)
_BY_TABLES = (
    "tests/proof/test_ways_of_asa.py", "tests/proof/test_doubtful_routes.py",
    "tests/proof/test_translated_replies.py", "tests/site/test_overrides.py", _SITES,
    "tests/parsers/cisco_asa/test_nat_oracle.py::test_no_verdict_contradicts_the_guides")
_BY_SETS = tuple(f"tests/engine/test_{name}" for name in (
    "axes.py", "open_calls.py", "compile.py", "stages.py",
    "budget.py::test_chains_in_a_row_cost_as_much_as_their_rules",
    "budget.py::test_each_eight_rules_that_meet_the_packets_take_a_step_before_they_are_evaluated",
    "effects.py::test_lines_with_effects_are_told_in_the_order_in_which_packets_meet_them",
    "effects.py::test_a_line_that_translates_in_a_chain_called_twice_is_told_of_all_that_it_lets_through"))
_NEAR = ("tests/proof/test_near_misses.py", "tests/proof/test_near_others.py", _SITES)

TESTS: Mapping[str, Sequence[str]] = {
    "linter/verdict": _COMBINED,
    "linter/verdict/asking.py": (*_COMBINED, "tests/verdict/test_causes.py"),
    "linter/verdict/basis.py": (
        "tests/demands/test_assumed.py", "tests/demands/test_source_ports.py",
        "tests/demands/test_systems.py", "tests/site/test_facts.py", "tests/site/test_tier.py",
        "tests/cli/test_assume.py", "tests/reports/test_grounds.py", "tests/reports/test_not_checked.py",
        "tests/verdict/test_severity.py"),
    "linter/verdict/causes.py": ("tests/verdict/test_causes.py", "tests/reports/test_situations.py"),
    "linter/verdict/conditional.py": ("tests/verdict/test_conditional.py", "tests/verdict/test_causes.py"),
    "linter/verdict/contradicting.py": ("tests/hearing/test_hearing.py", "tests/hearing/test_sessions.py"),
    "linter/verdict/coverage.py": (*_COMBINED, "tests/baseline/test_comparing.py",
                                   "tests/hearing/test_hearing.py", "tests/usage/test_usage.py",
                                   "tests/audit/test_against_requirements.py"),
    "linter/verdict/ending.py": (*_EXIT_CODES, "tests/hearing/test_hearing.py",
                                 "tests/second_judge/test_self_check.py"),
    "linter/verdict/findings.py": (
        "tests/verdict/test_findings.py", "tests/reports/test_fingerprints.py",
        "tests/reports/test_github.py", "tests/reports/test_sarif.py", "tests/baseline/test_reports.py"),
    "linter/verdict/fingerprint.py": ("tests/reports/test_fingerprints.py",
                                      "tests/baseline/test_named_lines.py"),
    "linter/verdict/not_checked.py": ("tests/reports/test_not_checked.py",),
    "linter/verdict/severity.py": _EXIT_CODES,
    "linter/verdict/waiving.py": ("tests/site/test_waivers.py",),
    "linter/proof": tuple(dict.fromkeys((*_ON_LINUX, *_BY_TABLES))),
    **{f"linter/proof/{name}.py": _ON_LINUX for name in ("at_host", "at_router", "hooked")},
    "linter/proof/original_ends.py": ("tests/proof/test_original_ends.py",),
    "linter/proof/other_ends.py": (
        "tests/proof/test_other_ends.py", "tests/proof/test_translated_replies.py",
        "tests/proof/test_linux_connections.py"),
    **{f"linter/proof/{name}.py": _BY_TABLES for name in (
        "no_host", "route_lookup", "routed")},
    **{f"linter/proof/{name}.py": (
        "tests/proof/test_ways_of_asa.py", *_named("cisco_asa", "test_nat"),
        "tests/parsers/cisco_asa/test_nat_oracle.py::test_no_verdict_contradicts_the_guides") for name in (
            "met_translations", "nat_table")},
    "linter/proof/near": _NEAR,
    **{f"linter/proof/{name}.py": ("tests/proof/test_what_the_next_one_sees.py", _SITES) for name in (
        "incoming", "outgoing", "path")},
    "linter/proof/records.py": (
        "tests/proof/test_linux_connections.py", "tests/proof/test_translated_replies.py",
        "tests/proof/test_ways_of_linux.py", "tests/proof/test_what_the_next_one_sees.py",
        "tests/usage/test_usage.py", _SITES),
    "linter/proof/dcom.py": ("tests/proof/test_dcom.py", _SITES),
    "linter/proof/needed_packets.py": (
        "tests/fix", "tests/diff", "tests/audit/test_surplus.py"),
    "linter/proof/hop.py": (
        "tests/proof/test_linux_connections.py", "tests/proof/test_near_misses.py",
        "tests/proof/test_near_others.py", "tests/proof/test_ways_of_asa.py",
        "tests/proof/test_translated_replies.py", "tests/proof/test_what_the_next_one_sees.py",
        "tests/verdict/test_beside.py", *_named("nftables", "test_neighbour_discovery"), _SITES),
    "linter/proof/neighbour_discovery.py": (
        "tests/proof/test_neighbour_discovery.py", *_named("nftables", "test_neighbour_discovery")),
    "linter/proof/taking_part.py": ("tests/demands/test_left_out.py", _SITES),
    "linter/engine": _BY_SETS,
    **{f"linter/engine/{name}.py": (f"tests/engine/test_{name}.py",) for name in (
        "algebra", "budget", "classes", "overlaps", "prefilter", "relevant", "space")},
    "linter/engine/canonical.py": (
        "tests/engine/test_canonical.py",
        "tests/engine/test_stages.py::test_many_lines_that_mark_alike_leave_few_kinds_of_packets"),
    "linter/engine/call_order.py": ("tests/engine/test_call_order.py", "tests/engine/test_relevant.py"),
    **{f"linter/engine/{name}.py": (
        "tests/engine/test_stages.py", "tests/engine/test_stages_by_kind.py", "tests/engine/test_effects.py",
        "tests/engine/test_stepwise.py", "tests/proof/test_linux_connections.py") for name in (
            "stages", "stepwise", "tested")},
    "linter/engine/compose.py": ("tests/engine/test_compose.py", "tests/engine/test_stages.py"),
    "linter/engine/changes.py": (
        "tests/trace/test_settled.py", "tests/engine/test_rewriting.py", "tests/engine/test_stages.py"),
    "parsers/model": ("tests/model", "tests/engine/test_effects.py", "tests/proof/test_doubtful_routes.py"),
    "parsers/cisco_asa": ("tests/parsers/cisco_asa/features", *_named(
        "cisco_asa", "test_aces", "test_batfish", "test_broken", "test_contexts", "test_damage",
        "test_defined", "test_entered_again", "test_forms", "test_interfaces", "test_lines", "test_lists",
        "test_nat", "test_nat_oracle", "test_objects", "test_outputs", "test_sections", "test_taking_away",
        "test_time_ranges"), _TRANSLATED, _SITES),
    **{f"parsers/cisco_asa/meaning/{name}.py": _named(
        "cisco_asa", "test_aces", "test_broken", "test_entered_again", "test_forms", "test_lines",
        "test_lists", "test_objects", "test_outputs", "test_scripts", "test_taking_away", "test_time_ranges")
       for name in ("access_lists", "aces")},
    **{f"parsers/cisco_asa/meaning/{name}.py": (
        "tests/parsers/cisco_asa/features", "tests/proof/test_doubtful_routes.py",
        "tests/proof/test_ways_of_asa.py", *_named(
            "cisco_asa", "test_broken", "test_entered_again", "test_forms", "test_interfaces", "test_lines",
            "test_lists", "test_outputs", "test_scripts", "test_taking_away"))
       for name in ("bindings", "interfaces", "network")},
    "parsers/iptables": (*_OF_IPTABLES, _SITES),
    "parsers/netfilter": (*_OF_IPTABLES, *_OF_NFTABLES, _SITES),
    "parsers/netfilter/accounted.py": (
        *_named("iptables", "test_broken_rules"), *_named("nftables", "test_broken_lines", "test_lost_sets")),
    "parsers/netfilter/clock.py": _named("nftables", "test_clock"),
    "parsers/netfilter/counters.py": ("tests/audit/test_hit_times.py", "tests/audit/test_checks.py"),
    "parsers/netfilter/times.py": ("tests/audit/test_hit_times.py",),
    "parsers/netfilter/equal_rank.py": (
        *_named("nftables", "test_equal_priorities"), "tests/parsers/test_refused_translation.py"),
    "parsers/netfilter/hosts.py": _named("iptables", "test_hosts"),
    "parsers/netfilter/probe.py": ("tests/probing",),
    "parsers/netfilter/stages.py": (
        *_named("nftables", "test_places", "test_equal_priorities"),
        *_named("iptables", "test_router_itself"),
        "tests/proof/test_ways_of_linux.py", "tests/proof/test_linux_connections.py"),
    **{f"parsers/netfilter/{name}.py": (
        *_named("iptables", "test_ip_output", "test_hosts"), "tests/proof/test_doubtful_routes.py",
        "tests/proof/test_ways_of_linux.py", "tests/trace/test_interfaces.py") for name in (
            "ip_output", "routes")},
    **{f"parsers/netfilter/{name}.py": ("tests/fix/test_fix_nft_managers.py", "tests/fix/test_fix_chains.py")
       for name in ("firewalld", "openwrt", "managers", "zones")},
    "parsers/netfilter/transcripts": ("tests/parsers/transcripts", "tests/hearing/test_hearing.py"),
    "parsers/nftables": (*_OF_NFTABLES, _SITES),
    "parsers/nftables/meaning": _MEANING,
    "parsers/nftables/meaning/scope.py": (
        *_MEANING, *_named("nftables", "test_scripts"), "tests/probing/test_hostile_names.py"),
    "parsers/nftables/meaning/extent.py": (
        *_named("nftables", "test_extent", "test_scripts", "test_whole_hosts"), *_BY_NFTABLES),
    "parsers/windows": (*_named(
        "windows", "test_semantics", "test_licence", "test_contradictions", "test_damage", "test_evidence",
        "test_exceptions", "test_lost_records", "test_naive_oracle", "test_netsh", "test_powershell",
        "test_registry", "test_systems", "test_usual_answers", "test_whole_inputs"), _TRANSLATED, _SITES),
    "parsers/windows/meaning/advice.py": ("tests/fix/test_fix.py", "tests/fix/test_fix_words.py"),
    "parsers/windows/meaning/kept_out.py": ("tests/proof/test_near_others.py",
                                            "tests/reports/test_situations.py"),
    "parsers/windows/meaning/unlogged.py": ("tests/audit/test_unlogged.py",),
    "parsers/model/addresses.py": ("tests/model/test_addresses.py",),
    "parsers/model/intervals.py": ("tests/model/test_laws.py",),
    "parsers/model/answer_ends.py": ("tests/parsers/transcripts",),
    "parsers/model/besides.py": ("tests/audit/test_besides.py",),
    "parsers/model/counting.py": ("tests/audit/test_hit_times.py",),
    "parsers/model/dates.py": ("tests/audit/test_hit_times.py", "tests/parsers/transcripts"),
    "parsers/model/fact_kinds.py": ("tests/parsers/test_fact_kinds.py", "tests/site/test_facts.py"),
    "parsers/model/names.py": ("tests/draft/test_init.py", "tests/draft/test_grouping.py"),
    "parsers/model/notes.py": ("tests/parsers/test_secrets.py",),
    "parsers/model/packets.py": ("tests/model", "tests/engine/test_canonical.py",
                                 "tests/engine/test_sets_agree_with_tracer.py", _SITES),
    "parsers/model/plain_rules.py": ("tests/model/test_plain_rules.py", "tests/engine/test_prefilter.py"),
    "parsers/model/products.py": ("tests/engine/test_canonical.py",),
    "parsers/model/routing.py": ("tests/proof/test_doubtful_routes.py", "tests/trace/test_interfaces.py",
                                 "tests/parsers/iptables/test_ip_output.py"),
    "parsers/model/shell.py": ("tests/probing",),
    "parsers/model/shown_by_device.py": ("tests/hearing/test_hearing.py",),
    "parsers/model/ternary.py": ("tests/trace/test_settled.py", "tests/trace/test_conditions.py",
                                 "tests/model/test_conditions.py"),
}
"""By the folder or file: where several fit, the longest counts."""
