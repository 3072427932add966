"""A first site file: it loads, its guesses name their lines, and it is a site file like any other."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import jsonschema
import pytest
import yaml

from aclproof import parsers, rules
from aclproof.linter.cli import run
from aclproof.linter.draft.quotable import quotable
from aclproof.linter.draft.signs import signs_of
from aclproof.linter.proof.outgoing import may_translate
from aclproof.linter.schemas.site import of_builtin_packs
from aclproof.linter.site import reader
from aclproof.linter.site.site import Site
from aclproof.rules.strict_yaml import InputError
from tests.parsers.cisco_asa.asa import INTERFACES
from tests.parsers.test_secrets import SECRETS, TOKEN
from tests.parsers.windows.windows import Words, listing, profiles

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(each.parent for each in (ROOT / "fixtures" / "sites").glob("*/aclproof.yaml"))
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SIGNS = signs_of(rules.load("configmgr-2007"))
SCHEMA = jsonschema.Draft202012Validator(of_builtin_packs())
Output = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def copied(source: Path, target: Path) -> Site:
    """Copy the configurations of a site, and return the site as its author wrote it."""
    known = reader.read(source / "aclproof.yaml")
    for place in known.firewalls:
        for config in place.configs:
            shutil.copy(config, target)
    return known


def own_name(config: Path) -> str:
    """The name that a configuration gives its device, else that of the file."""
    found = re.search(r"^hostname (\S+)$", config.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else config.stem


def initial(known: Site, capsys: Output, *options: str) -> tuple[str, str]:
    assert run(["init", *(Path(place.configs[0]).name for place in known.firewalls), *options]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    return Path("aclproof.yaml").read_text(encoding="utf-8"), err


def test_the_branch_office_is_proposed_as_its_author_wrote_it(folder: Path, capsys: Output) -> None:
    known = copied(ROOT / "fixtures" / "sites" / "branch", folder)
    text, err = initial(known, capsys)
    proposed = reader.read(Path("aclproof.yaml"))
    assert proposed.roles == known.roles
    assert proposed.settings == {"mode": "mixed", "wsus-http-port": "8530"}
    assert err == ("aclproof: aclproof.yaml written; 7 guesses to confirm\n"
                   "aclproof: pack configmgr-2007: the default, as no line tells the product and its version "
                   "for sure; --pack names another one\n")
    for line in (
            "    - 10.20.0.0/16     # guess: branch-asa.cfg:20 behind interface branch, whose description "
            "speaks of 'users'; branch-asa.cfg:62 TCP 8530 is permitted from there",
            "    - 10.1.1.11     # guess: branch-asa.cfg:38 object MP1; branch-asa.cfg:60 TCP 80 is "
            "permitted to it",
            "#   10.20.0.0/16           behind branch of branch-asa (branch-asa.cfg:20)"):
        assert line in text.splitlines()
    assert run(["check"]) == 1
    assert run(["requirements"]) == 0


@pytest.mark.parametrize("source", FOLDERS, ids=lambda path: path.name)
def test_what_is_written_loads_or_names_what_to_fill_in(
        source: Path, folder: Path, capsys: Output) -> None:
    known = copied(source, folder)
    text, err = initial(known, capsys)
    unfilled = [number for number, line in enumerate(text.splitlines(), 1)
                if "FILL-IN" in line.partition("#")[0]]
    assert [int(number) for number in re.findall(r"^  aclproof.yaml:(\d+): ", err, re.MULTILINE)] == unfilled
    code = run(["check"])
    checked = capsys.readouterr()
    if unfilled:
        assert code == 2
        assert checked.out == ""
        assert {int(number) for number in re.findall(r"aclproof.yaml:(\d+): ", checked.err)} <= set(unfilled)
    else:
        assert code in (0, 1, 3), checked.err
        proposed = reader.read(Path("aclproof.yaml"))
        assert [place.name for place in proposed.firewalls] == [
            own_name(Path(place.configs[0])) for place in known.firewalls]
        SCHEMA.validate(yaml.safe_load(text))


@pytest.mark.parametrize("source", FOLDERS, ids=lambda path: path.name)
def test_every_guess_names_a_line_that_is_there(source: Path, folder: Path, capsys: Output) -> None:
    text, _ = initial(copied(source, folder), capsys)
    for line in text.splitlines():
        value, mark, guess = line.partition("# guess: ")
        assert not mark or value.strip()
        for file, number in re.findall(r"([\w.-]+):(\d+) ", guess):
            lines = Path(file).read_text(encoding="utf-8").splitlines()
            quoted = lines[int(number) - 1].strip()
            assert quoted
            assert len(quoted) < 20 or quoted not in text, "no line of a configuration is quoted"


def test_most_guesses_are_right(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch,
                                capsys: Output) -> None:
    """On sites whose authors knew nothing of guesses, for the pack that the site is for.

    After a translation a role has two addresses.
    """
    counts: Counter[str] = Counter()
    for source in FOLDERS:
        here = tmp_path_factory.mktemp(source.name)
        monkeypatch.chdir(here)
        known = copied(source, here)
        initial(known, capsys, "--pack", known.packs[0])
        if any(may_translate(parsers.read(*place.configs)) for place in known.firewalls):
            continue
        try:
            proposed = reader.read(Path("aclproof.yaml"))
        except InputError:
            counts["refused"] += 1
            continue
        for role, addresses in proposed.roles.items():
            right = role in known.roles and bool(addresses & known.roles[role])
            counts["right" if right else "wrong"] += 1
    assert counts["right"] > 150
    assert counts["wrong"] < counts["right"] / 20


# Files and paths


def test_an_existing_file_is_left_alone(folder: Path, capsys: Output) -> None:
    Path("aclproof.yaml").write_text("mine", encoding="utf-8")
    assert run(["init"]) == 2
    assert "exists already: --force overwrites it" in capsys.readouterr().err
    assert Path("aclproof.yaml").read_text(encoding="utf-8") == "mine"
    assert run(["init", "--force"]) == 0
    assert "roles:" in Path("aclproof.yaml").read_text(encoding="utf-8")


def test_a_configuration_is_never_overwritten(folder: Path, capsys: Output) -> None:
    copied(ROOT / "fixtures" / "sites" / "branch", folder)
    before = Path("branch-asa.cfg").read_bytes()
    assert run(["init", "branch-asa.cfg", "-o", "branch-asa.cfg", "--force"]) == 2
    assert Path("branch-asa.cfg").read_bytes() == before


def test_quiet_says_nothing_of_what_is_written(folder: Path, capsys: Output) -> None:
    copied(ROOT / "fixtures" / "sites" / "branch", folder)
    assert run(["init", "branch-asa.cfg", "-q"]) == 0
    assert capsys.readouterr() == ("", "")
    assert reader.read(Path("aclproof.yaml")).roles
    assert run(["init", "branch-asa.cfg", "-q"]) == 2  # it is there
    assert "exists already" in capsys.readouterr().err


def test_standard_output_gets_the_file_alone(folder: Path, capsys: Output) -> None:
    copied(ROOT / "fixtures" / "sites" / "branch", folder)
    assert run(["init", "branch-asa.cfg", "-o", "-"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert sorted(path.name for path in folder.iterdir()) == ["branch-asa.cfg"]
    assert run(["init", "branch-asa.cfg", "-o", "-", "-qq"]) == 0
    assert capsys.readouterr() == ("", "")
    assert sorted(path.name for path in folder.iterdir()) == ["branch-asa.cfg"]
    Path("piped.yaml").write_text(out, encoding="utf-8")
    assert reader.read(Path("piped.yaml")).roles


def test_without_configurations_everything_is_to_be_filled_in(folder: Path, capsys: Output) -> None:
    assert run(["init"]) == 0
    err = capsys.readouterr().err
    assert "0 guesses to confirm" in err
    for what in ("mode: FILL-IN", "client: [FILL-IN]", "management-point: [FILL-IN]", "- config: FILL-IN"):
        assert what in err
    text = Path("aclproof.yaml").read_text(encoding="utf-8")
    assert run(["check"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    for key, value in (("mode: ", "mixed"), ("client: ", "[10.20.0.0/16]"), ("-point: ", "[10.1.1.11]")):
        text = text.replace(f"{key}[FILL-IN]", key + value).replace(f"{key}FILL-IN", key + value)
    Path("aclproof.yaml").write_text(text, encoding="utf-8")
    assert run(["requirements"]) == 0


def test_paths_are_those_from_the_site_file(folder: Path, capsys: Output) -> None:
    (folder / "site" / "configs").mkdir(parents=True)
    copied(ROOT / "fixtures" / "sites" / "branch", folder / "site" / "configs")
    assert run(["init", "site/configs/branch-asa.cfg", "-o", "site/aclproof.yaml"]) == 0
    assert "config: configs/branch-asa.cfg" in Path("site/aclproof.yaml").read_text(encoding="utf-8")
    assert run(["check", "site/aclproof.yaml"]) == 1
    capsys.readouterr()
    outside = ["init", "site/configs/branch-asa.cfg", "-o", "other/aclproof.yaml"]
    (folder / "other").mkdir()
    assert run(outside) == 2
    assert "-o aclproof.yaml" in capsys.readouterr().err
    assert run([*outside, "--allow-outside"]) == 0
    assert run(["check", "other/aclproof.yaml", "--allow-outside"]) == 1
    assert run(["check", "other/aclproof.yaml"]) == 2


@pytest.mark.parametrize(("arguments", "says"), [
    (["-"], "save the configuration first"), (["none.cfg"], "no such file"),
    (["junk.txt"], "no firewall configuration"),
    (["fw.cfg", "-o", "none/aclproof.yaml"], "cannot be written")])
def test_a_wrong_call_gets_one_line_and_writes_nothing(
        arguments: list[str], says: str, folder: Path, capsys: Output) -> None:
    Path("junk.txt").write_text("Dear colleague,\n", encoding="utf-8")
    Path("fw.cfg").write_text(INTERFACES, encoding="utf-8")
    allow = ["--allow-outside"] if "-o" in arguments else []
    assert run(["init", *arguments, *allow]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1
    assert not Path("aclproof.yaml").exists()


# What may not get in


def test_no_secret_of_a_configuration_gets_in(folder: Path, capsys: Output) -> None:
    described = "\nobject network MP1\n host 10.2.0.11\n description password CANARY99 of this point\n"
    Path("fw.cfg").write_text(INTERFACES + "\n".join(SECRETS) + described, encoding="utf-8")
    assert run(["init", "fw.cfg", "-o", "-"]) == 0
    out, err = capsys.readouterr()
    assert TOKEN not in out + err
    assert "10.2.0.11     # guess: " in out, "the object is used, its description is not"
    Path("gw.rules").write_text(f'*filter\n-A FORWARD -s 10.20.0.0/16 -m comment --comment "clients {TOKEN}" '
                                "-j ACCEPT\nCOMMIT\n", encoding="utf-8")
    assert run(["init", "gw.rules", "-o", "-"]) == 0
    out = capsys.readouterr().out
    assert TOKEN not in out
    assert "10.20.0.0/16     # guess: gw.rules:2 a rule whose name or comment speaks of 'client" in out


@pytest.mark.parametrize("name", ["x: y", "a#b", "'q'", '"d"', "- z", "yes", "\u202eabc", "\x1b[31m"])
def test_a_name_of_the_configuration_is_only_text(name: str, folder: Path, capsys: Output) -> None:
    text = INTERFACES.replace("inside", name.replace(" ", "_") if ":" not in name else name)
    Path("fw.cfg").write_text(f"{text}\nobject network CLIENTS{name}\n subnet 10.1.0.0 255.255.0.0\n"
                              "object network MP\n host 10.2.0.11\n", encoding="utf-8")
    assert run(["init", "fw.cfg"]) == 0
    written = Path("aclproof.yaml").read_text(encoding="utf-8")
    assert written.replace("\n", "").isprintable()
    code = run(["requirements"])
    err = capsys.readouterr().err
    assert code == 0 or "FILL-IN" in err
    assert "not valid YAML" not in err


# Where firewalls are


def test_hosts_interfaces_and_lists_are_proposed(folder: Path, capsys: Output) -> None:
    Path("gw.rules").write_text(
        "*filter\n:FORWARD DROP [0:0]\n"
        "-A FORWARD -i eth1 -s 10.20.0.0/16 -d 10.1.1.11/32 -p tcp --dport 80 -j ACCEPT\n"
        "-A FORWARD -i eth0 -s 10.1.1.11/32 -j ACCEPT\nCOMMIT\n", encoding="utf-8")
    Path("web7.rules").write_text(
        "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 443 -j ACCEPT\nCOMMIT\n", encoding="utf-8")
    Path("list.txt").write_text(
        "access-list USERS-IN; 1 elements; name hash: 0x1\n"
        "access-list USERS-IN line 1 extended permit tcp 10.20.0.0 255.255.0.0 host 10.1.1.11 eq www "
        "(hitcnt=0) 0x1\naccess-list SRV-IN; 1 elements; name hash: 0x2\n"
        "access-list SRV-IN line 1 extended permit tcp host 10.1.1.11 10.20.0.0 255.255.0.0 eq 9 (hitcnt=0) "
        "0x2\n", encoding="utf-8")
    Path("pc.reg").write_bytes((ROOT / "fixtures/sites/path-two-hops-block/client.reg").read_bytes())
    assert run(["init", "gw.rules", "list.txt", "web7.rules", "pc.reg"]) == 0
    known = reader.read(Path("aclproof.yaml"))
    gateway, listing, web, windows = known.firewalls
    assert gateway.interfaces == {"client": "eth1", "management-point": "eth0"}
    assert listing.acl == {"client": "USERS-IN", "management-point": "SRV-IN"}
    assert (web.host, gateway.host) == (("management-point",), ())
    assert (windows.host, windows.profile) == (("client",), "domain")
    capsys.readouterr()
    assert run(["check", "--method", "group-policy"]) in (0, 1, 3)


@pytest.mark.parametrize(("name", "port", "host"), [
    ("BR-0815", 445, "FILL-IN"), ("BR-0815", 80, "FILL-IN"), ("BR-0815", 7, "FILL-IN"),
    ("BR-0815", 8530, "software-update-point"), ("laptop7", 445, "client"),
    ("mp01", 445, "management-point")])
def test_whose_a_computer_of_windows_is_takes_more_than_a_port_that_all_have(
        folder: Path, name: str, port: int, host: str) -> None:
    """A client lets 445 and 80 in as well as a server does; a wrong guess makes every verdict wrong."""
    Path(f"{name}.txt").write_text(profiles() + listing(Words("x", local_port=str(port))), encoding="utf-8")
    assert run(["init", f"{name}.txt"]) == 0
    assert f"    host: {host}     #" in Path("aclproof.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("rules", "example"), [
    ("-A FORWARD -i ens192 -j ACCEPT\n-A FORWARD -i lo -j ACCEPT\n-A FORWARD -o ens2+ -j ACCEPT\n"
     "-A FORWARD -o ens224 -j ACCEPT\n", "{client: ens192, site-server: ens224}"),
    ("-A FORWARD -j ACCEPT\n", "{client: eth1, site-server: eth0}")])
def test_interfaces_of_the_example_are_those_that_rules_name(folder: Path, rules: str, example: str) -> None:
    Path("gw.rules").write_text(f"*filter\n:FORWARD DROP [0:0]\n{rules}COMMIT\n", encoding="utf-8")
    assert run(["init", "gw.rules"]) == 0
    assert f"    # interfaces: {example}     #" in Path("aclproof.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(("text", "roles"), [
    ("SCCM-MP01", ["management-point"]), ("sccm_dp-2", ["distribution-point"]), ("SCCM1", ["site-server"]),
    ("wsusServer", ["software-update-point"]), ("CLIENTS-VLAN10", ["client"]),
    ("Server Locator Point", ["server-locator-point"]),
    ("Standortserver", ["site-server"]), ("damp", []), ("update", []), ("spc", []), ("MPLS", []),
    ("mp and dp", ["management-point", "distribution-point"])])
def test_words_mean_roles(text: str, roles: list[str]) -> None:
    assert [role for role, _ in SIGNS.roles_in(text)] == roles


def test_places_of_clients_are_known_by_their_words() -> None:
    assert SIGNS.near_place("BRANCH-LAN") == "lan"
    assert SIGNS.near_place("planet") == ""


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not part of the project")
def test_configurations_of_others_are_no_trouble(folder: Path, capsys: Output) -> None:
    codes: Counter[int] = Counter()
    for file in sorted(CORPUS.glob("*/*")):
        if file.is_file() and file.suffix != ".md":
            shutil.copy(file, "x.cfg")
            code = run(["init", "x.cfg", "--force"])
            codes[code] += 1
            if code == 0:
                assert run(["check"]) in (0, 1, 2, 3), file
            assert "Traceback" not in capsys.readouterr().err
    assert set(codes) <= {0, 2}
    assert codes[0] > 10


def test_usual_answers_are_proposed_and_taken(folder: Path, capsys: Output) -> None:
    """The nft back end's own tables are all that its dump shows: `init` asks, and one line settles it."""
    (folder / "gw.v4").write_text(
        "# Generated by iptables-save v1.8.9 (nf_tables) on Sat Nov 28 17:04:10 2026\n*filter\n"
        ":INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n"
        "# Completed on Sat Nov 28 17:04:10 2026\n")
    assert run(["init", "gw.v4"]) == 0
    text = Path("aclproof.yaml").read_text(encoding="utf-8")
    text = text.replace("client: [FILL-IN]", "client: [10.20.0.0/16]").replace("FILL-IN", "10.1.1.10")
    text = re.sub(r"(mode): 10.1.1.10", r"\1: mixed", text)
    Path("aclproof.yaml").write_text(text, encoding="utf-8")
    assert run(["check", "-qq"]) == 3
    Path("aclproof.yaml").write_text(re.sub(r'^# (facts:|  ".*": no)', r"\1", text, flags=re.MULTILINE),
                                     encoding="utf-8")
    assert run(["check", "-qq"]) == 0, capsys.readouterr().out


