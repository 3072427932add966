"""What lines do and ask that no verdict shows keeps others from being taken for them."""

from __future__ import annotations

import pytest

from tests.audit.test_tidying import ASA, IPTABLES, WINDOWS, found_in, lines_of

WEB = "-A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT"
ALL = "-A FORWARD -p tcp -j ACCEPT"
NFT = """table {} filter {{ # handle 1
	set banned {{ # handle 2
		type ipv4_addr
		flags timeout
		elements = {{ 10.0.0.1 timeout 1h expires 50m, 10.0.0.2 }}
	}}
	chain forward {{ # handle 3
		type filter hook {} priority filter; policy drop;
{}
	}}
}}
"""


def of_iptables(*rules: str) -> list[tuple[str, str]]:
    """Each line's kind and its command."""
    removal = found_in(IPTABLES.format("\n".join(rules))).removal
    return [(each.why, command) for each, command in zip(removal.lines, removal.commands, strict=True)]


def of_nft(*rules: str, family: str = "inet", hook: str = "forward") -> list[tuple[str, str]]:
    """Each line's kind and its text."""
    body = "\n".join(f"\t\t{rule} # handle {number}" for number, rule in enumerate(rules, 10))
    return [(why, text.rpartition(" # handle")[0])
            for why, text, _ in lines_of(found_in(NFT.format(family, hook, body)))]


@pytest.mark.parametrize("between", [
    "-A FORWARD -j LOG", "-A FORWARD -p tcp -j NFLOG --nflog-group 1", "-A FORWARD -p tcp -j TRACE",
    "-A FORWARD -j SET --add-set seen src", "-A FORWARD -p tcp", "-A FORWARD -j web\n-A web -j LOG",
    "-A FORWARD -m recent --set --name seen --mask 255.255.255.255 --rsource"])
def test_packets_that_are_let_through_at_once_come_to_nothing_else(between: str) -> None:
    assert of_iptables(WEB, between, ALL) == []


def test_what_others_meet_does_not_matter() -> None:
    assert of_iptables(WEB, "-A FORWARD -p udp -j LOG", ALL) == [
        ("redundant", "iptables -D FORWARD -p tcp -m tcp --dport 80 -j ACCEPT")]


@pytest.mark.parametrize("statement", [
    'log prefix "x"', "meta priority set 1:2", "ip dscp set cs1", "tcp option maxseg size set rt mtu",
    "meta nftrace set 1", 'ct helper set "ftp"', "dup to 10.0.0.9", 'counter name "c"'])
def test_statements_are_missed(statement: str) -> None:
    """Of the line itself, and of one that its packets would come to."""
    every = "meta l4proto tcp accept"
    assert of_nft(f"tcp dport 80 {statement} accept", every) == []
    assert of_nft("tcp dport 80 accept", f"meta l4proto tcp {statement}", every) == []
    assert of_nft(f"tcp dport 80 {statement} accept", f"meta l4proto tcp {statement} accept") == [
        ("redundant", f"tcp dport 80 {statement} accept")]


@pytest.mark.parametrize("rule", [
    "meta l4proto tcp synproxy mss 1460 wscale 7", "meta l4proto tcp tproxy to :50080",
    "meta l4proto tcp tcp dport set 81", "meta nfproto ipv6 ip6 nexthdr tcp accept",
    "meta pkttype host accept", "ip saddr @banned accept", "ip frag-off & 0x1fff == 0 accept"])
def test_what_takes_some_packets_only(rule: str) -> None:
    """Others go on, and so do fragments, broadcasts, packets with extension headers, members that left."""
    assert of_nft(rule, "ip saddr 10.0.0.1 drop", "meta nfproto ipv6 meta l4proto tcp drop") == []


def test_a_rewritten_port_is_asked_again() -> None:
    assert of_nft("tcp dport 81 drop", "tcp dport 80 tcp dport set 81", "tcp dport 81 accept") == []


def test_synproxy_takes_what_opens_a_connection() -> None:
    assert of_iptables("-A FORWARD -p tcp -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460",
                       "-A FORWARD -p tcp -m conntrack --ctstate INVALID -j DROP") == []


@pytest.mark.parametrize("test", [
    "-m mac --mac-source 00:11:22:33:44:55", "-m physdev --physdev-in eth1", "-m mark --mark 0x1",
    "-m policy --dir in --pol ipsec", "-m string --string x --algo bm", "-m length --length 100:200"])
def test_what_asks_alike_is_answered_alike(test: str) -> None:
    """A note in between changes nothing; what rewrites headers may."""
    rule = f"-A FORWARD {test} -j DROP"
    assert [why for why, _ in of_iptables(rule, "-A FORWARD -j LOG", rule)] == ["covered"]
    assert of_iptables(rule, "-A FORWARD -j web", rule, "-A web -j MARK --set-xmark 0x1/0xffffffff",
                       "-A web -j DSCP --set-dscp 0x10") == []


