"""Which pack `init` writes where nobody names one: expectations from the products' own documentation.

Client notification (TCP 10123) came with Configuration Manager 2012, the server locator point went with it;
MECM is what the current branch was called from 2019 on; Windows 10 is newer than 2007 and 2012.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from aclproof.linter.cli import run
from tests.parsers.cisco_asa.asa import INTERFACES
from tests.parsers.windows.computers import local
from tests.parsers.windows.windows import Words, listing, profiles

CLIENTS = "object network CLIENTS\n subnet 10.1.0.0 255.255.0.0\n"
PERMIT = "access-list IN extended permit tcp 10.1.0.0 255.255.0.0 host 10.2.0.11 eq {}\n"
SITES = Path(__file__).parents[2] / "fixtures" / "sites"
Y2007, Y2012, CURRENT = "configmgr-2007", "configmgr-2012", "configmgr-current-branch"
OTHERS = ("other packs: active-directory-members, {}, sql-server; 'aclproof rules list' says what they are "
          "about")
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def drafted(*configs: str) -> tuple[str, list[str]]:
    """The pack that is written, and its line with the comments below it."""
    assert run(["init", *configs, "--force"]) == 0
    text = Path("aclproof.yaml").read_text(encoding="utf-8")
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("pack:"))
    end = next(number for number, line in enumerate(lines) if line.startswith("# methods:"))
    return yaml.safe_load(text)["pack"], lines[start:end]


def of_asa(text: str) -> tuple[str, list[str]]:
    """What is drafted for an ASA with some lines more."""
    Path("fw.cfg").write_text(INTERFACES + CLIENTS + text, encoding="utf-8")
    return drafted("fw.cfg")


@pytest.mark.parametrize(("line", "pack"), [
    ("object network SCCM2012-MP\n host 10.2.0.11\n", Y2012),
    ("object network ConfigMgr_2012\n host 10.2.0.11\n", Y2012),
    ("object network MECM01\n host 10.2.0.11\n", CURRENT),
    ("object network X\n host 10.2.0.11\n description MEMCM management point\n", CURRENT),
    ("object-group service MECM-PUSH tcp\n port-object eq 445\n", CURRENT),
    ("access-list IN remark SCCM 2007 clients\n" + PERMIT.format(80), Y2007),
    ("access-list IN remark Cloud Management Gateway\n" + PERMIT.format(443), CURRENT),
    (PERMIT.format(80).replace("IN", "SCCM2012-IN"), Y2012),
    ("object network SLP1\n host 10.2.0.11\n description server locator point\n", Y2007)])
def test_a_name_with_the_version_decides_alone(line: str, pack: str, capsys: Output) -> None:
    chosen, lines = of_asa(line)
    assert chosen == pack
    assert len(lines) == 1, "nothing to confirm but the guess itself"
    assert lines[0].startswith(f"pack: {pack}     # guess: fw.cfg:")
    assert f"aclproof: pack {pack}: fw.cfg:" in capsys.readouterr().err


def test_a_port_that_fits_is_a_guess_to_confirm(capsys: Output) -> None:
    chosen, lines = of_asa(PERMIT.format(10123))
    number = (INTERFACES + CLIENTS).count("\n") + 1
    shown = f"fw.cfg:{number} TCP 10123 is permitted (client notification, which 2007 does not have)"
    assert chosen == CURRENT
    assert lines == [f"pack: {CURRENT}     # guess: {shown}",
                     "  # confirm: such a line is usual with it, and does not name it",
                     f"  # perhaps {Y2012}: {shown}",
                     "  # " + OTHERS.format(f"{Y2007}, {Y2012}")]
    assert f"aclproof: pack {CURRENT}: {shown}\n" in capsys.readouterr().err


def test_the_port_may_be_in_an_object() -> None:
    text = "object-group service N tcp\n port-object eq 443\n port-object {}\n" + PERMIT.replace(
        "eq {}", "object-group N")
    assert of_asa(text.format("eq 10123"))[0] == CURRENT
    assert of_asa(text.format("range 10120 10125"))[0] == Y2007, "in a range it is there by chance"


@pytest.mark.parametrize("line", [
    "", PERMIT.format(80), PERMIT.format(8530), "access-list IN extended permit tcp any any\n",
    PERMIT.format(10123).replace("permit", "deny"), PERMIT.format(10123).replace("tcp", "udp"),
    "object network SCCM1\n host 10.2.0.11\n", "object network CM12\n host 10.2.0.11\n",
    "object network BRANCH\n host 10.2.0.11\n description current branch office\n",
    "access-list IN remark CM2012-00345 approved\n", "access-list IN remark SCCM 2012-11-30 jdoe\n",
    "object network X\n host 10.2.0.11\n description enhanced HTTP inspection\n",
    "object network LIBMECMX\n host 10.2.0.11\n", PERMIT.format(1433), PERMIT.format(88),
    "object network SQL-SERVER\n host 10.2.0.11\n", "object network MPLS-2012\n host 10.2.0.11\n"])
def test_what_tells_no_version_leaves_the_default_with_the_other_packs(line: str, capsys: Output) -> None:
    """A wrong choice is worse than the default; another product's pack is never chosen by its ports alone."""
    chosen, lines = of_asa(line)
    assert chosen == Y2007
    assert lines[:2] == [f"pack: {Y2007}",
                         "  # confirm: the default, as no line tells the product and its version for sure"]
    assert lines[-1] == "  # " + OTHERS.format(f"{Y2012}, {CURRENT}")
    assert f"aclproof: pack {Y2007}: the default, as no line tells " in capsys.readouterr().err


