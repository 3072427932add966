"""No secret of a configuration reaches a note, an exception, or the output of a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof.linter.cli import run
from aclproof.parsers import source
from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.cisco_asa.asa import INTERFACES, read

TOKEN = "CANARY"

SECRETS = [line.replace("{}", f"{TOKEN}{number:02x}") for number, line in enumerate([
    "enable password {} encrypted", "enable password $sha512$5000${}==$x== pbkdf2", "passwd {} encrypted",
    "username admin password {} encrypted privilege 15", "username admin attributes\n password-storage {}",
    "tunnel-group VPN ipsec-attributes\n ikev1 pre-shared-key {}",
    "tunnel-group VPN ipsec-attributes\n pre-shared-key {}",
    "tunnel-group VPN ipsec-attributes\npre-shared-key {}",
    "tunnel-group VPN ipsec-attributes\n ikev2 local-authentication pre-shared-key {}",
    "crypto isakmp key {} address 192.0.2.1", "isakmp key {} address 192.0.2.1 netmask 255.255.255.255",
    "snmp-server community {}", "snmp-server host inside 10.0.0.1 community {} version 2c",
    "snmp-server user bob group v3 auth sha {} priv aes 128 {}",
    "snmp-server user bob group v3 encrypted auth sha {}",
    "aaa-server R protocol tacacs+\naaa-server R (inside) host 10.0.0.1\n key {}",
    "aaa-server R (inside) host 10.0.0.1 {} timeout 5",
    "aaa-server L protocol ldap\naaa-server L (inside) host 10.0.0.1\n ldap-login-password {}\n "
    "ldap-login-dn cn={}",
    "key chain K\n key 1\n  key-string {}", "key-string {}", "failover key {}",
    "failover ipsec pre-shared-key {}",
    "interface E7\n nameif x\n ospf message-digest-key 1 md5 {}",
    "interface E7\n nameif x\n ospf authentication-key {}",
    "interface E7\n nameif x\n authentication key eigrp 1 {} key-id 1",
    "interface E7\n nameif x\nospf authentication-key {}",
    "interface E7\n description {}", "router bgp 65000\n neighbor 10.0.0.1 password {}",
    "router ospf 1\n area 0 virtual-link 1.1.1.1 authentication-key {}",
    "ntp authentication-key 1 md5 {}", "vpdn username bob password {}", "vpdn group G ppp authentication {}",
    "crypto ca certificate chain T\n certificate 01\n    {}\n  quit",
    "crypto ca certificate chain T\ncertificate 01\n{}\nquit",
    "crypto ca trustpoint T\n password {}\n keypair k", "boot config tftp://user:{}@10.0.0.1/x",
    "auto-update server https://user:{}@10.0.0.1/x",
    "copy ftp://user:{}@10.0.0.1/x", "ddns update method M\n ddns both\n http add http://user:{}@x/",
    "dhcpd option 66 ascii {}",
    "wccp web-cache password {}", "pppoe client {}", "webvpn\n anyconnect image {}",
    "mount X type cifs\n password {}",
    "url-server (inside) vendor websense host 10.0.0.1 {}", "banner motd {}", "unknown-command {}", "{}",
    " {}",
    "access-list W webtype permit url http://user:{}@x/", "interface E7\n nameif x\n pppoe client vpdn "
                                                          "group {}",
    "xnable password {} encrypted", "usernam admin password {}", "snmp-servr community {}",
    "crypto ikev1 keyring {}",
    "group-policy G attributes\n vpn-filter value deny permit {}", "object network X\n description {}",
    "ldap-login-password {}", "ikev1 pre-shared-key {}", "md5 {}", "password-policy {}",
    "permit-password {}"])]


def _check(text: str) -> None:
    firewall = read(text)
    for note in firewall.notes:
        assert TOKEN not in repr(note), note
    assert TOKEN not in repr(firewall.notes)
    assert TOKEN not in repr(firewall.chains)
    assert TOKEN not in repr(firewall.interfaces)


@pytest.mark.parametrize("secret", SECRETS)
def test_no_note_quotes_a_secret(secret: str) -> None:
    _check(f"{INTERFACES}{secret}\naccess-list A extended permit ip any any\naccess-list A extended permit "
           "bad any\n")
    _check(f"{INTERFACES}object-group network G\n network-object host 10.0.0.1\nexit\n{secret}\n"
           "access-group A in interface x y\n")


LINES = (INTERFACES + """\
object network HOST
 host 10.1.0.9
object-group network GROUP
 network-object host 10.1.0.9
 network-object object HOST
object-group service PORTS tcp
 port-object eq 80
access-list A remark all of it
access-list A extended permit tcp object HOST object-group GROUP object-group PORTS
access-group A in interface inside
nat (inside,outside) source static HOST HOST
route outside 0.0.0.0 0.0.0.0 192.0.2.9
class-map C
 match any