# Evidence

SYSTEMS = """\
object network SCCM01
 host 10.2.0.20
 description CM primary site server
object network H21
 host 10.2.0.21
 description mp for branches
object network SCCM-DP1
 host 10.2.0.22
object-group network SCCM-SYSTEMS
 network-object object SCCM01
 network-object object H21
 network-object object SCCM-DP1
"""


def test_membership_in_a_group_of_all_systems_says_less_than_a_name(folder: Path, capsys: Output) -> None:
    Path("fw.cfg").write_text(INTERFACES + SYSTEMS, encoding="utf-8")
    assert run(["init", "fw.cfg", "-o", "-"]) == 0
    text = capsys.readouterr().out
    roles = yaml.safe_load(text)["roles"]
    assert {role: roles[role] for role in ("site-server", "management-point", "distribution-point")} == {
        "site-server": ["10.2.0.20"], "management-point": ["10.2.0.21"], "distribution-point": ["10.2.0.22"]}
    assert "- 10.2.0.20     # guess: fw.cfg:14 object SCCM01, described as 'CM primary site server'" in text


def test_a_server_that_only_the_product_names_keeps_its_role_where_nobody_else_has_it(
        folder: Path, capsys: Output) -> None:
    """One server of a small site: it is in the group of management points as well."""
    Path("fw.cfg").write_text(INTERFACES + "object network SCCM1\n host 10.2.0.20\nobject-group network MPS\n"
                              " network-object object SCCM1\n", encoding="utf-8")
    assert run(["init", "fw.cfg", "-o", "-"]) == 0
    roles = yaml.safe_load(capsys.readouterr().out)["roles"]
    assert (roles["site-server"], roles["management-point"]) == (["10.2.0.20"], ["10.2.0.20"])


