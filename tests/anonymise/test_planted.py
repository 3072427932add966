"""Secrets and names that were planted in every syntax: none is left, and the model is the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aclproof.linter.anonymise.anonymise import Anonymised, anonymised, configurations
from aclproof.parsers import read
from tests.anonymise.planted import ASA, IPTABLES, NETSH, PLANTED

SALT = b"a salt that nobody keeps"


def of(data: bytes, folder: Path, salt: bytes = SALT) -> Anonymised:
    path = folder / "in" / "config.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return anonymised(lambda: configurations([str(path)]), lambda at: configurations([at(str(path))]), salt,
                      str(folder))


@pytest.mark.parametrize("make", PLANTED)
def test_nothing_that_was_planted_is_left(make: str, tmp_path: Path) -> None:
    text, planted = PLANTED[make]
    assert [each for each in planted if each not in text] == []  # it can fail
    found = of(text.encode(), tmp_path)
    assert (found.differs, found.meaning.unread) == ("", "")
    assert [each for each in planted if each in found.files[0].text] == []


@pytest.mark.parametrize("make", PLANTED)
def test_lines_and_what_is_around_their_words_stay(make: str, tmp_path: Path) -> None:
    text, _ = PLANTED[make]
    before, after = text.split("\n"), of(text.encode(), tmp_path).files[0].text.split("\n")
    assert len(before) == len(after)
    margins = [re.match(r"\s*", line)[0] for line in before]  # type: ignore[index]
    assert [re.match(r"\s*", line)[0] for line in after] == margins  # type: ignore[index]
    assert [line.endswith("\r") for line in after] == [line.endswith("\r") for line in before]


def test_the_same_salt_makes_the_same_names_in_another_file(tmp_path: Path) -> None:
    first = of(ASA.encode(), tmp_path).files[0].text
    second = of(IPTABLES.encode(), tmp_path).files[0].text
    user = re.search(r"^username (\S+)", first, re.MULTILINE)
    assert user is not None
    assert f"--uid-owner {user[1]}" in second  # both are zaphod
    assert user[1] not in of(ASA.encode(), tmp_path, b"another salt, of as many bytes").files[0].text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "cp850"])
def test_a_code_page_is_kept(encoding: str, tmp_path: Path) -> None:
    german = NETSH
    for english, word in (("Rule Name:", "Regelname:"), ("Description:", "Beschreibung:"),
                          ("Enabled:", "Aktiviert:"), ("Yes", "Ja"), ("Direction:", "Richtung:"),
                          ("Edge traversal:", "Edgeausnahme:"), ("Profiles:", "Profile:"),
                          ("Domain", "Domäne"), ("Grouping:", "Gruppierung:"), ("LocalIP:", "Lokale IP:"),
                          ("RemoteIP:", "Remote-IP:"), ("Protocol:", "Protokoll:"),
                          ("LocalPort:", "Lokaler Port:"), ("RemotePort:", "Remoteport:"),
                          ("Action:", "Aktion:"), ("Allow", "Zulassen"), ("Program:", "Programm:"),
                          ("In\r", "Eingehend\r"), ("Any\r", "Beliebig\r"), ("No\r", "Nein\r"),
                          ("InterfaceTypes:", "Schnittstellentypen:"), ("Security:", "Sicherheit:"),
                          ("Rule source:", "Regelquelle:"), ("Local Setting", "Lokale Einstellung")):
        german = german.replace(english, word)
    data = german.encode(encoding)
    found = of(data, tmp_path)
    assert found.differs == ""
    assert "Domäne" in found.files[0].data.decode(encoding)
    assert found.files[0].data[:2] == data[:2]


def test_a_number_that_is_an_address_of_the_file_is_mapped_with_it(tmp_path: Path) -> None:
    text = IPTABLES.replace("-A zaphodkette -m mac", "-A zaphodkette -s 10.77.3.9 -m u32 --u32 12=0x0A4D0309 "
                            "-j DROP\n-A zaphodkette -m mac")
    found = of(text.encode(), tmp_path)
    assert "0a4d0309" not in found.files[0].text.lower()


def test_wildcards_of_names_still_fit(tmp_path: Path) -> None:
    found = of(IPTABLES.encode(), tmp_path).files[0].text
    pattern, name = re.findall(r"-i (\S+)", found)
    assert pattern.endswith("+")
    assert name.startswith(pattern[:-1])
    assert "dmz" not in found


def test_the_original_was_read_as_it_is(tmp_path: Path) -> None:
    """What is compared are firewalls with rules, not empty ones."""
    for make, (text, _) in PLANTED.items():
        path = tmp_path / make
        path.write_bytes(text.encode())
        firewall = read(str(path))
        assert sum(len(each.rules) for each in firewall.chains.values()) > 0, make


TWO_NAMES = """\
ASA Version 9.12(4)
interface GigabitEthernet0/0
 nameif aussen
 security-level 0
 ip address 198.51.100.1 255.255.255.0
interface GigabitEthernet0/1
 nameif innen
 security-level 100
 ip address 10.77.3.1 255.255.255.0
object network anna
 host 10.77.3.9
 nat (innen,aussen) static 198.51.100.7
object network bert
 host 10.77.3.9
 nat (innen,aussen) static 198.51.100.8
"""


@pytest.mark.parametrize("number", range(8))
def test_of_two_translations_of_one_host_the_same_one_wins(number: int, tmp_path: Path) -> None:
    """An ASA takes the object whose name comes first; half of all salts would turn them round."""
    found = of(TWO_NAMES.encode(), tmp_path, b"a salt that nobody keeps %d" % number)
    assert found.differs == ""
    (tmp_path / "new").write_bytes(found.files[0].data)
    old, new = (read(str(tmp_path / each)) for each in ("in/config.txt", "new"))
    assert [each.line for each in new.translations] == [each.line for each in old.translations]


def test_networks_that_are_translated_keep_the_places_of_hosts(tmp_path: Path) -> None:
    text = TWO_NAMES.replace(" host 10.77.3.9", " subnet 10.77.4.0 255.255.255.0", 1).replace(
        "static 198.51.100.7", "static 203.0.113.0")
    found = of(text.encode(), tmp_path)
    assert (found.differs, found.held) == ("", (8, 0))