policy-map P
 class C
  inspect icmp
service-policy P global
""").splitlines()


@pytest.mark.parametrize("at", range(1, len(LINES)))
def test_wherever_a_secret_is_no_line_is_quoted_with_it(at: int) -> None:
    """Also under a header that is lost, and right after a line that it may be the rest of."""
    for secret in SECRETS[at % 4::4]:
        for lost in (at, at - 1):
            firewall = read("\n".join([*LINES[:lost], secret, *LINES[at:]]) + "\n")
            lines = range(1, len(LINES) + 9)
            assert not any(TOKEN in firewall.source.span(line).text for line in lines), secret
            for known in (firewall.notes, firewall.chains, firewall.interfaces, firewall.translations):
                assert TOKEN not in repr(known), (secret, LINES[at - 1])


def _site(path: Path) -> str:
    site = path.parent / "aclproof.yaml"
    site.write_text("pack: configmgr-2007\nroles:\n  client: [10.1.0.0/16]\n  site-server: [10.2.0.10]\n"
                    "  management-point: [10.2.0.11]\n  distribution-point: [10.2.0.12]\n"
                    f"firewalls:\n  - {{name: fw, config: {path.name}}}\n", encoding="utf-8")
    return str(site)


def test_no_command_prints_a_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fw.cfg"
    rules = "\naccess-list A extended permit tcp any any eq 80\naccess-list A nonsense\n"
    text = INTERFACES + "\n".join(SECRETS) + rules
    path.write_text(text + "access-group A in interface inside\nenable password CANARY99 }\n",
                    encoding="utf-8")
    site = _site(path)
    packet_ = ["10.1.0.5", "10.2.0.10", "tcp", "445"]
    for arguments in (["show", str(path)], ["show", str(path), "--format", "json"],
                      ["show", str(path), "--acl", "A"],
                      ["trace", str(path), *packet_], ["trace", str(path), *packet_, "--format", "json"],
                      ["trace", str(path), *packet_, "--acl", "A"], ["check", site],
                      ["check", site, "--format", "json"],
                      ["show", str(path), "--acl", "nosuch"], ["check", str(path)], ["show", site]):
        code = run(arguments)
        captured = capsys.readouterr()
        assert TOKEN not in captured.out + captured.err, arguments
        assert code != 4, (arguments, captured.err)


@pytest.mark.parametrize("text", [
    f"enable password {TOKEN}\nnothing else\n",
    f"ASA Version 9.1\nenable password {TOKEN}\nASA Version 9.1\n",
    f"version 15.1\nenable password {TOKEN}\nip access-list extended X\n",
    f"ASA Version 9.1\n{TOKEN}{'x' * 70000}\n", f"ASA Version 9.1\nenable password {TOKEN}\0\n"])
def test_no_refusal_quotes_a_secret(text: str) -> None:
    with pytest.raises(UnsupportedInputError) as caught:
        read(text)
    assert TOKEN not in repr(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("text", [
    f"enable password {TOKEN}\n*filter\n:INPUT DROP [0:0]\nCOMMIT\n",
    f"*filter\n:INPUT DROP [0:0]\npassword {TOKEN}\nCOMMIT\n",
    f"mysql -p{TOKEN}\nChain INPUT (policy DROP)\ntarget  prot opt source  destination\n\n{TOKEN}\n",
    "Chain INPUT (policy DROP)\ntarget  prot opt source  destination\n"
    f"DROP  tcp  --  anywhere  10.0.0.1\nroot@fw:~# mysql -h 10.0.0.1 -p{TOKEN}\n"
    f"mysql -p{TOKEN} 10.0.0.1 db x\nroot@fw:~# mysql -p{TOKEN} 10.0.0.1\n"])
def test_no_note_on_an_iptables_dump_quotes_what_is_no_rule(text: str) -> None:
    firewall = read(text)
    assert any(note.reason for note in firewall.notes)
    assert TOKEN not in repr(firewall.notes)
    assert not any(TOKEN in firewall.source.span(line).text for line in range(1, text.count("\n") + 1))


def test_a_damaged_row_of_a_listing_is_quoted() -> None:
    firewall = read("Chain INPUT (policy DROP)\ntarget  prot opt source  destination\n"
                    "DROP  tcp  --  anywhere  10.0.0.300\n")
    assert firewall.source.span(3).text == "DROP  tcp  --  anywhere  10.0.0.300"


def test_a_bug_is_told_without_the_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "fw.cfg"
    path.write_text(f"ASA Version 9.1\nenable password {TOKEN}\n", encoding="utf-8")

    def broken(self: source.Source) -> None:
        raise ValueError(self.text)

    monkeypatch.setattr(source.Source, "text_lines", broken)
    assert run(["show", str(path)]) == 4
    captured = capsys.readouterr()
    assert TOKEN not in captured.out + captured.err
