"""What looks like an answer and is none, or is somebody else's."""

from __future__ import annotations

import pytest

from tests.parsers.transcripts.written import heard, write

_TEST = """ComputerName     : 10.20.0.11
RemoteAddress    : 10.20.0.11
RemotePort       : 443
SourceAddress    : 10.30.4.42
TcpTestSucceeded : True
"""
_OPENED = "Connection to 10.9.0.1 80 port [tcp/http] succeeded!\n"
_QUERY = "\nQuerying target system called:\n\n 10.20.0.5\n\n" \
         "Attempting to resolve IP address to a name...\n\n" \
         "IP address resolved to dc01\n\nquerying...\n\n"
_WINDOWS = {
    "a ping": "ComputerName : mp01\nRemoteAddress : 10.20.0.11\nPingSucceeded : True\n",
    "another port than was asked": f"PS C:\\> tnc 10.20.0.11 -Port 80\n{_TEST}",
    "another host than was asked": f"PS C:\\> tnc 10.20.0.12 -Port 443\n{_TEST}",
    "not the address that was asked for": _TEST.replace("RemoteAddress    : 10.20.0.11",
                                                    "RemoteAddress    : 10.20.0.1"),
    "a port twice": _TEST.replace("SourceAddress ", "RemotePort : 80\nSourceAddress "),
    "a port of five digits and more": _TEST.replace("443", "65536"),
    "another computer's program": f"C:\\> psexec \\\\srv7 portqry -n 10.20.0.5 -e 88\n{_QUERY}"
                                  "TCP port 88 (kerberos service): LISTENING\n",
    "no answer to UDP": f"{_QUERY}UDP port 53 (domain service): LISTENING or FILTERED\n"
                        "UDP port 67 (bootps service): FILTERED\nUDP port 69 (tftp service): LISTENING\n",
    "a query without its head": "TCP port 88 (kerberos service): LISTENING\n",
    "the head of another query is lost": f"{_QUERY}Attempting to resolve name to IP address...\n"
                                         "Name resolved to 10.20.0.6\nquerying...\n"
                                         "TCP port 88 (kerberos service): LISTENING\n",
    "a word without its question": "True\n",
}
_LINUX = {
    "another host's program": f"ops@cl:~$ ssh gw2 nc -zv 10.9.0.1 80\n{_OPENED}",
    "another network's": f"ops@cl:~$ sudo ip netns exec red nc -zv 10.9.0.1 80\n{_OPENED}",
    "by a proxy": f"ops@cl:~$ nc -zv -x proxy:1080 10.9.0.1 80\n{_OPENED}",
    "UDP": "ops@cl:~$ nc -zvu 10.9.0.1 53\nConnection to 10.9.0.1 53 port [udp/domain] succeeded!\n",
    "of which protocol nothing says": "(UNKNOWN) [10.9.0.1] 53 (domain) open\n",
    "another port than was asked": f"$ nc -zv 10.9.0.1 81\n{_OPENED}",
    "a reason cut short": "nc: connect to 10.9.0.1 port 82 (tcp) failed: Connection ref\n",
    "QUIC": "$ curl -v --http3 https://mp01/\n* Connected to mp01 (10.9.0.1) port 443 (#0)\n",
    "an empty answer that may be cut off": "$ ip xfrm policy\n",
    "an empty answer before another host's prompt": "ops@a:~# ip xfrm policy\nops@b:~# uptime\nops@b:~# \n",
    "why it failed was thrown away": "$ nft list tables 2>/dev/null\n$ \n",
    "what it printed was thrown away": "$ nft list tables > /dev/null\n$ \n",
    "what a pager showed": "$ bridge link | less\n$ \n",
    "a program that may have been ended": "$ timeout 1 ip xfrm policy\n$ \n",
    "a shell that threw messages away": "$ exec 2>/dev/null\n$ hostname\ngw1\n$ nft list tables\n$ \n",
    "a shell that threw all away": "ops@a:~# exec &> /dev/null\nops@a:~# ip xfrm policy\nops@a:~# \n",
    "a shell in another one": "ops@a:~$ sudo -i 2>&-\nroot@a:~# ip xfrm policy\nroot@a:~# \n",
    "no permission": "$ ip xfrm policy\nRTNETLINK answers: Operation not permitted\n$ \n",
    "rules of routing of the other family": "$ ip -6 rule\n0:\tfrom all lookup local\n32766:\tfrom all "
                                            "lookup main\n32767:\tfrom all lookup default\n$ \n",
    "a rule of routing": "$ ip rule\n0:\tfrom all lookup local\n50:\tfrom 10.9.0.0/24 lookup 7\n"
                         "32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n$ \n",
    "one family of bridges": "$ sysctl net.bridge.bridge-nf-call-iptables\n"
                             "net.bridge.bridge-nf-call-iptables = 0\n$ \n",
    "a set that is not whole": "$ ipset list a\nName: a\nType: hash:ip\nRevision: 5\n"
                               "Header: family inet hashsize 64 maxelem 65536\nSize in memory: 1\n"
                               "References: 0\nNumber of entries: 2\nMembers:\n10.0.0.1\n$ \n",
    "a rounded number": "$ iptables -vnL\nChain INPUT (policy ACCEPT 0 packets, 0 bytes)\n"
                        " pkts bytes target     prot opt in     out     source      destination\n"
                        "  12K  720K ACCEPT     6    --  *      *       0.0.0.0/0   0.0.0.0/0\n$ \n",
    "a comment": "# nc -zv 10.9.0.1 80\n# Connection to 10.9.0.1 80 port [tcp/http] succeeded!\n",
}
_ALL = [(room, what, text) for room, texts in (("windows", _WINDOWS), ("linux", _LINUX))
        for what, text in texts.items()]