@pytest.mark.parametrize(("line", "perhaps"), [
    (PERMIT.format(8530), f"{Y2007}, {Y2012}, {CURRENT}: fw.cfg:"),
    (PERMIT.format(1433), "sql-server: fw.cfg:"), (PERMIT.format(464), "active-directory-members: fw.cfg:")])
def test_what_others_have_as_well_is_told(line: str, perhaps: str) -> None:
    _, lines = of_asa(line)
    assert len(lines) == 4
    assert lines[2].startswith(f"  # perhaps {perhaps}")


def test_where_lines_do_not_agree_the_stronger_wins_and_both_are_told() -> None:
    chosen, lines = of_asa("object network SCCM2007-MP\n host 10.2.0.11\n" + PERMIT.format(10123))
    first = (INTERFACES + CLIENTS).count("\n") + 1
    assert chosen == Y2007
    assert lines[0] == f"pack: {Y2007}     # guess: fw.cfg:{first} speaks of 'sccm 2007'"
    assert lines[1] == "  # confirm: the lines do not agree on it"
    assert lines[2].startswith(f"  # perhaps {CURRENT}, {Y2012}: fw.cfg:{first + 2} TCP 10123 is permitted")


def test_a_line_that_fits_the_chosen_one_as_well_is_no_contradiction() -> None:
    """2012 has client notification, too."""
    chosen, lines = of_asa("object network SCCM2012-MP\n host 10.2.0.11\n" + PERMIT.format(10123))
    assert (chosen, len(lines)) == (Y2012, 1)


@pytest.mark.parametrize(("version", "pack", "system"), [
    (0x200, Y2007, "Windows 6.0"), (0x20A, Y2007, ""), (0x216, Y2007, ""), (0x21E, CURRENT, "Windows 10.0")])
def test_the_system_of_a_windows_export_tells_what_it_can(version: int, pack: str, system: str) -> None:
    """PolicyVersion of [MS-FASP]: 0x200 is Vista, 0x20A is 7 and 0x216 is 8.1, which several packs know."""
    Path("pc.reg").write_text(local(version=version), encoding="utf-8")
    chosen, lines = drafted("pc.reg")
    assert chosen == pack
    assert lines[0].startswith(f"pack: {pack}" + f"     # guess: pc.reg is of {system} (" * bool(system))
    assert lines[1].startswith("  # confirm: ")


def test_comments_and_names_of_rules_count_in_every_vendors_words() -> None:
    Path("gw.rules").write_text(
        "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -s 10.20.0.0/16 -d 10.1.1.11/32 -p tcp --dport 80 "
        '-m comment --comment "MECM clients" -j ACCEPT\nCOMMIT\n', encoding="utf-8")
    assert drafted("gw.rules")[1][0].endswith(
        "# guess: gw.rules:3 speaks of 'mecm' (the name of the current branch)")
    Path("pc.txt").write_text(profiles() + listing(Words("SCCM 2012 client push", local_port="445")),
                              encoding="utf-8")
    assert drafted("pc.txt")[0] == Y2012
    Path("SCCM2012-fw.rules").write_bytes(Path("gw.rules").read_bytes().replace(b"MECM ", b""))
    assert drafted("SCCM2012-fw.rules")[1][0].endswith("# guess: SCCM2012-fw.rules speaks of 'sccm 2012'")


def test_a_pack_that_is_named_wins(capsys: Output) -> None:
    Path("fw.cfg").write_text(INTERFACES + "object network MECM01\n host 10.2.0.11\n", encoding="utf-8")
    assert run(["init", "fw.cfg", "--pack", Y2012]) == 0
    assert "pack" not in capsys.readouterr().err
    assert f"\npack: {Y2012}\n# methods:" in Path("aclproof.yaml").read_text(encoding="utf-8")


def test_without_configurations_it_is_the_default() -> None:
    chosen, lines = drafted()
    assert chosen == Y2007
    assert lines[1].startswith("  # confirm: the default")


def test_a_pack_of_ones_own_is_chosen_by_its_own_signs(folder: Path) -> None:
    """No word of a product is known to the program."""
    own = (Path(__file__).parents[2] / "rules" / "README.md").read_text(encoding="utf-8").partition(
        "```yaml\nid: acme\n")[2].partition("```")[0]
    (folder / "rules").mkdir()
    signs = "init:\n  chosen-by:\n    - {ports: [7443], strength: strong, because: its relay}\n"
    text = "id: acme\n" + own.replace("init:\n", signs, 1)
    (folder / "rules" / "acme.yaml").write_text(text, encoding="utf-8")
    chosen, lines = of_asa(PERMIT.format(7443))
    assert (chosen, len(lines)) == ("acme", 1)
    assert run(["requirements"]) == 0
    (folder / "rules" / "acme.yaml").write_text(text.replace("[7443]", "[x]"), encoding="utf-8")
    assert of_asa(PERMIT.format(7443))[0] == Y2007, "one that is wrong is left out"


def test_no_description_is_quoted(capsys: Output) -> None:
    of_asa("object network X\n host 10.2.0.11\n description MECM password CANARY99\n")
    assert "CANARY99" not in Path("aclproof.yaml").read_text(encoding="utf-8") + capsys.readouterr().err


@pytest.mark.parametrize("site", ["branch", "cb-enhanced-http-works", "linux-by-hand"])
def test_the_choice_does_not_depend_on_the_order_of_the_files(site: str) -> None:
    configs = sorted(each.name for each in (SITES / site).iterdir() if each.suffix in (".cfg", ".rules"))
    for name in configs:
        Path(name).write_bytes((SITES / site / name).read_bytes())
    assert drafted(*configs)[0] == drafted(*configs[::-1])[0]
