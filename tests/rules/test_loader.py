"""A pack is read whole, or every problem is named with its line and key path."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aclproof import rules
from aclproof.rules.loader import load_pack
from aclproof.rules.pack import AllOf, AnyOf, Equals, Origin, Ports, RolePresent, RuleNames
from aclproof.rules.strict_yaml import InputError
from tests.rules.packs import SMALL, changed, line_with


def problems(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(InputError) as caught:
        load_pack(text, "pack.yaml")
    return [(problem.line, problem.path, problem.message) for problem in caught.value.problems]


def test_a_sound_pack_becomes_structs() -> None:
    pack = load_pack(SMALL, "pack.yaml")
    one, two = pack.requirements
    assert (pack.id, pack.version, pack.page.edition) == ("small", "1", "first")
    assert one.methods == ("push", "pull")
    assert (one.source, one.destination, one.alternate_port) == ("client", "server", True)
    assert one.ports == (Ports(445, 445), Ports(10, 20), "http")
    assert one.when == Equals("mode", "native")
    assert (one.severity, two.severity) == ("error", "warning")
    assert (two.methods, two.ports, two.icmp, two.when) == (("push",), (), "echo-request", None)
    assert two.citation.note == "above the table"


def test_conditions_nest() -> None:
    when = "{any-of: [{role: server}, {all-of: [{setting: shared, is: false}]}]}"
    pack = load_pack(changed("{setting: mode, is: native}", when), "pack.yaml")
    assert pack.requirements[0].when == AnyOf((RolePresent("server"), AllOf((Equals("shared", "false"),))))


ONE, TWO = "requirements[0]", "requirements[1]"
BY = "settings[3].default-by"
EPHEMERAL = "roles[0].ephemeral-ports"
SYSTEMS = "{{setting: {}, values: {{mixed: 1025-5000, native: 1024-65535}}}}".format
WHEN = "{setting: mode, is: native}"
PAGE = 'page: {url: "https://example.com/ports", edition: first}'


@pytest.mark.parametrize(
    ("old", "new", "path", "reason"),
    [
        # keys and shapes
        ("version: \"1\"", "vers: \"1\"", "vers", "unknown key 'vers': did you mean 'version'?"),
        ("protocol: tcp", "protocl: tcp", f"{ONE}.protocl", "did you mean 'protocol'?"),
        ("{page: p, table: t, row: 1}", "{page: p, tabel: t, row: 1}", f"{ONE}.citation.tabel", "'table'?"),
        ("    citation: {page: p, table: t, row: 1}\n", "", ONE, "the key 'citation' is missing"),
        ("title: {en: One, de: Eins}", "title: {en: One}", f"{ONE}.title", "the key 'de' is missing"),
        ("title: {en: One, de: Eins}", "title: One", f"{ONE}.title", "a mapping is expected, with en, de"),
        ("title: {en: One, de: Eins}", "title: {en: One, de: ''}", f"{ONE}.title.de", "text is expected"),
        ("title: {en: One, de: Eins}", "title:", f"{ONE}.title", "has no value"),
        ("methods: [all]", "methods: all", f"{ONE}.methods", "a list is expected"),
        ("methods: [all]", "methods: []", f"{ONE}.methods", "at least one method"),
        ("{mixed: 1025-5000, native: [1025-5000, 49152-65535]}", "[1]", f"{BY}.values", "a mapping"),
        ("protocol: tcp", "protocol: sctp", f"{ONE}.protocol", "known are icmp, tcp, udp"),
        ("listener: http-sys", "listener: iis", f"{ONE}.listener", "known are endpoint-mapper, http-sys, "),
        ("alternate-port: true", "alternate-port: yes", f"{ONE}.alternate-port", "true or false is expected"),
        ("severity: warning", "severity: note", f"{TWO}.severity", "known are error, warning"),
        # ids and references
        ("id: SMALL-2", "id: SMALL-1", f"{TWO}.id", "already taken by requirements[0]"),
        ("id: SMALL-2", "id: small 2", f"{TWO}.id", "made of A-Z, 0-9 and -"),
        ("{id: pull,", "{id: push,", "methods[1].id", "already taken by methods[0]"),
        ("{id: pull,", "{id: all,", "methods[1].id", "means every method"),
        ("{id: server,", "{id: Server,", "roles[1].id", "made of a-z, 0-9 and -"),
        ("methods: [all]", "methods: [push, pul]", f"{ONE}.methods[1]", "did you mean 'pull'?"),
        ("    from: client", "    from: clint", f"{ONE}.from", "did you mean 'client'?"),
        ("    to: server", "    to: printer", f"{ONE}.to", "known are client, server"),
        # ports
        ("445, 10-20", "0", f"{ONE}.ports[0]", "port 0 is outside 1-65535"),
        ("445, 10-20", "445, 65536", f"{ONE}.ports[1]", "port 65536 is outside"),
        ("445, 10-20", "9-3", f"{ONE}.ports[0]", "the range 9-3 is reversed: write 3-9"),
        ("445, 10-20", "010", f"{ONE}.ports[0]", "'010' is not a port"),
        ("445, 10-20", "'٤٤٥'", f"{ONE}.ports[0]", "is not a port"),
        ("445, 10-20", "htp", f"{ONE}.ports[0]", "unknown setting 'htp': did you mean 'http'?"),
        ("445, 10-20", "shared", f"{ONE}.ports[0]", "'shared' is a boolean"),
        ("445, 10-20", "[445]", f"{ONE}.ports[0]", "a port, a range or the id of a setting"),
        ("ports: [445, 10-20, http]", "ports: 445", f"{ONE}.ports", "a list of ports is expected"),
        ("    ports: [445, 10-20, http]\n", "", ONE, "tcp and udp need ports"),
        ("    icmp: echo-request\n", "", TWO, "icmp needs `icmp: echo-request`"),
        ("icmp: echo-request", "icmp: echo-reply", f"{TWO}.icmp", "did you mean 'echo-request'?"),
        # settings
        ("default: 80", "default: 080", "settings[1].default", "'080' is not a port"),
        ("default: 80", "default: 80-90", "settings[1].default", "takes one port"),
        ("default: 80", "default: [80]", "settings[1].default", "takes one value, not a list"),
        ("default: 80", "default: 65535", "settings[2].derived.from", "leaves no port for HTTPS"),
        ("default: false", "default: no", "settings[4].default", "'no' is not allowed: write true, false"),
        ("values: [mixed, native]", "default: x", "settings[0].values", "a choice lists its values"),
        ("mixed: 1025-5000,", "", f"{BY}.values", "no default for mixed"),
        ("mixed: 1025-5000,", "mixd: 1-2, mixed: 1,", f"{BY}.values.mixd", "did you mean 'mixed'?"),
        ("mixed: 1025-5000,", "mixed: 5-1,", f"{BY}.values.mixed", "reversed"),
        ("{setting: mode, values", "{setting: mod, values", f"{BY}.setting", "did you mean 'mode'?"),
        ("{setting: mode, values", "{setting: http, values", f"{BY}.setting", "neither a choice"),
        ("{setting: mode, values", "{setting: dynamic, values", f"{BY}.setting", "declared above"),
        ("{from: http,", "{from: shared,", "settings[2].derived.from", "declared above"),
        ("{from: http,", "{from: mode,", "settings[2].derived", "'mode' is a choice"),
        ("rule: wsus-pair", "rule: wsus", "settings[2].derived.rule", "did you mean 'wsus-pair'?"),
        ("default: 80", "default-by: {setting: mode, values: {}}\n    default: 80", "settings[1]", "several"),
        # conditions
        (WHEN, "{setting: mod, is: x}", f"{ONE}.when.setting", "did you mean 'mode'?"),
        (WHEN, "{setting: mode, is: nativ}", f"{ONE}.when.is", "write mixed, native"),
        (WHEN, "{setting: shared, is: no}", f"{ONE}.when.is", "write true, false"),
        (WHEN, "{setting: dynamic, is: 1}", f"{ONE}.when.setting", "cannot compare"),
        (WHEN, "{role: sever}", f"{ONE}.when.role", "did you mean 'server'?"),
        (WHEN, "{any-of: []}", f"{ONE}.when", "is no condition: write {setting, is}"),
        (WHEN, "{role: server, is: x}", f"{ONE}.when", "is no condition"),
        (WHEN, "mode == native", f"{ONE}.when", "is no condition"),
        (WHEN, "{all-of: [{role: x}]}", f"{ONE}.when.all-of[0].role", "unknown role"),
        # the near role, names of rules, advice, listeners
        ("{id: client,", "{near: maybe, id: client,", "roles[0].near", "true or false is expected"),
        ("{id: server,", "{nearest: true, id: server,", "roles[1].nearest", "did you mean 'near'?"),
        ("{id: client,", f"{{ephemeral-ports: {SYSTEMS('mod')}, id: client,", f"{EPHEMERAL}.setting",
         "did you mean 'mode'?"),
        ("{id: client,", f"{{ephemeral-ports: {SYSTEMS('http')}, id: client,", f"{EPHEMERAL}.setting",
         "neither a choice"),
        ("{id: client,", f"{{ephemeral-ports: {SYSTEMS('shared')}, id: client,", f"{EPHEMERAL}.values.mixed",
         "unknown value of 'shared'"),
        ("default: false", "default: false\n    system-of: client", "settings[4].system-of", "is a choice"),
        ("values: [mixed, native]", "values: [mixed, native]\n    system-of: clint", "settings[0].system-of",
         "did you mean 'client'?"),
        ("id: shared", "id: ephemeral-ports", "settings[4].kind", "it is ports"),
        (PAGE, f"{PAGE}\nrule-names: {{title: Acme}}", "rule-names", "the key 'stem' is missing"),
        (PAGE, f"{PAGE}\nrule-names: {{title: 'A \"b', stem: A}}", "rule-names.title", "letters, digits,"),
        (PAGE, f"{PAGE}\nrule-names: {{title: 'Acme ', stem: A}}", "rule-names.title", "letters, digits,"),
        (PAGE, f"{PAGE}\nrule-names: {{title: Acme, stem: A B}}", "rule-names.stem", "one word of up to 40"),
        (PAGE, f"{PAGE}\nadvice: {{en: Do, de: Los.}}", "advice.en", "advice is a sentence and ends with"),
        (PAGE, f"{PAGE}\nmethod-heading: Method", "method-heading", "a mapping is expected, with en, de"),
        (PAGE, f"{PAGE}\nlisteners: {{}}", "listeners", "a list is expected"),
        (PAGE, f"{PAGE}\nlisteners: [{{id: icmp, title: {{en: a, de: b}}}}]", "listeners[0].id", "leave it"),
        (PAGE, f"{PAGE}\nlisteners: [{{id: nginx}}]", "listeners[0]", "the key 'title' is missing"),
        ("id: small", "id: Small one", "id", "made of a-z, 0-9 and -"),
        # texts
        ("row: 1", "row: first", f"{ONE}.citation.row", "write the number of the row"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(old: str, new: str, path: str, reason: str) -> None:
    found = problems(changed(old, new))
    assert [message for _, where, message in found if where == path and reason in message], found


def test_a_fix_ends_with_a_full_stop() -> None:
    text = SMALL.replace("fix: {en: Permit it., de: Lassen Sie es zu.}", "fix: {en: Permit it, de: Nein}", 1)
    line, reason = line_with("    fix: "), "a fix is a sentence and ends with a full stop"
    assert problems(text) == [(line, f"{ONE}.fix.de", reason), (line, f"{ONE}.fix.en", reason)]


def test_one_role_at_most_is_near() -> None:
    text = changed("{id: client,", "{near: true, id: client,")
    assert load_pack(text, "pack.yaml").near == "client"
    assert load_pack(SMALL, "pack.yaml").near == ""
    both = changed("{id: server,", "{near: true, id: server,", text)
    (line, path, reason), = problems(both)
    assert (line, path) == (line_with("{near: true, id: server", both), "roles[1].near")
    assert "'client' is the near role already" in reason


def test_rules_are_called_as_the_pack_says_else_by_its_id() -> None:
    assert load_pack(SMALL, "pack.yaml").names_of_rules == RuleNames("small", "SMALL")
    text = changed(PAGE, f"{PAGE}\nrule-names: {{title: Acme 2.0, stem: ACME_2}}")
    assert load_pack(text, "pack.yaml").names_of_rules == RuleNames("Acme 2.0", "ACME_2")


def test_a_listener_may_be_left_out_or_be_the_packs_own() -> None:
    assert load_pack(changed("    listener: http-sys\n", ""), "pack.yaml").requirements[0].listener == ""
    own = changed("listener: http-sys", "listener: nginx",
                  changed(PAGE, f"{PAGE}\nlisteners: [{{id: nginx, title: {{en: nginx, de: nginx}}}}]"))
    assert load_pack(own, "pack.yaml").requirements[0].listener == "nginx"
    (_, path, reason), = problems(own.replace("listener: nginx", "listener: ngnix"))
    assert (path, "did you mean 'nginx'" in reason) == (f"{ONE}.listener", True)


def test_problems_of_all_parts_come_together_in_file_order() -> None:
    text = changed("kind: choice", "kind: choise")
    text = changed("default: 80", "default: 0", text)
    text = changed("[445, 10-20, http]", "[0, 9-3, htp]", text)
    text = changed("    to: server", "    to: sever", text)
    text = changed("listener: icmp", "listener: ping", text)
    assert [(line, path) for line, path, _ in problems(text)] == [
        (line_with("kind: choice"), "settings[0].kind"),
        (line_with("default: 80"), "settings[1].default"),
        (line_with("    to: server"), "requirements[0].to"),
        (line_with("ports: [445"), "requirements[0].ports[0]"),
        (line_with("ports: [445"), "requirements[0].ports[1]"),
        (line_with("ports: [445"), "requirements[0].ports[2]"),
        (line_with("listener: icmp"), "requirements[1].listener"),
    ]


def test_a_broken_branch_does_not_shift_the_position_of_the_next() -> None:
    text = changed(WHEN, "{any-of: [x, {role: client}, {role: sever}]}")
    assert [path for _, path, _ in problems(text)] == [f"{ONE}.when.any-of[0]", f"{ONE}.when.any-of[2].role"]


def test_a_broken_part_is_not_reported_again_where_it_is_named() -> None:
    text = changed("  - {id: server, title: {en: Server, de: Server}}", "  - {id: server}")
    assert [path for _, path, _ in problems(text)] == ["roles[1]"]


@pytest.mark.parametrize("text", ["", "[]", "text", "methods: 3", "requirements: [x]", "roles: []"])
def test_a_file_that_is_no_pack_is_refused(text: str) -> None:
    assert problems(text)


def test_an_empty_section_is_refused() -> None:
    assert (1, "roles", "at least one is needed") in problems("roles: []")


@given(st.text())
def test_random_text_raises_input_errors_only(text: str) -> None:
    with pytest.raises(InputError):
        load_pack(text, "f")


PIECES = (
    "",
    "~",
    "x",
    "0",
    "[]",
    "{}",
    "[x]",
    "{x: y}",
    "- ",
    ": ",
    "\n",
    "&a ",
    "*a",
    "'",
    "\t",
    "65536",
    "9-3",
)


@given(st.integers(0, len(SMALL)), st.integers(0, 60), st.sampled_from(PIECES) | st.text(max_size=5))
def test_a_damaged_pack_raises_input_errors_only(start: int, length: int, piece: str) -> None:
    with suppress(InputError):
        load_pack(SMALL[:start] + piece + SMALL[start + length :], "f")


def test_a_pack_is_loaded_by_path(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(SMALL, encoding="utf-8")
    origin = Origin(str(file), sha256(SMALL.encode()).hexdigest())
    assert rules.load(str(file)) == load_pack(SMALL, "own.yaml", origin)


def test_a_built_in_pack_is_loaded_by_name() -> None:
    assert "configmgr-2007" in rules.builtin()
    assert all(rules.load(name).id == name for name in rules.builtin())


@pytest.mark.parametrize("name", ["configmgr-2008", "x", "", "../rules/configmgr-2007", "x\0"])
def test_an_unknown_name_lists_the_built_in_packs(name: str) -> None:
    with pytest.raises(InputError, match=r"unknown pack .*configmgr-2007"):
        rules.load(name)


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(InputError, match="did you mean 'configmgr-2007'"):
        rules.load("configmgr-2008")


def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"id: x\ntitle: \xfc\n")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "big.yaml").write_bytes(b"#" * 5_000_000)
    for name, reason in {
        "latin.yaml": ":2: this is not UTF-8 text",
        "folder.yaml": "is a folder",
        "none.yaml": "no such file",
        "big.yaml": "larger than 1 MiB",
        "nul\0.yaml": "no file has such a name",
    }.items():
        with pytest.raises(InputError) as caught:
            rules.load(str(tmp_path / name))
        assert len(caught.value.problems) == 1
        assert reason in str(caught.value)


# The section init

INIT = """\
init:
  methods: [push]
  roles:
    client: {words: [pc, work station], places: [lan]}
    server: {words: [srv], product-words: [small], fill-in: true, remark: one is enough}
  ports:
    - {ports: [445, 8080], strength: fair, from: server, to: server}
  settings:
    - id: mode
      remark: one of two
      example: mixed
      guesses:
        - {value: native, role: server, port: 443, because: it is permitted}
  chosen-by:
    - {words: [small 12], strength: strong}
    - {ports: [7443], strength: weak, because: its port}
