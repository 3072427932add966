"""Terminal captures: outputs of several devices are never mixed, and of one device the latest counts."""

from __future__ import annotations

import pytest

from aclproof import parsers
from aclproof.parsers import source
from aclproof.parsers.model.firewall import Firewall
from aclproof.parsers.source import UnsupportedInputError
from tests.parsers.cisco_asa.asa import INTERFACES, crossing, packet, read, through

DENY = "access-list A extended deny ip any any\n"
PERMIT = "access-list A extended permit tcp any any eq www\n"
HTTP = packet("10.1.0.1", "10.2.0.5", "tcp", 80)
BODY = INTERFACES.partition("\n")[2]
"""Without its release."""


def listed(*entries: str) -> str:
    rows = (f"access-list A line {number} extended {entry} (hitcnt=0) 0x{number:08x}\n"
            for number, entry in enumerate(entries, 1))
    return f"access-list A; {len(entries)} elements; name hash: 0x1\n" + "".join(rows)


def chosen(text: str, name: str) -> Firewall:
    given = source.from_bytes(text.encode(), "fw.cfg")
    given.context = name
    return parsers.parse(given)


@pytest.mark.parametrize(("first", "second"), [
    ("fwa# show run access-list\n", "fwb# show run access-list\n"),
    ("fw/fwa# sh access-list A\n", "fw/fwb# sh access-list A\n"),
    ("x/fwa/pri/act> sh run access-l\n", "x/fwb/sec/stby(config)#sh run access-l\n"),
    ("fw# changeto context fwa\nfw# show run access-list\n",
     "fw# changeto context fwb\nfw# show run access-list\n"),
    ("fwa# show running-config\nASA Version 9.12(4)\nhostname fwa\n", "fwb# more system:running-config\n"),
    ("fwa# wr t\nASA Version 9.12(4)\nhostname fwa\n", "fwb# show access-list\n")])
def test_another_prompt_is_another_firewall(first: str, second: str) -> None:
    text = first + DENY + second + PERMIT
    with pytest.raises(UnsupportedInputError, match=r"there are fwa \(line \d\), fwb \(line \d\)"):
        read(text)
    assert through(chosen(text, "fwa"), HTTP) == "deny"
    assert through(chosen(text, "fwb"), HTTP) == "permit"


def test_failover_and_configuration_mode_change_no_name() -> None:
    text = ("fw/pri/act# show run access-list\n" + PERMIT +
            "fw/pri/act(config)# show run access-group\naccess-group A in interface inside\n"
            "fw/sec/act# show run interface\n" + BODY)
    assert crossing(read(text), HTTP, "inside", "dmz", facts={"lines left out of fw.cfg": False}) == "permit"


def test_a_third_output_may_belong_to_the_first_device() -> None:
    text = "a# sh run acce\n" + DENY + "b# sh run acce\n" + PERMIT + "a# sh run acce\n" + PERMIT
    with pytest.raises(UnsupportedInputError, match=r"there are a:1 .*, b .*, a:5"):
        read(text)


@pytest.mark.parametrize(("first", "second"), [
    ("show running-config access-list", "show running-config access-list"),
    ("show run access-list", "sh run acce A"),
    ("show run access-list A", "show running-config all access-list"),
    ("show run", "show run access-list A"),
    ("show access-list A", "show run access-list"),
    ("show run access-list", "show run")])
def test_the_later_output_of_a_list_is_its_state(first: str, second: str) -> None:
    for texts, expected in (((PERMIT, DENY + PERMIT), "deny"), ((DENY, PERMIT), "permit")):
        firewall = read(f"fw# {first}\n{texts[0]}fw# {second}\n{texts[1]}")
        assert through(firewall, HTTP) == expected


def test_a_listing_after_a_configuration_is_the_state_of_the_list() -> None:
    text = (": Saved\n" + INTERFACES + PERMIT + "access-group A in interface inside\n: end\n"
            "fw# show access-list\n" + listed("deny tcp any any", "permit tcp any any eq www"))
    assert crossing(read("fw# show run\n" + text), HTTP, "inside", "dmz") == "deny"


@pytest.mark.parametrize("of", ["access-list B", "access-group", "object-group"])
def test_the_output_of_something_else_leaves_a_list(of: str) -> None:
    assert through(read(f"fw# show run access-list A\n{PERMIT}fw# show run {of}\n"), HTTP) == "permit"


def test_what_a_pipe_shows_is_not_all() -> None:
    text = f"fw# show run access-list\n{DENY}{PERMIT}fw# show run access-list | include permit\n{PERMIT}"
    assert through(read(text), HTTP) == "deny"


