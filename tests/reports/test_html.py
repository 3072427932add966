"""The audit report as text: sound HTML, everything of the result in it, nothing of it able to act."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec.structs import replace

from aclproof.linter.cli import run
from aclproof.linter.program import check
from aclproof.linter.reports import FORMATS, Look, html
from aclproof.linter.reports.html.diagrams import diagrams
from aclproof.linter.result import Result, Verdict
from aclproof.linter.site import reader
from aclproof.parsers.model.notes import Note, Span, State
from tests.reports.large_site import large
from tests.reports.samples import AS_OF, HOSTILE, NAMES, SITES, everything, hostile, huge, result_of

TEMPLATES = Path(html.__file__).parent / "templates"
VOID = {"meta", "br", "rect", "path", "circle", "col", "input"}
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "rel", "role", "aria-label",
    "aria-labelledby", "aria-hidden", "datetime", "tabindex", "scope", "style", "open", "viewbox", "x", "y",
    "width", "height", "rx", "r", "d", "transform", "text-anchor"}


class Page(HTMLParser):
    """A page as a strict reader sees it: every tag closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.sections: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self._open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.attributes if known == name]


def told(result: Result) -> Page:
    return Page(html.render(result))


def section(text: str, name: str) -> str:
    """The words of one section."""
    return Page(re.search(rf'<section id="{name}".*?</section>', text, re.S)[0]).text  # type: ignore[index]


@pytest.mark.parametrize("name", NAMES)
def test_every_site_makes_a_sound_page(name: str) -> None:
    text = html.render(result_of(name))
    page = Page(text)
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    inner = [each[1:] for each in page.all("href") if each.startswith("#")]
    assert set(inner) <= set(ids)
    labels = [word for each in page.all("aria-labelledby") for word in each.split()]
    assert set(labels) <= set(ids)
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    assert page.tags["h1"] == 1
    assert page.tags["svg"] == page.tags["desc"] == page.tags["title"] - 1
    assert html.render(result_of(name)) == text


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_was_found_is_told(name: str) -> None:
    result = result_of(name)
    text = html.render(result)
    page = Page(text).text
    expected = [each.requirement.id for each in result.demands]
    expected += [each.sha256 for each in result.inputs] + [each.path for each in result.inputs]
    expected += [each.key for each in result.assumptions]
    for each in result.demands:
        for part in each.missing:
            expected += [str(part.blocked_by.span), " ".join(part.blocked_by.text.split()), part.advice]
            expected += [near.text for near in part.near] + [str(near.rule.span) for near in part.near]
            expected += [str(line.span) for line in part.translated_by]
        if each.verdict is not Verdict.MET:
            expected += [word for part in each.undecided for word in (*part.because, *part.facts)]
        expected += [" ".join(each_.split()) for each_ in each.caveats]
        expected += [str(each.witness)] if each.witness else []
    page_words = page.replace("“", '"')
    assert [each for each in expected if " ".join(each.split()) not in page_words] == []
    open_ = section(text, "not-proven")
    assert all(each.requirement.id in open_ for each in result.demands if each.verdict is Verdict.UNDECIDED)


def test_what_others_answer_for_is_told_as_unproven() -> None:
    result = everything()
    text = html.render(result)
    waivers = section(text, "waivers")
    for word in ("W-7", "W-2", "W-9", "Network team", "A. Auditor", "CHG-1234", "2026-06-30",
                 "waivers.yaml:4", "expired: it does not count", "unused", "the requirement is met",
                 "only at branch-asa", "2026-01-02", "2026-02-09 9 days left"):
        assert word in waivers
    assert "CM2007-PUSH-EPM-UDP by waiver W-7, until 2026-06-30" in section(text, "not-proven")
    coverage = section(text, "coverage")
    assert "4 of 10 requirements met ✕ 4 missing ? 1 undecided ◆ 1 waived" in coverage
    assert "range 1025 5000" in section(text, "findings")
    assert "fqdn wsus.example.com 10.1.1.13" in section(text, "facts")
    assert "access-list BRANCH-IN permt ip any any" in section(text, "not-proven")


