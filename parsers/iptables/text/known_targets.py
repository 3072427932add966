"""Every target that is known, with its options and what it does.

Names and options are those of iptables-extensions(8) and of the addons in use. A target that is not here, and
is no chain of the table, is unread.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from aclproof.parsers.iptables.text.known_matches import Kind

Deed = Literal["accepts", "stops", "returns", "goes on", "program", "diverts", "may stop", "effect"]
"""`program`: something outside of the rules has the last word; `diverts`: what becomes of the packet is not
known; `may stop`: it stops some, and lets the others go on; `effect`: it changes what later rules see."""


class Target(Struct, frozen=True):
    """A row: how far a configuration shows what becomes of the packet, and the options by every spelling."""

    kind: Kind
    deed: Deed
    options: Mapping[str, str]
    """Spelling to the name that is kept."""
    why: str
    """Harmless: why nothing that a later rule tests is changed. Else: what it does."""


def _row(kind: Kind, deed: Deed, options: str, why: str,
         aliases: Mapping[str, str] | None = None) -> Target:
    named = {word: word for word in options.split()}
    named |= aliases or {}
    return Target(kind, deed, named, why)


_HOW = "random random-fully persistent"
_MARK = "set-xmark set-mark and-mark or-mark xor-mark"
_NOTES = "it writes a note, and the packet goes on as it is"
_HEADER_WORDS = "no match asks for what it changes"
_TRAFFIC_CLASS = "what dscp, tos and ecn ask is open anyway; `ip rule tos` is routing, which no dump shows"
_LABEL = "a label of SELinux, which only a policy with rules for packets asks for"

TARGETS: Mapping[str, Target] = {
    "ACCEPT": _row("exact", "accepts", "", "the table lets it on"),
    "DROP": _row("exact", "stops", "", "stops"),
    "RETURN": _row("exact", "returns", "", "back to the calling chain, or the policy"),
    "REJECT": _row("exact", "stops", "reject-with", "stops, and says so"),
    **{name: _row("exact", "stops", "", "an addon that answers in the place of the receiver")
       for name in ("DELUDE", "STEAL", "ECHO", "MIRROR")},
    "TARPIT": _row("exact", "stops", "tarpit honeypot reset", "an addon that answers instead"),
    "CHAOS": _row("exact", "stops", "delude tarpit", "an addon that answers instead"),
    "QUEUE": _row("open", "program", "", "a program decides; without one the packet is dropped"),
    "NFQUEUE": _row("open", "program", "queue-num queue-balance queue-bypass queue-cpu-fanout",
                    "a program decides; without one dropped, or with --queue-bypass accepted by the table"),
    "SYNPROXY": _row("open", "program", "sack-perm timestamp wscale mss ecn", "the kernel answers the SYN"),
    "TPROXY": _row("open", "diverts", "on-port on-ip tproxy-mark", "a local program gets the packets"),
    "DNPT": _row("open", "diverts", "src-pfx dst-pfx", "rewrites the prefix of the destination"),
    "SNPT": _row("open", "diverts", "src-pfx dst-pfx", "rewrites the prefix of the source"),
    **{name: _row("open", "diverts", "to-destination to-source prefix reuse persistent proto-set "
                                     "stop-at-frag stop-at-auth", "an addon that rewrites packets")
       for name in ("RAWDNAT", "RAWSNAT", "DNETMAP", "PROTO")},
    "CLUSTERIP": _row("open", "may stop", "new hashmode clustermac total-nodes local-node hash-init",
                      "drops what another node of the cluster serves"),
    "DNAT": _row("exact", "effect", f"to-destination {_HOW}", "rewrites the destination",
                 aliases={"to": "to-destination"}),
    "REDIRECT": _row("exact", "effect", f"to-ports {_HOW}", "rewrites the destination to this host"),
    "SNAT": _row("exact", "effect", f"to-source {_HOW}", "rewrites the source", aliases={"to": "to-source"}),
    "MASQUERADE": _row("exact", "effect", f"to-ports {_HOW}", "rewrites the source to this host"),
    "SAME": _row("exact", "effect", f"to nodst {_HOW}", "rewrites the source"),
    "NETMAP": _row("by context", "effect", "to",
                   "rewrites the destination on arrival, the source on leaving"),
    "MARK": _row("exact", "effect", _MARK, "marks the packet"),
    "CONNMARK": _row("exact", "effect", f"{_MARK} save-mark restore-mark mask nfmask ctmask left-shift-mark "
                                        f"right-shift-mark", "marks the connection, or copies its mark"),
    "HMARK": _row("exact", "effect", "hmark-tuple hmark-mod hmark-offset hmark-rnd hmark-src-prefix "
                                     "hmark-dst-prefix hmark-sport-mask hmark-dport-mask hmark-spi-mask "
                                     "hmark-sport hmark-dport hmark-spi hmark-proto-mask",
                  "marks the packet with a number that is not known"),
    "IPMARK": _row("exact", "effect", "addr and-mask or-mask shift", "marks the packet by an address"),
    "NOTRACK": _row("exact", "effect", "", "keeps the packet untracked"),
    "CT": _row("exact", "effect", "notrack helper timeout ctevents expevents zone zone-orig zone-reply",
               "untracked, or in a zone; its other options decide nothing"),
    "SET": _row("exact", "effect", "add-set del-set map-set exist timeout map-mark map-prio map-queue",
                "changes members of a set, or marks the packet by one"),
    "TTL": _row("exact", "effect", "ttl-set ttl-dec ttl-inc", "changes the time to live"),
    "HL": _row("exact", "effect", "hl-set hl-dec hl-inc", "changes the hop limit"),
    "DSCP": _row("harmless", "goes on", "set-dscp set-dscp-class", _TRAFFIC_CLASS),
    "TOS": _row("harmless", "goes on", "set-tos and-tos or-tos xor-tos",
                _TRAFFIC_CLASS),
    "ECN": _row("harmless", "goes on", "ecn-tcp-remove ecn-tcp-cwr ecn-tcp-ece ecn-ip-ect",
                _TRAFFIC_CLASS),
    "CLASSIFY": _row("harmless", "goes on", "set-class", "only tc asks for the class"),
    "TEE": _row("harmless", "goes on", "gateway oif", "it sends a copy (xt_TEE.c)"),
    "TCPMSS": _row("harmless", "goes on", "set-mss clamp-mss-to-pmtu", "what tcpmss asks is open anyway"),
    "TCPOPTSTRIP": _row("harmless", "goes on", "strip-options",
                        "what --tcp-option and tcpmss ask is open anyway"),
    "CHECKSUM": _row("harmless", "goes on", "checksum-fill", _HEADER_WORDS),
    "IPV4OPTSSTRIP": _row("harmless", "goes on", "", _HEADER_WORDS),
    "LOG": _row("harmless", "goes on", "log-level log-prefix log-tcp-sequence log-tcp-options "
                                       "log-ip-options log-uid log-macdecode", _NOTES),
    "NFLOG": _row("harmless", "goes on", "nflog-group nflog-range nflog-size nflog-threshold nflog-prefix",
                  _NOTES),
    "ULOG": _row("harmless", "goes on", "ulog-nlgroup ulog-cprange ulog-qthreshold ulog-prefix", _NOTES),
    "LOGMARK": _row("harmless", "goes on", "log-level log-prefix", _NOTES),
    "TRACE": _row("harmless", "goes on", "", _NOTES),
    "AUDIT": _row("harmless", "goes on", "type", _NOTES),
    "LED": _row("harmless", "goes on", "led-trigger-id led-delay led-always-blink", _NOTES),
    "IDLETIMER": _row("harmless", "goes on", "timeout label alarm", _NOTES),
    "ACCOUNT": _row("harmless", "goes on", "addr tname", _NOTES),
    "NETFLOW": _row("harmless", "goes on", "", _NOTES),
    "SYSRQ": _row("harmless", "goes on", "password hash", "a command for the host; the packet goes on"),
    "RATEEST": _row("harmless", "goes on", "rateest-name rateest-interval rateest-ewmalog",
                    "what rateest asks is open anyway"),
    "SECMARK": _row("harmless", "goes on", "selctx", _LABEL),
    "CONNSECMARK": _row("harmless", "goes on", "save restore", _LABEL),
}
"""Target to its row."""
