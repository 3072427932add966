"""The portfolio as files: what is written where, the same bytes always, and nothing foreign acts."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aclproof.linter.cli import run
from aclproof.linter.fleet.outcome import Cause, End, MethodOutcome, Outcome
from aclproof.linter.fleet.reports.portfolio import page_of
from aclproof.linter.reports import Look, html
from aclproof.rules.pack import Text
from tests.reports.many_sites import DAY, audited, outcomes, portfolio
from tests.reports.samples import HOSTILE, SITES
from tests.reports.test_html import ATTRIBUTES, Page

NAMES = ("branch", "path-five-hops", "windows-three-vendors")
OURS = ATTRIBUTES | {"data-ranks", "data-causes", "data-cause", "data-end", "data-text", "colspan",
                     "aria-sort", "hidden", "type", "value", "spellcheck"}


def checked(folder: Path, *given: str) -> dict[str, bytes]:
    """Every file that a run over fixture sites and an unreadable one writes."""
    broken = folder.parent / "broken.yaml"
    broken.write_text("roles: {client: [10.0.0.0/33]}\n", encoding="utf-8")
    sites = [str(SITES / name / "aclproof.yaml") for name in NAMES] + [str(broken)]
    options = given or ("--jobs", "1")
    if "--turned" in options:
        sites.reverse()
        options = tuple(each for each in options if each != "--turned")
    assert run(["check", *sites, "--as-of", DAY.isoformat(), "--lang", "en", "-q", *options,
                "--format", f"html={folder}"]) == 2
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*.html")}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return checked(tmp_path_factory.mktemp("run") / "out")


def test_every_link_leads_to_a_page_and_back(written: dict[str, bytes]) -> None:
    index = Page(written["index.html"].decode())
    links = [each for each in index.all("href") if not each.startswith("#")]
    assert {*links} == {name for name in written if name != "index.html"}
    for name in links:
        assert Page(written[name].decode()).all("href")[0] == "../index.html"


def test_the_page_of_a_site_is_its_own_report_with_a_link_back(
        written: dict[str, bytes], tmp_path: Path) -> None:
    single = tmp_path / "one.html"
    run(["check", str(SITES / "branch" / "aclproof.yaml"), "--as-of", DAY.isoformat(), "--lang", "en", "-q",
         "--no-fixes", "--format", f"html={single}"])
    name = next(each for each in written if "sites-branch-" in each)
    added = '<p class="start"><a href="../index.html">All sites</a></p>\n'
    assert added in written[name].decode()
    assert written[name].decode().replace(added, "") == single.read_text(encoding="utf-8")
    assert f"<h1>{SITES}/branch</h1>" in written[name].decode()


@pytest.mark.parametrize("given", [("--jobs", "2"), ("--jobs", "1", "--turned")], ids=["two", "turned"])
def test_the_bytes_are_the_same_whoever_does_the_work(
        given: tuple[str, ...], written: dict[str, bytes], tmp_path: Path) -> None:
    assert checked(tmp_path / "out", *given) == checked(tmp_path / "other")
    assert written["index.html"].count(b"<tr ") == len(NAMES) + 1


def test_what_is_not_ours_stays_and_what_is_ours_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (folder / "sites").mkdir(parents=True)
    (folder / "sites" / "mine.html").write_text("mine")
    (folder / "notes.txt").write_text("mine")
    (folder / "index.html").write_text("old")
    first = checked(folder)
    assert first["sites/mine.html"] == b"mine"
    assert (folder / "notes.txt").read_text() == "mine"
    assert first["index.html"] != b"old"
    assert checked(folder) == first


@pytest.mark.parametrize(("target", "said"), [
    ("html", "html of many sites is a folder of pages: name it, --format html=DIR"),
    ("html=-", "html of many sites is a folder of pages"),
    ("html=taken", "taken: a folder is needed here, and a file has this name"),
    ("html=taken/below", "taken/below: a folder is needed here, and a file has this name")])
def test_where_no_folder_can_be_it_says_so(
        target: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("taken").write_text("mine")
    assert run(["check", str(SITES / "branch"), "--lang", "en", "--format", target]) == 2
    assert said in capsys.readouterr().err
    assert Path("taken").read_text() == "mine"


def test_no_other_report_goes_to_the_start_page(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["check", str(SITES / "branch"), "--lang", "en", "--format", "html=out",
                "--format", "json=./out/index.html"]) == 2
    assert "two reports would go to ./out/index.html" in capsys.readouterr().err
    assert not Path("out").exists()


def test_a_site_that_cannot_be_read_any_more_has_no_old_page(tmp_path: Path) -> None:
    """An old 'works' would be a false one."""
    site = "a/aclproof.yaml"
    proven = Outcome(site, "proven", pieces={"html": "works"})
    unread = Outcome(site, "unreadable", ("a/aclproof.yaml:2: no such role",))
    assert portfolio([proven])[page_of(site)] == "works"
    page = Page(portfolio([unread])[page_of(site)]).text
    assert "Nothing of this site was proven. NOT READ" in page
    assert "a/aclproof.yaml:2: no such role" in page


def test_the_table_has_every_site_with_its_problem_worst_first() -> None:
    some = [Outcome("b.yaml", "proven"), Outcome("a.yaml", "proven"),
            Outcome("c.yaml", "unreadable", ("one", "two", "three", "four", "five")),
            Outcome("d.yaml", "failed", ("its process died",)), Outcome("e.yaml", "missing"),
            Outcome("f.yaml", "unproven"), Outcome("g.yaml", "accepted")]
    table = re.search(r"<table class=\"heat.*?</table>", portfolio(some)["index.html"], re.S)
    assert table
    rows = [Page(each).text for each in re.findall(r"<tr .*?</tr>", table[0], re.S)]
    assert rows == ["d.yaml FAILED its process died", "c.yaml NOT READ one two three and 2 more problems",
                    "e.yaml something missing", "f.yaml not all proven", "g.yaml accepted (not proven)",
                    "a.yaml proven", "b.yaml proven"]


def test_causes_are_counted_over_all_sites() -> None:
    """Of 95 sites 5 and 55 have configuration 5, and 11 and 61 have 11; all four are read."""
    index = portfolio(list(outcomes(95)))["index.html"]
    text = Page(index).text
    for config in ("05", "11"):
        assert f"2 sites conf/asa-{config}.cfg:3{config} asa-{config} access-list BRANCH-IN" in text
    number = re.search(r'data-cause="(\d+)">2 sites</a>\s*<figure class="quote bad">\s*'
                       r'<figcaption><span class="at">conf/asa-05', index)
    assert number
    marked = [each for each in re.findall(r'data-causes="([^"]*)"', index) if number[1] in each.split()]
    assert len(marked) == 2


def steps(some: Sequence[Outcome]) -> list[str]:
    nav = re.search(r"<nav .*?</nav>", portfolio(some)["index.html"], re.S)
    assert nav
    return [Page(each).text for each in re.findall(r"<li>.*?</li>", nav[0], re.S)]


def of_line(number: int, sites: int) -> Iterator[Outcome]:
    """Sites that one line stops."""
    stops = Cause("line", "dc", f"dc.cfg:{number}", f"deny {number}", f"deny {number}", ("SMB", "SUP"),
                  ("TCP 445", "TCP 8530"))
    for site in range(sites):
        yield Outcome(f"of-{number}/{site}/aclproof.yaml", "missing", causes=(stops,),
                      unmet={"missing": ("SMB", "SUP")})


def test_the_first_screen_says_what_to_do() -> None:
    """Faults first, then what is new, then the line and the question that concern most sites."""
    asks = Cause("question", "", "", "whether N is active", "whether N is active", ("RPC",), ("TCP 135",))
    some = [Outcome("unread.yaml", "unreadable", ("wrong",)), Outcome("dead.yaml", "failed", ("died",)),
            Outcome("new.yaml", "unproven", causes=(asks,), new=("RPC",)),
            *of_line(9, 2), *of_line(7, 4), *of_line(8, 1), *of_line(6, 1)]
    assert steps(some) == [
        "See what made 1 site fail.", "Correct 1 site that could not be read.",
        "See what is new or has grown at 1 site.",
        "Permit what dc.cfg:7 stops at 4 sites : TCP 445, TCP 8530 (for example of-7/0 )",
        "Permit what dc.cfg:9 stops at 2 sites : TCP 445, TCP 8530 (for example of-9/0 )",
        "Permit what dc.cfg:6 stops at 1 site : TCP 445, TCP 8530 ( of-6/0 )",
        "See what else stops sites.", "Answer a question for 1 site : whether N is active ( new.yaml )"]
    index = portfolio(some)["index.html"]
    assert Page(index).text.count("SMB (TCP 445), SUP (TCP 8530)") == 4
    assert "new.yaml new: RPC not all proven" in Page(index).text
    assert "of-7/0 missing: SMB, SUP something missing" in Page(index).text


def test_lines_of_two_sites_that_say_the_same_are_one_step_with_both() -> None:
    """A line that stops only what is warned of is a cause, and no step."""
    def stopped(site: str, text: str, **more: bool) -> Outcome:
        line = Cause("line", f"{site}-fw", f"{site}.cfg:3", text, text, ("SMB",), ("TCP 445",), **more)
        return Outcome(f"{site}.yaml", "missing", causes=(line,))

    some = [stopped("ulm", "deny all"), stopped("kiel", "deny all"),
            stopped("bonn", "deny udp", only_warned=True)]
    assert steps(some) == ["Permit what kiel.cfg:3 and 1 more stops at 2 sites : TCP 445 "
                           "(for example kiel.yaml )"]
    only_warned = [replace(some[2], end="proven")]
    assert steps(only_warned) == ["Nothing: all that was asked for is proven or accepted."]
    index = portfolio(some)["index.html"]
    assert "2 sites kiel.cfg:3, ulm.cfg:3 kiel-fw, ulm-fw deny all SMB (TCP 445)" in Page(index).text
    assert "1 site bonn.cfg:3 bonn-fw deny udp" in Page(index).text
    assert sorted(re.findall(r'data-causes="([^"]*)"', index)) == ["0", "0", "1"]


@pytest.mark.parametrize(("end", "said"), [
    ("proven", "Nothing: all that was asked for is proven or accepted."),
    ("accepted", "Nothing: all that was asked for is proven or accepted."),
    ("unproven", "See why 1 site is not proven."), ("missing", "See why 1 site is not proven.")])
def test_nothing_to_do_is_said_only_where_it_is_so(end: End, said: str) -> None:
    assert steps([Outcome("a.yaml", end)]) == [said]


def test_steps_do_not_depend_on_the_order_of_sites() -> None:
    some = [*of_line(9, 2), *of_line(7, 4)]
    assert steps(some) == steps(some[::-1])


def test_a_page_of_a_site_that_was_not_read_says_how_to_go_on() -> None:
    pages = portfolio([Outcome("a b/aclproof.yaml", "unreadable", ("wrong",)),
                       Outcome("c.yaml", "failed", ("died",))])
    unread, failed = (Page(pages[page_of(name)]).text for name in ("a b/aclproof.yaml", "c.yaml"))
    assert "Correct this, and check the site again: aclproof check 'a b/aclproof.yaml'" in unread
    assert "aclproof explain site-file" in unread
    assert "to see whether it fails again: aclproof check c.yaml" in failed


def test_a_run_that_was_stopped_says_so() -> None:
    stopped = Page(portfolio(list(outcomes(3)), asked=10)["index.html"]).text
    assert "Stopped: 7 sites were not looked at." in stopped
    assert "Stopped" not in portfolio(list(outcomes(3)))["index.html"]
    index = portfolio([Outcome("a.yaml", "proven")], asked=2)["index.html"]
    assert 'class="statement unseen"' in index
    assert "Check 1 site that was not looked at." in Page(index).text
    assert not re.search("every site|all that was asked for", Page(index).text)


def test_no_site_at_all_is_no_proof() -> None:
    text = portfolio([])["index.html"]
    assert "Nothing was proven of 0 of 0 sites." in Page(text).text
    assert "statement good" not in text
    assert "every site" not in text


@pytest.mark.parametrize(("ends", "tone"), [
    (("proven", "proven"), "good"), (("proven", "accepted"), "waived"),
    (("accepted", "unproven"), "open"), (("proven", "unproven"), "open"), (("proven", "failed"), "unseen"),
    (("unproven", "unreadable"), "unseen"), (("missing", "unreadable"), "bad")])
def test_the_statement_is_as_bad_as_the_worst_site(ends: Sequence[str], tone: str) -> None:
    some = [Outcome(f"{number}.yaml", end) for number, end in enumerate(ends)]  # type: ignore[arg-type]
    assert re.findall(r'class="statement (\w+)"', portfolio(some)["index.html"]) == [tone]


def hostile() -> list[Outcome]:
    """Every text that comes from outside tries to break out of the page."""
    method = MethodOutcome("push", Text(f"Push {HOSTILE}", f"Push {HOSTILE}"), "blocked")
    stops = Cause("line", f"fw {HOSTILE}", f"fw.cfg{HOSTILE}:1", HOSTILE, HOSTILE, ("SMB",))
    asks = replace(stops, kind="question", firewall="", place="")
    return [Outcome(f"{HOSTILE}/aclproof.yaml", "missing", (), (method,), {"missing": 1}, (stops, asks)),
            Outcome(f"other {HOSTILE}.yaml", "unreadable", (HOSTILE,))]


def test_hostile_text_stays_text() -> None:
    clean = Page(portfolio(list(outcomes(40)))["index.html"])
    for name, text in portfolio([*audited(hostile(), HOSTILE)]).items():
        page = Page(text)
        assert set(page.tags) <= set(clean.tags) | {"li", "ul"}
        assert page.tags["script"] == (name == "index.html")
        assert not {"img", "b", "form"} & set(page.tags)
        assert {each for each, _ in page.attributes} <= OURS
        for link in page.all("href"):
            assert re.fullmatch(r"#[a-z-]+|(\.\./)?(sites/)?[a-z0-9-]+\.html", link)
        assert "<script>document.title='owned'</script>" in page.text
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_only_our_own_script_may_run() -> None:
    text = portfolio(hostile())["index.html"]
    scripts = re.findall(r"<script>(.*?)</script>", re.sub(r"&\w+;", "", text), re.S)
    path = Path(html.__file__).parent / "templates" / "portfolio" / "portfolio.js"
    source = path.read_text(encoding="utf-8").rstrip("\n")
    digest = b64encode(sha256(source.encode()).digest()).decode()
    assert source in text
    assert len(scripts) == 1
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert policy[1].split("; ") == ["default-src 'none'", "style-src 'unsafe-inline'", "img-src data:",
                                     f"script-src 'sha256-{digest}'"]


def test_pages_are_in_the_language_of_the_run() -> None:
    pages = portfolio(list(outcomes(20)), Look(language="de"))
    assert all('<html lang="de">' in each for each in pages.values() if each)
    text = Page(pages["index.html"]).text
    assert "31.01.2026" in text
    assert "blockiert" in text


@given(st.text(min_size=1), st.text(min_size=1))
def test_the_name_of_a_page_is_good_everywhere_and_of_one_site_only(one: str, other: str) -> None:
    assert re.fullmatch(r"sites/[a-z0-9-]{11,80}\.html", page_of(one))
    assert (page_of(one) == page_of(other)) == (one == other)


def test_names_that_differ_in_a_sign_or_in_case_have_pages_of_their_own() -> None:
    names = ["a/b/aclproof.yaml", "a-b/aclproof.yaml", "A/b/aclproof.yaml", "a/b.yaml", "con/aclproof.yaml",
             "é", "è"]
    assert len({page_of(each) for each in names}) == len(names)
    assert page_of("a/b/aclproof.yaml").startswith("sites/a-b-")