def test_one_question_is_told_once_and_findings_name_its_number() -> None:
    """Several requirements hang on the same answer: each says which, and none repeats the question."""
    site = replace(reader.read(SITES / "linux-ipset" / "aclproof.yaml"), facts={})
    result = check(site, AS_OF)
    of_it = [each for each in result.demands if each.verdict is Verdict.UNDECIDED and any(
        question.key == "native nft tables" for part in each.undecided for question in part.questions)]
    assert len(of_it) > 1
    text = html.render(result)
    for name in ("findings", "not-proven"):
        assert section(text, name).count("whether tables of nftables") == 1
        assert section(text, name).count("nftables there are") == 0
    articles = re.findall(r'<article class="finding open" id="finding-.*?</article>', text, re.S)
    assert all(re.search(r'<a href="#open-\d+">Question \d+</a>', each) for each in articles)
    assert len(articles) >= len(of_it)


def test_the_heading_is_the_site_where_it_has_a_name() -> None:
    """A site file that is the folder's own says nothing of which folder it is."""
    result = result_of("branch")
    title = " ".join(result.pack.title.en.split())
    for file, heading in (("sites/berlin/aclproof.yaml", "sites/berlin"), ("a/other.yaml", "a/other.yaml"),
                          ("aclproof.yaml", title), (None, title)):
        text = html.render(replace(result, scope=replace(result.scope, site_file=file)))
        assert f"<h1>{heading}</h1>" in text
        assert f"· {heading}</title>" in text
        assert title in text


def test_firewalls_stand_in_the_order_of_the_site() -> None:
    result = result_of("branch")
    first = result.inputs[0]
    inputs = tuple(replace(first, name=name, version=version) for name, version in (
        ("edge", "ASA 9.16"), ("gw", ""), ("dc-1", "ASA 9.16"), ("dc-2", "ASA 9.16"), ("edge", "ASA 9.16")))
    text = html.render(replace(result, inputs=inputs))
    assert "edge ASA 9.16 gw cisco-asa dc-1, dc-2 ASA 9.16 (2)" in Page(text).text


def test_where_all_is_decided_what_is_missing_is_named() -> None:
    result = result_of("branch")
    decided = tuple(each for each in result.demands if each.verdict in (Verdict.MET, Verdict.MISSING))
    text = section(html.render(replace(result, demands=decided, methods=())), "not-proven")
    missing = sum(each.verdict is Verdict.MISSING for each in decided)
    assert missing
    assert text.startswith("What was not proven Nothing is undecided:")
    assert f"{missing} missing" in text


def test_fixes_that_nobody_asked_for_are_not_spoken_of() -> None:
    assert 'id="changes"' not in html.render(result_of("branch"))
    none = html.render(replace(result_of("branch"), fixes=()))
    assert "No verified change is known" in section(none, "findings")


def test_what_is_not_proven_comes_before_any_figure() -> None:
    text = html.render(result_of("branch"))
    before, _, _ = text.partition('<section id="coverage"')
    assert before.index('<section id="not-proven"') > 0
    assert not re.search(r"\d+ (of|missing|met|not proven)|\d ?%", Page(
        re.search(r"<header>.*?</header>", before, re.S)[0]).text)  # type: ignore[index]


def test_findings_stand_worst_first() -> None:
    text = html.render(everything())
    order = re.findall(r'<article class="finding (\w+)" id="finding-([A-Z0-9-]+)"', text)
    assert order == [("bad", "CM2007-PUSH-ECHO"), ("bad", "CM2007-PUSH-RPC"), ("bad", "CM2007-PUSH-SMB"),
                     ("bad", "CM2007-PUSH-EPM-TCP"), ("open", "CM2007-SWD-SMB"),
                     ("waived", "CM2007-PUSH-EPM-UDP")]