"""
DRAFTED = changed("requirements:\n", INIT + "requirements:\n")


def test_the_section_init_becomes_structs() -> None:
    init = load_pack(DRAFTED, "pack.yaml").init
    assert init.methods == ("push",)
    assert (init.roles["server"].product_words, init.roles["server"].fill_in) == (("small",), True)
    port = init.ports[0]
    assert (port.ports, port.source, port.destination) == ((445, 8080), "server", "server")
    assert port.strength == "fair"
    assert (init.settings[0].guesses[0].value, init.settings[0].guesses[0].port) == ("native", 443)
    word, number = init.chosen_by
    assert (word.words, word.strength, number.ports, number.because) == (
        ("small 12",), "strong", (7443,), "its port")
    assert load_pack(SMALL, "pack.yaml").init.roles == {}


@pytest.mark.parametrize(
    ("old", "new", "path", "reason"),
    [
        ("methods: [push]\n  r", "methods: [pushh]\n  r", "init.methods[0]", "did you mean 'push'?"),
        ("client: {words", "clint: {words", "init.roles.clint", "did you mean 'client'?"),
        ("[pc, work station]", "[PC]", "init.roles.client.words[0]", "a-z and single blanks"),
        ("[pc, work station]", "[work-station]", "init.roles.client.words[0]", "a-z and single blanks"),
        ("[small]", "[sm4ll]", "init.roles.server.product-words[0]", "a-z and single blanks"),
        ("places: [lan]", "places: ['']", "init.roles.client.places[0]", "text is expected"),
        ("remark: one is enough", 'remark: "one\\ntwo"', "init.roles.server.remark", "one line"),
        ("fill-in: true", "fill-in: yes", "init.roles.server.fill-in", "true or false"),
        ("[445, 8080]", "[445, 65536]", "init.ports[0].ports[1]", "a number from 1 to 65535"),
        ("[445, 8080]", "[0445]", "init.ports[0].ports[0]", "a number from 1 to 65535"),
        ("[445, 8080]", "[9999999999999999999999]", "init.ports[0].ports[0]", "a number from 1 to 65535"),
        ("[445, 8080]", "[]", "init.ports[0].ports", "at least one is needed"),
        ("strength: fair", "strength: 5", "init.ports[0].strength", "known are fair, strong, weak"),
        (", from: server, to: server", "", "init.ports[0]", "say who opens the connection"),
        ("from: server, to: server", "from: sever", "init.ports[0].from", "did you mean 'server'?"),
        ("    - id: mode\n      remark", "    - id: mod\n      remark", "init.settings[0].id", "'mode'?"),
        ("example: mixed", "example: both", "init.settings[0].example", "'both' is not allowed"),
        ("value: native", "value: nativ", "init.settings[0].guesses[0].value", "'nativ' is not allowed"),
        ("native, role: server", "native, role: sv", "init.settings[0].guesses[0].role", "unknown role 'sv'"),
        ("port: 443,", "port: https,", "init.settings[0].guesses[0].port", "a number from 1 to 65535"),
        ("because: it is permitted", 'because: "a\\tb"', "init.settings[0].guesses[0].because", "one line"),
        ("[small 12]", "[small12]", "init.chosen-by[0].words[0]", "a-z, digits apart"),
        ("[small 12]", "[12 small]", "init.chosen-by[0].words[0]", "a-z, digits apart"),
        ("words: [small 12], ", "", "init.chosen-by[0]", "say one of words, ports and systems"),
        ("{words: [small 12]", "{words: [small 12], ports: [80]", "init.chosen-by[0]", "say one of"),
        ("ports: [7443]", "systems: [windows-10]", "init.chosen-by[1].systems[0]", "unknown system"),
        ("weak, because: its port", 'weak, because: "a\\nb"', "init.chosen-by[1].because", "one line"),
    ],
)
def test_each_fault_of_the_section_init_is_named(old: str, new: str, path: str, reason: str) -> None:
    assert [(place, reason in message)
            for _, place, message in problems(changed(old, new, DRAFTED))] == [(path, True)]


def test_a_port_is_not_said_to_be_of_the_near_role_alone() -> None:
    text = changed("- {id: client, title", "- {id: client, near: true, title",
                   changed("from: server, to: server", "to: client", DRAFTED))
    assert [(path, message) for _, path, message in problems(text)] == [
        ("init.ports[0].to", "name the other end: the near role 'client' is one already")]


def test_a_setting_is_drafted_once() -> None:
    twice = changed("      guesses:\n", "    - {id: mode, remark: again, example: mixed}\n    - id: http\n"
                    "      remark: its port\n", DRAFTED.split("        - {value")[0])
    rest = DRAFTED[DRAFTED.index("requirements:\n"):]
    assert [message for *_, message in problems(twice + rest)] == ["'mode' is described above already"]


def test_a_method_in_a_sentence_is_one_line() -> None:
    words = ('method-in-sentences: {one: {en: a way, de: ein Weg}, all: {en: "the\\nways", de: die Wege}}\n')
    faults = problems(changed("methods:\n", f"{words}methods:\n", SMALL))
    assert [(path, message) for _, path, message in faults] == [
        ("method-in-sentences.all.en", "one line is expected")]