def test_members_that_a_later_output_lacks_are_gone() -> None:
    group = "object-group network G\n network-object host 10.1.0.1\n"
    entry = "access-list A extended permit ip object-group G any\n"
    text = (f"fw# show run object-group\n{group}fw# show run access-list\n{entry}"
            f"fw# show run object-group\n{group.replace('10.1.0.1', '10.1.0.2')}")
    assert through(read(text), HTTP) == "deny"
    assert through(read(text), packet("10.1.0.2", "10.2.0.5", "tcp", 80)) == "permit"


def test_objects_keep_the_translation_that_another_command_shows() -> None:
    text = ("fw# show run\n" + INTERFACES + "object network X\n host 10.1.0.9\n"
            " nat (inside,dmz) static 10.2.9.9\nfw# show run object\nobject network X\n host 10.1.0.9\n")
    assert read(text).translations


def test_a_list_that_is_shown_twice_without_a_prompt_is_open() -> None:
    text = listed("deny ip any any") + listed("permit tcp any any eq www")
    assert through(read(text), HTTP) == "undecided"
    assert through(read("fw# show access-list\n" + listed("deny ip any any")
                        + "fw# show access-list\n" + listed("permit tcp any any eq www")), HTTP) == "permit"


@pytest.mark.parametrize("command", [
    "show running-config | exclude deny", "show tech-support | exclude deny", "sh tech | i access",
    "sh run | ex remark", "show run | include access|interface|nameif",
    "more system:running-config | grep -v deny", "show startup-config | i permit", "SHOW RUN | EXCLUDE deny"])
def test_what_a_filter_may_have_left_out_is_asked(command: str) -> None:
    lines = f"{BODY}{PERMIT}access-group A in interface inside\n"
    shown = read(f"fw# {command}\n{lines}fw#\n")
    assert crossing(shown, HTTP, "inside", "dmz") == "undecided"
    assert crossing(shown, HTTP, "inside", "dmz", facts={"lines left out of fw.cfg": False}) == "permit"
    stamped = "".join(f"10:00:01 {line}\n" for line in f"fw# {command}\n{lines}".splitlines())
    assert crossing(read(stamped), HTTP, "inside", "dmz") == "undecided"
    for whole in (f"fw# show run\n{lines}", f"fw# show run\n{lines}fw# {command}\n{lines}",
                  f"fw# {command}\n{lines}fw# show run\n{lines}", f"fw# show run | begin interface\n{lines}"):
        assert crossing(read(whole + "fw#\n"), HTTP, "inside", "dmz") == "permit"


@pytest.mark.parametrize("command", [
    "admin@mgmt:~$ ssh fw 'show run | exclude deny'", "ssh fw show run | grep -v deny",
    "$ sshpass -f key ssh admin@10.1.1.1 'show running-config' | head -200",
    'C:\\> plink fw "show run | exclude deny"', "PS C:\\Users\\x> ssh fw \"sh run\" | sls access",
    "[admin@mgmt ~]$ /usr/bin/ssh fw 'more system:running-config | grep -v ^deny'"])
def test_a_filter_that_was_typed_on_another_host_is_asked_as_well(command: str) -> None:
    lines = f"{BODY}{PERMIT}access-group A in interface inside\n"
    assert crossing(read(f"{command}\n{lines}"), HTTP, "inside", "dmz") == "undecided"
    assert crossing(read(f"admin@mgmt:~$ ssh fw 'show run'\n{lines}"), HTTP, "inside", "dmz") == "permit"
    assert crossing(read(f"{lines}ssh 10.0.0.0 255.0.0.0 inside\n"), HTTP, "inside", "dmz") == "permit"


def test_sections_alone_do_not_show_what_translates() -> None:
    parts = {"interface": BODY, "access-list": PERMIT,
             "access-group": "access-group A in interface inside\n"}
    text = "".join(f"fw# show running-config {name}\n{lines}" for name, lines in parts.items()) + "fw#\n"
    assert crossing(read(text), HTTP, "inside", "dmz") == "undecided"
    assert crossing(read(text + f"fw# show run\n{BODY}{PERMIT}access-group A in interface inside\n"),
                    HTTP, "inside", "dmz") == "permit"


@pytest.mark.parametrize("said", [
    "                    ^\nERROR: % Invalid input detected at '^' marker.\n",
    "ERROR: specified object group <G> not found\n", "Command authorization failed\n",
    "WARNING: it is used\nERROR: entry is in use\n"])
def test_a_command_that_the_device_refused_did_nothing(said: str) -> None:
    lines = f": Saved\n{INTERFACES}{{}}access-group A in interface inside\n: end\n"
    session = "fw# show run\n{}fw(config)# {}\n{}fw(config)# exit\n"
    for there, typed, expected in (
            (DENY, "no " + DENY, "deny"), (PERMIT, "no " + PERMIT, "permit"),
            (DENY, "access-list A line 1 extended permit ip any any", "deny"),
            (PERMIT, "access-list A line 1 extended deny ip any any", "permit")):
        text = session.format(lines.format(there), typed.strip(), said)
        assert crossing(read(text), HTTP, "inside", "dmz") == expected
