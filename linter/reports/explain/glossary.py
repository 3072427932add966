"""What the words of reports and of site files mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aclproof.linter.reports.language.language import message

if TYPE_CHECKING:
    from aclproof.linter.observation import CheckId

VERDICTS: Mapping[str, str] = {
    "works": message("Of a method: every packet that it needs is proven to pass every firewall on its way."),
    "blocked": message(
        "Of a method: some packet that it needs is surely stopped; the report names the line and what to "
        "permit."),
    "met": message("Of a requirement: all of its packets surely pass, and so do their answers."),
    "missing": message(
        "Of a requirement: some of its packets are surely stopped, whatever the open questions are."),
    "undecided": message(
        "The configurations do not tell: no packet is surely stopped, and not every one surely passes. "
        "The report names the questions, the fact that answers each, and the command that shows the "
        "answer; facts go into the site file."),
    "not-assessed": message(
        "Of a method: at least one role that it needs is missing, or nothing of it can be judged at this "
        "site."),
    "not-applicable": message(
        "Of a requirement: the settings of the site say that it is not needed, or both of its ends are the "
        "same computer."),
    "waived": message(
        "Somebody answers for the gap until a day; the verdict stays, only the exit code leaves it out."),
    "known": message(
        "A baseline has the gap, or more of it; the verdict stays, only the exit code leaves it out."),
}
"""Of methods and requirements."""

NOTES: Mapping[str, str] = {
    "understood": message("The line was read, and is judged exactly."),
    "ignored": message("The line was read, and cannot decide whether a packet passes."),
    "approximated": message(
        "The line is kept, and something of it stays open: it cannot prove that a packet passes."),
    "unread": message(
        "The line could not be read: it may say anything, and what it could decide is undecided."),
}
"""What became of a line of a configuration, as `aclproof show` counts."""

NEAR: Mapping[str, str] = {
    "disabled": message("The rule would permit the packets, but it is inactive or disabled."),
    "expired": message("The rule would permit the packets, but its time range has ended."),
    "overruled": message("The rule permits the packets, but a rule that blocks wins over it."),
    "below": message("The rule permits the packets, but another line is asked before it."),
    "translated": message(
        "The rule names the address before a translation, or after it: the other one is compared."),
    "partly": message("The rule permits some of the packets only."),
    "other-port": message("The rule permits the same ends, on another port."),
    "other-source-port": message("The rule permits the same, from other source ports."),
    "other-network": message("The rule permits the same port, from or to another network."),
    "elsewhere": message("A rule of another list permits it, which these packets do not meet."),
    "unbound": message("A list that is bound nowhere permits it."),
    "other-profile": message("The rule permits it in another profile of the network."),
    "other-interface": message("The rule permits it at another interface."),
    "other-protocol": message("The rule permits the same ends and port, by another protocol."),
    "source-side": message("The rule has the port on the source side."),
    "reversed": message("The rule permits the other direction."),
}
"""Why a rule that a report calls near does not let the packets through."""

SITE_FILE: Mapping[str, str] = {
    "extends": message("A file with what sites have in common. A key here stands for the one there; roles, "
                       "settings and facts do so entry by entry, and an entry without a value takes that "
                       "one out."),
    "pack": message("A requirement pack by its name (aclproof rules list), or the path of a file, from the "
                    "site file."),
    "packs": message("Several of them, for a site that needs more than one: [PACK, PACK]. A word that they "
                     "understand differently is PACK/WORD."),
    "methods": message("Which methods are checked; default: every method whose roles are given."),
    "settings": message("What decides which ports are needed."),
    "roles": message("Who plays which role: addresses, networks and ranges."),
    "firewalls": message(
        "All between roles, in the order from the near role, and those of hosts."),
    "config": message("All configuration files of one firewall, from the site file."),
    "ipset": message("The sets that the rules of a firewall name, as 'ipset save' prints them."),
    "interfaces": message(
        "Of a firewall: for a role the interface behind which it lies, where the configuration does not "
        "show it: 'interfaces: {{ROLE: eth1}}'."),
    "acl": message(
        "Of a firewall: for a role the list that filters what comes from it, where the file binds none: "
        "'acl: {{ROLE: INSIDE-IN}}'."),
    "host": message(
        "Of a firewall: the role of the computer that it runs on, where it guards only that one."),
    "profile": message("Of a Windows Firewall: the profile of the network: domain, private or public."),
    "context": message("Of an ASA: which one is meant of the contexts that its file holds."),
    "paths": message(
        "Between which roles not every firewall stands: '{{from: ROLE, to: ROLE, through: [NAME]}}'."),
    "facts": message(
        "What settles questions that configurations leave open: 'facts: {{\"native nft tables\": no}}'."),
    "assume": message("'usual': open questions are taken to have their usual answers; reports list them."),
    "tier": message("'supporting': what supports the methods is proven as well."),
    "waivers": message("The file that says who answers for a gap, and until when."),
}
"""Keys of a site file."""
CHECKS: Mapping[CheckId, str] = {
    "shadowed-rule": message("No packet reaches the rule: others take all of its packets before, and not all "
                             "of them do the same. Its author meant something that does not happen."),
    "covered-rule": message("No packet reaches the rule: others take all of its packets before, and do the "
                            "same."),
    "redundant-rule": message("Packets reach the rule, and what comes after it does the same with all of "
                              "them. Where rules are asked in no order (Windows): other rules do the same."),
    "any-any": message("The rule permits everything from everywhere to everywhere."),
    "only-any-any": message("The rule permits everything from everywhere to everywhere, and without it the "
                            "site's requirements that are named would not be met: nothing narrower permits "
                            "them. Permit these first, then take it away."),
    "expired-rule": message("The time range of the rule has ended: it matches nothing any more."),
    "surplus": message("The rule permits what requirements need, and more: other addresses, ports or "
                       "protocols. Whether something else needs that, aclproof cannot know. 'aclproof fix "
                       "--narrow' prints permits of no more than is needed, and the commands that take the "
                       "rule away, proven on a copy."),
    "reversed-permit": message("The rule permits the service of a requirement from its server to its client, "
                               "or answers that pass with their connection anyway; nothing that the site "
                               "requires passes by it. Often somebody has written source and destination the "
                               "wrong way round. Whether something else needs it, aclproof cannot know."),
    "disabled-rule": message("The rule is switched off, or something else keeps it from being in force; a "
                             "requirement lacks packets that it permits: the site was proven again with it."),
    "unbound-list": message("Nothing uses the list: it filters nothing."),
    "no-hits": message("The rule has counted no packet, while others of its list have: it may not be needed. "
                       "Since when they count is said where the input shows it: by the head of a dump, or by "
                       "the clock and the uptime in the same capture."),
    "contradicting-remark": message(
        "A remark, a comment or a description says something that no rule does that it is about: that they "
        "permit, or deny; a port, a service or an address that none of them has; a day that is past, though "
        "they are in force. Of what may be read in another way nothing is named: negations, words of the "
        "past, what should be, both permitting and denying, addresses that are translated."),
    "unlogged-deny": message(
        "What the line stops leaves no trace in a log. Cisco ASA: the word 'log disable', message 106023 or "
        "106100 off or of a level that no destination takes, or logging off as a whole, of which the first "
        "deny of each list is named. iptables and nftables: no rule logs the packets before, in its chain or "
        "in those that lead to it; limits of a log rule do not count. Windows: a profile that does not log "
        "what it stops."),
    "unused-object": message("No other line names the object, the group or the set."),
    "undefined-object": message("The line names an object, a group, a set or a list that the input does not "
                                "define, though it shows all of them. What the line does is not what it "
                                "says, or the device refuses it."),
    "empty-object": message("The object, the group or the set has no members, and no packet gives it any: "
                            "rules that name it match nothing, or everything where they negate it."),
    "duplicate-object": message("Two definitions stand for the same, however they are written: one of them "
                                "may be forgotten when the other is changed."),
}
"""What `check --checks` names in configurations."""
