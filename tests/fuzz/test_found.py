"""Cases that were found to break a promise, made small, and mended since."""

from __future__ import annotations

import pytest

from tests.fuzz.readers import READERS
from tests.fuzz.run import tried

_LONG = b"9" * 5000

FOUND = (
    ("cisco-asa: configuration", b"interface\nnameif e\n ip \nnameif n"),  # a header wrong in two ways
    ("cisco-asa: configuration", b"nameif e o security0\nservice-policy"),
    ("cisco-asa: configuration", b"nameif e o security0\nservice-policy P interface\n"),
    ("cisco-asa: configuration", b"firewall transparent\ninterface\nnameif e\nbridge-group"),
    ("iptables: commands", b"-P P\n-P FORWARD DROP \n-A FORWARD"),  # the first line was the second of two
    *(("nftables: text", b"table ip t {\n" + b"# a remark\n" * 500 + b'include "%s"\n}\n' % name)
      for name in (b"./a\0.nft", b"./d\0/*.nft", b"/etc/a/b\0.nft")),  # NUL after what is looked at for it
    ("nftables: text", b"table ip t {\nchain c {\naccept # handle " + b"9" * 5000 + b"\n}\n}\n"),
    ("cisco-asa: show access-list", b"access-list A line 1 extended permit ip any any (hitcnt=%s)\n" % _LONG),
    ("cisco-asa: change script", b"access-list OTHER line %s extended permit ip any any\n" % _LONG),
    ("iptables: save", b"*filter\n:FORWARD DROP [0:0]\n-R FORWARD %s\nCOMMIT\n" % _LONG),
    ("iptables: commands", b"-A PREROUTING -d 2/%s\n" % _LONG),
    ("iptables: listing", b"Chain t (%s references)\n" % _LONG),
    ("iptables: listing", b"Chain N (policy \npkts bytes target prot opt in out source destination\n"
                          b"0 0 C-- * * 0.0.0.0 0.0.0.0/0 tcpflags:7/0x"),
    ("iptables: listing", b"Chain N (policy DROP)\ntarget prot opt source destination\n"
                          b"ACCEPT tcp -- 0.0.0.0/0 0.0.0.0/0 tcp flags:0x00x1/0x02\n"),
    ("baseline", b'{"schema": "aclproof/baseline/v1", "sites": {"s": "\\ud800"}}'),
    ("baseline", b'{"schema": "aclproof/baseline/v1", "sites": {"s": [{"verdict": "\\ud800"}]}}'),
    ("list of names", b"\xff\xfe\n"),
    ("list of names", b"\xff\xfe\x00\xd8"),
)


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_it_is_mended(name: str, data: bytes) -> None:
    (reader,) = (each for each in READERS if each.name == name)
    assert tried(reader, data)[0] == ""