@pytest.mark.parametrize(("room", "text"), [(room, text) for room, _, text in _ALL],
                         ids=[f"{room}: {what}" for room, what, _ in _ALL])
def test_it_says_nothing(room: str, text: str) -> None:
    assert write(heard(room, text.encode())) == []


def test_colours_and_titles_of_terminals_say_nothing() -> None:
    text = "\x1b]0;ops@cl: ~\x07\x1b[01;32mops@cl\x1b[00m:\x1b[01;34m~\x1b[00m$ nc -zv 10.9.0.1 80\n" \
           "\x1b[?2004lConnection to 10.9.0.1 80 port [tcp/http] succeeded!\n"
    assert write(heard("linux", text.encode())) == ["2 cl - tcp - > 10.9.0.1 80 open"]


@pytest.mark.parametrize(("room", "before", "device"), [
    ("windows", "PS C:\\> hostname\nsrv1\nPS C:\\> whoami\nadmin\n", "srv1"),
    ("windows", "PS C:\\> hostname\nsrv1\nPS C:\\> ssh ops@srv2\nPS C:\\> whoami\nadmin\n", "?"),
    ("windows", "PS C:\\> hostname\nsrv1\nPS C:\\> Enter-PSSession srv2\n", "?"),
    ("windows", "PS C:\\> psexec \\\\srv2 cmd\nPS C:\\> hostname\nsrv2\n", "srv2"),
    ("linux", "$ hostname\ngw1\n$ ssh gw2\n", "?"),
    ("linux", "$ hostname\ngw1\n$ sudo lxc-attach -n web\n", "?"), ("linux", "$ hostname\ngw1\n", "gw1")])
def test_whose_prompt_it_is(room: str, before: str, device: str) -> None:
    """After a command that leads to another host a nameless prompt is that one's, until a name shows."""
    asked = {"windows": f"PS C:\\> tnc 10.20.0.11 -Port 443\n{_TEST}",
             "linux": f"$ nc -zv 10.9.0.1 80\n{_OPENED}$ \n"}
    answer, = heard(room, (before + asked[room]).encode())
    assert answer.device == device


@pytest.mark.parametrize("line", [
    "{} [{}", "* Connected to ", "/dev/tcp/a/1 ", "trace id 1 inet t c rule (verdict ", "Name: a\n", "PS > ",
    "a" * 40 + ": ", "UUID: ", "\x1b]0;"])
def test_long_lines_are_read_in_no_time(line: str) -> None:
    """Near misses, thousands of times: nothing here looks at them again and again."""
    for room in ("windows", "linux"):
        assert heard(room, (line * (60_000 // len(line)) + "\n").encode()) == []