@pytest.mark.parametrize("name", [
    "branch", "windows-three-vendors", "unread-rule", "nat-published-mapped-behind"])
def test_hostile_text_stays_text(name: str) -> None:
    clean, page = told(result_of(name)), told(hostile(result_of(name)))
    assert set(page.tags) <= set(clean.tags) | {"details", "summary"}
    assert not {"script", "img", "b"} & set(page.tags)
    assert {attribute for attribute, _ in page.attributes} <= ATTRIBUTES
    assert not any(each.startswith("java") for each in page.all("href"))
    assert "<script>document.title='owned'</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text
    acting = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
    assert not re.search(acting, html.render(hostile(result_of(name))))


def test_hostile_names_of_real_files_stay_text(tmp_path: Path) -> None:
    evil = "<img/src=x/onerror=alert(1)>"
    (tmp_path / "fw<b>.cfg").write_text(
        "ASA Version 9.12(4)\ninterface GigabitEthernet0/0\n nameif a\n security-level 0\n"
        " ip address 10.1.0.1 255.255.0.0\ninterface GigabitEthernet0/1\n nameif b\n security-level 100\n"
        " ip address 10.20.0.1 255.255.0.0\n"
        f"access-list {evil} remark {HOSTILE.replace(chr(0), '')}\n"
        f"access-list {evil} extended permit tcp any any eq www time-range {evil}\n"
        f"access-list {evil} extended permt tcp any any eq www\n"
        f"access-group {evil} in interface a\naccess-group {evil} in interface b\n", encoding="utf-8")
    (tmp_path / "aclproof.yaml").write_text(
        "roles: {client: [10.20.0.0/16], site-server: [10.1.1.10], management-point: [10.1.1.11]}\n"
        "settings: {mode: mixed}\n"
        "firewalls: [{name: '</title><script>alert(1)</script>', config: 'fw<b>.cfg'}]\n", encoding="utf-8")
    out = tmp_path / "report.html"
    assert run(["check", str(tmp_path / "aclproof.yaml"), "--format", f"html={out}"]) == 3
    page = Page(out.read_text(encoding="utf-8"))
    assert not {"script", "img", "b"} & set(page.tags)
    assert evil in page.text
    assert "</title><script>alert(1)</script>" in page.text


def test_huge_results_are_cut_with_counts() -> None:
    text = html.render(huge())
    assert len(text) < 600_000
    findings = section(text, "findings")
    for count in ("The same at 499 more places", "and 298 more parts", "and 392 more parts",
                  "and 21 more questions", "and 50 more questions"):
        assert count in findings, count
    assert "and 1479 more lines" in section(text, "not-proven")
    assert "and 2899 more; 'aclproof show" in section(text, "inputs")


def test_a_text_is_shown_whole() -> None:
    """Of the texts of a huge result the longest has 2,012 letters; the questions have about 910."""
    findings = section(html.render(huge()), "findings")
    assert "more character" not in findings
    assert f"access-list {'X' * 2000}" in findings
    assert f"whether {'y' * 900} 0" in findings


def test_a_text_that_nobody_reads_is_cut() -> None:
    plain = result_of("branch")
    read = replace(plain.inputs[0], notes=(
        Note(State.UNREAD, Span("fw.cfg", 1, 1, "z" * 5_000_000), "not known", decides=True),))
    text = html.render(replace(plain, inputs=(read,)))
    assert len(text) < 600_000
    assert "and 4995000 more characters" in section(text, "inputs")


def test_the_page_names_the_json_of_the_same_result() -> None:
    result = result_of("branch")
    written = FORMATS["json"](result, Look())
    assert sha256(written.encode()).hexdigest() in section(FORMATS["html"](result, Look()), "appendix")


def test_german_pages_take_the_packs_german() -> None:
    text = FORMATS["html"](result_of("branch"), Look(language="de"))
    assert '<html lang="de">' in text
    assert "Clientpushinstallation" in text
    assert "Verwaltungspunkt" in text