@pytest.mark.parametrize(("text", "may"), [
    ("CM primary site server", True), ("Verwaltungspunkt (Filiale Köln)", True), ("MP, VLAN 20", True),
    ("MP/DP of branch", True), ("", False), ("password welcome", False), ("MP pw welcome", False),
    ("MP x7Gq2", False), ("MP Hunter2", False), ("MP QWERTYZ", False), ("mp " * 30, False),
    ("community public", False), ("login admin welcome", False), ("mp a=b", False), ("mp !secret!", False)])
def test_only_plain_descriptions_are_quoted(text: str, may: bool) -> None:
    assert quotable(text) is may


def test_what_only_people_know_is_asked_with_its_answers(folder: Path, capsys: Output) -> None:
    Path("fw.cfg").write_text(
        INTERFACES + "time-range NIGHT\n periodic daily 20:00 to 6:00\n"
        "access-list IN extended permit ip any any time-range NIGHT\naccess-group IN in interface inside\n",
        encoding="utf-8")
    assert run(["init", "fw.cfg", "-o", "-"]) == 0
    text = capsys.readouterr().out
    assert '#   "time-range NIGHT": FILL-IN     # whether time-range NIGHT is active (' in text
    assert "'active' or 'inactive'" in text


def test_comments_are_written_in_the_language_that_is_asked_for(folder: Path, capsys: Output) -> None:
    """The values are the same."""
    copied(ROOT / "fixtures" / "sites" / "branch", folder)
    assert run(["init", "branch-asa.cfg", "-o", "-"]) == 0
    english = capsys.readouterr().out
    assert run(["init", "branch-asa.cfg", "-o", "-", "--lang", "de"]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == yaml.safe_load(english)
    assert run(["init", "-o", "-", "--lang", "de"]) == 0
    assert "management-point: [FILL-IN]     # Verwaltungspunkt" in capsys.readouterr().out