@pytest.mark.parametrize("test", [
    "-m statistic --mode random --probability 0.50000000000", "-m limit --limit 1/sec", "-m quota --quota 10",
    "-m recent --rcheck --name seen --mask 255.255.255.255 --rsource",
    "-m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr"])
def test_what_counts_or_draws_lots_is_not(test: str) -> None:
    rule = f"-A FORWARD -p tcp {test} -j DROP"
    assert of_iptables(rule, rule) == []


@pytest.mark.parametrize(("rules", "command"), [
    # the kernel keeps both alike, so that the words of the later one fit the first
    (["-A FORWARD -p tcp -m tcp --dport 22 -j ACCEPT", "-A FORWARD -s 10.0.0.5/32 -j DROP",
      "-A FORWARD -p tcp --dport ssh -j ACCEPT"], "iptables -D FORWARD 3"),
    (["-A FORWARD -s 10.0.0.1,10.0.0.2 -p tcp -j ACCEPT", "-A FORWARD -d 10.9.9.9/32 -j DROP",
      "-A FORWARD -s 10.0.0.2/32 -p tcp -j ACCEPT"], "iptables -D FORWARD 4"),
    # nothing is left for a shell to work out
    ([ALL, r'-A FORWARD -p tcp -m comment --comment "it\'s $HOME `id` \\" -j ACCEPT'],
     r"""iptables -D FORWARD -p tcp -m comment --comment 'it'"'"'s $HOME `id` \' -j ACCEPT"""),
    ([ALL, "-A FORWARD -p tcp -m recent --rcheck --name seen --mask 255.255.255.255 --rsource -j DROP"],
     "iptables -D FORWARD 2"),
    ([ALL, "-A FORWARD ! -s 10.0.0.1/32 -p tcp -j DROP"],
     "iptables -D FORWARD ! -s 10.0.0.1/32 -p tcp -j DROP"),
])
def test_a_command_fits_one_rule(rules: list[str], command: str) -> None:
    assert [found for _, found in of_iptables(*rules)] == [command]


def asa(*entries: str, after: str = "") -> list[tuple[str, str]]:
    body = "\n".join(f"access-list IN extended {each}" for each in entries)
    found = found_in(ASA.format(f"{body}\n{after}".strip()))
    return [(why, text.removeprefix("access-list IN extended ")) for why, text, _ in lines_of(found)]


HOST, NETWORK = "permit ip host 10.0.0.1 host 10.9.0.1", "permit ip 10.0.0.0 255.0.0.0 any"


@pytest.mark.parametrize("use", [
    "crypto map M 1 match address IN", "crypto dynamic-map D 1 match address IN",
    "nat (inside) 1 access-list IN", "static (inside,outside) 192.0.2.9 access-list IN"])
def test_entries_that_make_tunnels_and_translations(use: str) -> None:
    assert asa(HOST, NETWORK) == [("redundant", HOST)]
    assert asa(HOST, NETWORK, after=use) == []


@pytest.mark.parametrize(("one", "other", "alike"), [
    ("log", "log informational interval 300", True), ("log", "log 6", True), ("log default", "", True),
    ("log", "", False), ("log disable", "", False), ("log", "log interval 600", False)])
def test_logs_of_an_asa(one: str, other: str, *, alike: bool) -> None:
    entries = f"deny tcp any any eq telnet {one}".strip(), f"deny tcp any any {other}".strip()
    assert [why for why, _ in asa(*entries)] == ["redundant"] * alike


@pytest.mark.parametrize(("log", "alike"), [("log disable", True), ("log default", True), ("log", False)])
def test_a_permit_leaves_no_message_unless_its_entry_says_so(log: str, *, alike: bool) -> None:
    assert [why for why, _ in asa(f"{HOST} {log}", NETWORK)] == ["redundant"] * alike


def test_users_are_the_same_in_every_entry() -> None:
    user = r"permit tcp user CORP\bob any any"
    assert asa(user, f"{user} eq www") == [("covered", f"{user} eq www")]
    assert asa(user, r"permit tcp user CORP\eve any any eq www") == []


def test_what_comes_by_a_nat_edge_is_let_through_by_its_own_rule() -> None:
    rules = WINDOWS.format("web", "Any", 80, "Allow"), WINDOWS.format("all web", "Any", 80, "Allow")
    assert [why for why, _, _ in lines_of(found_in("".join(rules)))] == ["covered"]
    by_edge = rules[1].replace(f"{'Edge traversal:':38}No", f"{'Edge traversal:':38}Yes")
    assert lines_of(found_in(rules[0] + by_edge)) == []


def test_a_target_that_is_not_understood() -> None:
    """A dump that somebody has cut: tidy stopped at it with an internal error."""
    nat = "*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -j DNAT --to-destination 192.\nCOMMIT\n"
    removal = found_in(nat + IPTABLES.format("\n".join((WEB, WEB)))).removal
    assert [each.why for each in removal.lines] == ["covered"]