def expressions(source: str) -> Iterator[str]:
    return (each for each in re.findall(r"{{.*?}}|{%.*?%}", source, re.S))


def test_templates_hold_no_words_of_their_own() -> None:
    """What is written between tags and is no call of `_` would stay English in a German report."""
    for path in sorted(TEMPLATES.rglob("*.j2")):
        bare = re.sub(r"{#.*?#}|{{.*?}}|{%.*?%}", "", path.read_text(encoding="utf-8"), flags=re.S)
        bare = re.sub(r"<style>.*?</style>|<[^>]*>", "", bare, flags=re.S)
        assert set(re.findall(r"[A-Za-z][\w-]+", bare)) <= {"SHA-256", "aclproof", "facts"}, path.name


def test_nothing_in_a_template_goes_round_the_escaping() -> None:
    for path in sorted(TEMPLATES.rglob("*.j2")):
        for each in expressions(path.read_text(encoding="utf-8")):
            assert not re.search(r"\|\s*safe\b|Markup|autoescape|__html__", each), f"{path.name}: {each}"


@pytest.mark.parametrize(("count", "blocks"), [(4, [4]), (10, [10]), (12, [10, 2]), (33, [10, 10, 10, 3])])
def test_the_table_of_many_firewalls_is_cut_into_blocks_that_each_have_the_result(
        count: int, blocks: list[int]) -> None:
    result = large(count)
    text = re.search(r'<section id="coverage".*?</section>', html.render(result), re.S)[0]  # type: ignore[index]
    heads = [re.findall(r'<th scope="col"[^>]*>(?:<span>)?([^<]+)', each)
             for each in re.findall(r"<thead>.*?</thead>", text, re.S)]
    assert [each[:2] for each in heads] == [["Requirement", "Result"]] * len(blocks)
    assert [len(each) - 2 for each in heads] == blocks
    assert [name for each in heads for name in each[2:]] == [f"fw-{n:03}" for n in range(1, count + 1)]
    rows = [re.findall(r'<td class="cell (?:result )?(\w+)"', row) for body in re.findall(
        r"<tbody>.*?</tbody>", text, re.S) for row in re.findall(r"<tr>.*?</tr>", body, re.S)]
    needed = [each for each in result.demands if each.verdict is not Verdict.NOT_APPLICABLE]
    verdicts = {"good": Verdict.MET, "bad": Verdict.MISSING, "open": Verdict.UNDECIDED}
    assert [verdicts[row[0]] for row in rows] == [each.verdict for each in needed] * len(blocks)
    smb = next(number for number, each in enumerate(needed) if each.requirement.id == "CM2007-PUSH-SMB")
    cells = [cell for block in range(len(blocks)) for cell in rows[block * len(needed) + smb][1:]]
    assert cells == [_smb(number) for number in range(1, count + 1)]


def _smb(number: int) -> str:
    """What the generator of large sites says of its firewalls."""
    if number % 4 == 0:
        return "good"
    return "bad" if number % 7 == 0 else "open" if number % 10 == 5 else "good"


def test_a_setting_that_nobody_gave_is_marked_as_such() -> None:
    """wsus-https-port follows from wsus-http-port (use.md 10): it is neither given nor a default."""
    report = html.render(result_of("wsus-8531-closed"))
    scope, assumed = _header(report), section(report, "assumptions")
    assert "mode native given" in scope
    assert "wsus-http-port 8530 given" in scope
    assert "https-port 443 assumed" in scope
    assert "wsus-https-port 8531 follows from wsus-http-port" in scope
    assert "wsus-https-port 8531 follows from wsus-http-port" in assumed


def test_a_setting_on_which_nothing_rests_is_not_listed() -> None:
    """Neither group policy nor software distribution talks to WSUS."""
    scope = _header(html.render(result_of("path-five-hops")))
    assert "mode native given" in scope
    assert "https-port 443 assumed" in scope
    assert "wsus" not in scope


