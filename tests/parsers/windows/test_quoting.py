"""What of Windows' inputs is quoted: nothing that may be a secret, on whatever line, in whatever form."""

from __future__ import annotations

from pathlib import Path

import pytest

from aclproof import parsers
from aclproof.linter.cli import run
from aclproof.parsers import scripts
from aclproof.parsers import source as sources
from aclproof.parsers.source import UnsupportedInputError
from aclproof.parsers.windows.quoting import quotable
from tests.parsers.windows.computers import LOCAL, allow, local
from tests.parsers.windows.windows import Words, listing, profiles

SECRET = "S3cr3t"
ADD = "netsh advfirewall firewall add rule name=x dir=in action=allow protocol=tcp localport=445"
RULE = Words("SMB", local_port="445", program="System")

SITE = """settings: {mode: mixed, epm-udp: false}
methods: [client-push]
roles: {client: [10.71.0.0/16], site-server: [10.1.71.10], management-point: [10.1.71.11]}
firewalls: [{name: pc, config: fw.txt, host: client, profile: domain}]
"""


@pytest.mark.parametrize(("line", "quoted"), [
    ('"x"="v2.10|Action=Allow|LPort=445|SHKey=S|Name=n|"',
     '"x"="v2.10|Action=Allow|LPort=445|SHKey=...|Name=n|"'),
    ('"x"="v2.10|EP1_4=10.0.0.0/255.0.0.0|Auth1Set={x}|psk|"',
     '"x"="v2.10|EP1_4=10.0.0.0/255.0.0.0|Auth1Set={x}|...|"'),
    ('"x"="v2.10|Dir=In|" ; S', '"x"="v2.10|Dir=In|...'),
    ('"EnableFirewall"=dword:00000001', '"EnableFirewall"=dword:00000001'),
    ("EnableFirewall    REG_DWORD    0x1", "EnableFirewall    REG_DWORD    0x1"),
    ("Password    REG_SZ    S", "..."), ('"DefaultPassword"="S', '"DefaultPassword"=...'),
    ('"445:TCP"="445:TCP:*:Enabled:SMB"', '"445:TCP"="445:TCP:*:Enabled:SMB"'),
    (f"[{LOCAL}\\FirewallRules]", f"[{LOCAL}\\FirewallRules]"), ("[HKEY_LOCAL_MACHINE\\S]", "..."),
    ("Rule Name:      SMB", "Rule Name:      SMB"), ("Auth1PSK:      S", "..."),
    ("Aktiviert: Ja", "Aktiviert: Ja"),
    (f"{ADD} > \\\\srv\\S", ADD), (f"{ADD} auth1psk=S S", f"{ADD} auth1psk=... ..."),
    ("netsh advfirewall reset", "netsh advfirewall reset"), ("netsh firewall add portopening TCP 445 S",
                                                             "netsh firewall add portopening TCP 445 ..."),
    ("Remove-NetFirewallRule -Name x # S", "Remove-NetFirewallRule -Name x"), ("$password = 'S'", "..."),
    ("net use x S", "..."), ("<q1:Foo>S</q1:Foo>", "<q1:Foo>..."), ('<q1:User cpassword="S"/>', "..."),
    ("<q1:Foo>", "<q1:Foo>"), ('"Psk": "S",', "..."), ("", "")])
def test_only_what_is_known_is_quoted(line: str, quoted: str) -> None:
    assert quotable(line) == quoted


INPUTS = {
    "a script": f"net use x {SECRET}\n{ADD}\nnetsh advfirewall consec add rule name=y auth1psk={SECRET}\n"
                f"{ADD} auth1psk={SECRET}\n{ADD} {SECRET}\n",
    "a capture": f"C:\\>net use x {SECRET}\n\n{profiles()}{listing(RULE)}",
    "a listing": profiles() + listing(RULE).replace("Edge", f"Auth1PSK:       {SECRET}\nEdge"),
    "a line in a listing": profiles() + listing(RULE).replace("Edge", f"{SECRET} x\nEdge"),
    "a value": local(allow(), allow("SMB")).replace(
        '"EnableFirewall"', f'"SHKey"="{SECRET}"\n"EnableFirewall"')
    + f'[{LOCAL}\\FirewallRules]\n"SHKey"="{SECRET}"\n"y"="v2.10|{SECRET}|"\n"p"="{SECRET}\n\n',
    "a rule": local(allow(f"SHKey={SECRET}|"), allow(f"SHKey={SECRET}|Action=Foo|")),
}


@pytest.mark.parametrize("name", INPUTS)
def test_no_output_holds_a_secret(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                  capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("fw.txt").write_text(INPUTS[name], encoding="utf-8")
    Path("aclproof.yaml").write_text(SITE, encoding="utf-8")
    for arguments in (["check", "-v"], ["check", "--format", "json"], ["check", "--format", "html"],
                      ["show", "fw.txt"], ["show", "fw.txt", "--format", "json"], ["fix"],
                      ["init", "fw.txt", "--force"]):
        code = run(arguments)
        assert code in (0, 1, 3), "it is read"
        captured = capsys.readouterr()
        assert SECRET not in captured.out + captured.err, arguments
    assert SECRET not in Path("aclproof.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", [
    f"net use x {SECRET}", f"{ADD} {SECRET}", f"Remove-NetFirewallRule SMB {SECRET}",
    f"netsh firewall add portopening tcp 445 x enable all {SECRET} {SECRET} {SECRET}",
    f"$x = '{SECRET}'"])
def test_a_script_that_is_refused_shows_no_word_of_it(script: str, tmp_path: Path) -> None:
    (tmp_path / "fw.txt").write_text(listing(RULE), encoding="utf-8")
    (tmp_path / "s.bat").write_text(f"{script}\n", encoding="utf-8")
    with pytest.raises(UnsupportedInputError) as error:
        scripts.read([str(tmp_path / "fw.txt")], sources.read(str(tmp_path / "s.bat")))
    assert SECRET not in str(error.value)


def test_an_input_that_is_read_again_is_quoted_as_before() -> None:
    """Each change that is tried reads the files anew: what quotes a line must not go on top of what does."""
    source = sources.from_bytes(local(allow()).encode(), "fw.reg")
    parsers.parse(source)
    quoting = source.quotable
    parsers.parse(source)
    assert source.quotable is quoting