def _header(report: str) -> str:
    found = re.search(r"<header>.*?</header>", report, re.S)
    assert found
    return Page(found[0]).text


@pytest.mark.parametrize(("count", "pictures"), [(5, [5]), (6, [3]), (13, [5]), (200, [4, 4])])
def test_a_long_path_has_pictures_of_a_few_columns(count: int, pictures: list[int]) -> None:
    """Of 6, seen from the server: the 6th, the 5th, which leaves SMB open, and four that permit it."""
    drawn = diagrams(large(count), {})
    push = [each for each in drawn if each.source.name == "site-server"]
    assert [len(each.firewalls) for each in push] == pictures
    assert [each.last for each in push] == [False] * (len(push) - 1) + [True]
    assert max(each.width for each in drawn) <= 1054


def test_no_firewall_is_left_out_of_a_folded_path() -> None:
    path = [each for each in diagrams(large(25), {}) if each.source.name == "site-server"]
    titles = [[node.title[0] for node in each.firewalls] for each in path]
    assert titles == [["fw-025", "3 firewalls", "fw-021", "5 firewalls"],
                      ["fw-015", "fw-014", "6 firewalls", "7 firewalls"]]
    echo, smb = path[0].lanes[:2]
    assert [mark.verdict.value for mark in smb.marks] == ["undecided", "passes", "stops", "passes"]
    assert (echo.after, smb.after, smb.turn) == ("all", "nothing", path[0].firewalls[0].middle)
    echo, smb = path[1].lanes[:2]
    assert [mark.verdict.value for mark in smb.marks] == ["undecided", "stops", "passes", "stops"]
    assert (echo.after, smb.after, smb.turn) == ("all", "nothing", path[1].firewalls[0].x)


def test_one_cause_is_told_once() -> None:
    """The branch office: an implicit deny stops four requirements, and is not quoted again for each."""
    text = section(html.render(result_of("branch")), "findings")
    quoted = text.partition("Requirement by requirement")[0]
    assert quoted.count("implicit deny at the end of DATACENTRE-IN") == 1
    assert text.count("implicit deny at the end of DATACENTRE-IN") == 1
    assert quoted.index("4 requirements") < quoted.index("1 requirement ")  # most effect first
    assert '"time-range OFFICE-HOURS": FILL-IN # active or inactive' in quoted


def test_what_many_firewalls_stop_by_the_same_words_is_one_cause() -> None:
    text = html.render(large(200))
    causes = re.findall(r'<article class="finding cause (\w+)" id="(\w+)-(\d+)"', text)
    assert causes == [("bad", "stop", "1"), ("bad", "stop", "2"), ("bad", "stop", "3"), ("open", "open", "1")]
    words = section(text, "findings")
    for firewalls, line in ((50, "policy DROP of filter FORWARD"),
                            (150, "implicit deny at the end of DATACENTRE-IN"),
                            (21, "access-list DATACENTRE-IN extended deny tcp any any eq 445")):
        assert words.count(line) == 1
        assert f"The same at {firewalls - 1} more places" in words


def test_what_would_follow_stands_with_the_verdict() -> None:
    cover = Page(re.search(r"<header>.*?</header>", html.render(result_of("branch")), re.S)[0]).text  # type: ignore[index]
    assert "works if 'time-range OFFICE-HOURS: active'; else it is blocked" in cover


@pytest.mark.parametrize(("site", "tone", "headline"), [
    ("mixed-all-works", "good", "Everything that is needed gets through."),
    ("source-share", "quiet", "Everything that was assessed gets through.")])
def test_a_method_that_is_not_assessed_is_no_success(site: str, tone: str, headline: str) -> None:
    page = html.render(result_of(site))
    assert f'<p class="statement {tone}"><strong>{headline}' in page
    assert ("2 methods are not assessed" in page) == (tone == "quiet")
