"""How people bring a log: paged, wrapped, stamped, several in one file. It says the same."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from tests.parsers.cisco_asa.transcripts.logs import NAMES, anywhere, complete, packets, said, text_of

PLAIN = [name for name in NAMES if name != "ftd-7.txt"]  # that one is stamped already
DROP = """
Phase: 1
Type: ACCESS-LIST
Subtype:
Result: DROP
Config:
Implicit Rule
Additional Information:

Result:
input-interface: inside
input-status: up
input-line-status: up
Action: drop
Drop-reason: (acl-drop) Flow is denied by configured rule

"""


def paged(text: str) -> str:
    lines = text.split("\n")
    stops = [at for at, line in enumerate(lines) if at % 23 == 22 and line and "#" not in line]
    pager = "<--- More --->\r              \r"
    return "\n".join(pager * (at in stops) + line for at, line in enumerate(lines))


def wrapped(text: str) -> str:
    """As a terminal of 80 columns shows it."""
    return re.sub(r"(?m)^(.{80})(?=.)", r"\1\n", text)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("form", [
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace("\n", "\r"),
    lambda text: "\ufeff" + text,
    paged,
    lambda text: paged(text).replace("\n", "\r\n"),
    wrapped,
    lambda text: "".join(f"[2026-11-30 10:00:{number % 60:02}] {line}\n"
                         for number, line in enumerate(text.splitlines())),
    lambda text: text.replace(" \n", "\n"),
    lambda text: re.sub(r"\n\n(?=Phase|Result)", "\n", text),
    lambda text: text.replace("packet-tracer", "packet-tracerr\b \b"),
    lambda text: text.replace("\nAdditional", "\n%ASA-6-302013: Built inbound TCP connection 7\nAdditional"),
    lambda text: f"a line before all\n{text}\nand one after it\n",
], ids=["CRLF", "CR", "mark", "paged", "paged CRLF", "80 columns", "stamps", "blanks", "no empty lines",
        "a key taken back", "messages", "text around"])
def test_a_form_says_the_same(name: str, form: object) -> None:
    assert callable(form)
    text = text_of(name)
    assert anywhere(complete(form(text))) == anywhere(complete(text))


def test_logs_of_several_devices_follow_each_other() -> None:
    texts = [text_of(name) for name in NAMES if "ftd-7" not in name]
    each = [answer for text in texts for answer in anywhere(complete(text))]
    assert anywhere(complete("\n".join(texts))) == each


@pytest.mark.parametrize(("command", "packet"), [
    ("packet-tracer input inside tcp 10.1.1.1 1024 10.2.2.2 https", "10.1.1.1:1024 -> 10.2.2.2:443 tcp"),
    ("Packet-Tracer in inside udp 10.1.1.1 snmp 10.2.2.2 53 detailed", "10.1.1.1:161 -> 10.2.2.2:53 udp"),
    ("packet-t i inside icmp 10.1.1.1 8 0 10.2.2.2", "10.1.1.1 -> 10.2.2.2 icmp echo request"),
    ("packet-tracer input inside icmp 10.1.1.1 echo 10.2.2.2", "10.1.1.1 -> 10.2.2.2 icmp echo request"),
    ("packet-tracer input inside icmp 10.1.1.1 8 0 77 10.2.2.2", "10.1.1.1 -> 10.2.2.2 icmp echo request"),
    ("packet-tracer input inside icmp 2001:db8::1 128 0 2001:db8::2",
     "2001:db8::1 -> 2001:db8::2 icmp echo request"),
    ("packet-tracer input inside rawip 10.1.1.1 esp 10.2.2.2", "10.1.1.1 -> 10.2.2.2 protocol 50"),
    ("packet-tracer input inside sctp 10.1.1.1 5 10.2.2.2 6", "10.1.1.1:5 -> 10.2.2.2:6 sctp"),
    ("packet-tracer input inside tcp 10.1.1.1 1 aaaa.bbbb.cccc 10.2.2.2 22 transmit",
     "10.1.1.1:1 -> 10.2.2.2:22 tcp"),
])
def test_a_command_names_its_packet(command: str, packet: str) -> None:
    assert [str(each.packet) for each in packets(f"fw# {command}\n{DROP}fw# \n") if each.complete] == [packet]


@pytest.mark.parametrize("command", [
    "packet-tracer input inside tcp fqdn www.example.com 1024 10.2.2.2 80",
    "packet-tracer input inside tcp security-group tag 5 1024 10.2.2.2 80",
    "packet-tracer input inside tcp user CORP\\ann 1024 10.2.2.2 80",
    "packet-tracer input inside tcp 10.1.1.1 1024 10.2$",
    "packet-tracer input inside tcp 10.1.1.1 1024 10.2.2.2",
    "packet-tracer input inside tcp 10.1.1.1 1024 2001:db8::1 80",
    "packet-tracer input inside tcp 10.1.1.1 70000 10.2.2.2 80",
    "packet-tracer input inside tcp x.x.x.x 1024 10.2.2.2 80",
    "packet-tracer input inside tcp 10.1.1.1 1024 10.2.2.2 80 decrypted",
    "packet-tracer input inside tcp 10.1.1.1 1024 10.2.2.2 80 bypass-checks",
    "packet-tracer input inside tcp 10.1.1.1 1024 10.2.2.2 80 | include Action",
    "packet-tracer input inside inline-tag 3 tcp 10.1.1.1 1024 10.2.2.2 80",
    "packet-tracer input inside pcap http.pcap detailed",
    "packet-tracer input inside rawip 10.1.1.1 6 10.2.2.2",
    "packet-tracer input inside icmp 10.1.1.1 10.2.2.2",
    "show packet-tracer",
    "",
])
def test_no_packet_is_guessed(command: str) -> None:
    assert packets(f"fw# {command}\n{DROP}fw# \n") == []


@pytest.mark.parametrize(("broken", "packet"), [
    ("tcp 10.1.1.1 1024 10.2.2.2 44\n3", "10.1.1.1:1024 -> 10.2.2.2:443 tcp"),
    ("tcp 10.1.1.1 1024 10.2.2.2 443\ndetailed", "10.1.1.1:1024 -> 10.2.2.2:443 tcp"),
    ("tcp 10.1.1.1 10\n24 10.2.2.2 443", "10.1.1.1:1024 -> 10.2.2.2:443 tcp"),
])
def test_a_command_goes_on_in_the_next_line(broken: str, packet: str) -> None:
    answers = packets(f"fw# packet-tracer input inside {broken}\n{DROP}fw#\n")
    assert [str(each.packet) for each in answers if each.complete] == [packet]


def test_a_command_that_may_go_on_two_ways_is_none() -> None:
    command = "fw# packet-tracer input inside icmp 10.1.1.1 8 0 1\n0.2.2.2\n"  # to 10.2.2.2, or 0.2.2.2
    assert packets(f"{command}{DROP}fw#\n") == []


def test_a_command_as_wide_as_the_screen_may_go_on_in_a_line_that_is_lost() -> None:
    command = "packet-tracer input inside tcp 10.123.123.123 49152 10.223.223.223 44"
    prompt = "f" * (78 - len(command)) + "# "
    assert [each.complete for each in packets(f"{prompt}{command}\n{DROP}fw#\n")] == [False]
    assert [each.complete for each in packets(f"f{prompt}{command}\n{DROP}fw#\n")] == [True]


@pytest.mark.parametrize(("end", "location", "whole"), [
    ("443 detailed", "", True), ("443 XML", "", True), ("443", "", False), ("https", "", False),
    ("443", ", Drop-location: frame 0x0000563ca2e1f3b4 flow (NA)/NA", True)])
def test_a_command_as_wide_as_the_screen_that_is_whole(end: str, location: str, whole: bool) -> None:
    """An option shows the end of the port, a longer line that nothing was cut."""
    command = f"packet-tracer input inside tcp 10.1.1.1 49152 10.2.2.2 {end}"
    prompt = "f" * (78 - len(command)) + "# "
    answer = DROP.replace("configured rule", f"configured rule{location}")
    assert [each.complete for each in packets(f"{prompt}{command}\n{answer}fw#\n")] == [whole]


@pytest.mark.parametrize(("prompt", "where"), [
    ("fw#", "fw"), ("fw/admin#", "fw/admin"), ("fw/pri/act#", "fw"), ("fw/dmz/sec/stby#", "fw/dmz"),
    ("act/fw#", "fw"), ("act/dmz/fw#", ""), ("fw(config)#", "fw"), ("9fw>", "9fw"), (">", ""),
])
def test_the_prompt_names_the_device(prompt: str, where: str) -> None:
    command = f"{prompt} packet-tracer input inside tcp 10.1.1.1 1024 10.2.2.2 80\n"
    assert [said(each).split(":")[0] for each in packets(f"{command}{DROP}{prompt}\n")] == [where]


@pytest.mark.parametrize("word", ["changeto context", "changeto con", "changet c"])
def test_a_context_that_was_changed_to_is_kept_where_the_prompt_does_not_name_it(word: str) -> None:
    command = "fw# packet-tracer input inside tcp 10.1.1.1 1024 10.2.2.2 80\n" + DROP
    text = f"fw# {word} red\n{command}fw# changeto system\n{command}fw#\n"
    assert [each.context for each in packets(text)] == ["red", "system"]


def test_a_command_may_be_there_without_its_prompt() -> None:
    text = "packet-tracer input inside tcp 10.1.1.1 1024 10.2.2.2 80\n" + DROP
    assert [said(each) for each in packets(text)] == [
        ": 10.1.1.1:1024 -> 10.2.2.2:80 tcp | inside > ? | (acl-drop) Flow is denied by configured rule"]


def test_a_file_may_end_with_the_reason() -> None:
    text = "fw# packet-tracer input inside tcp 10.1.1.1 1024 10.2.2.2 80\n" + DROP.rstrip()
    assert [each.complete for each in packets(text)] == [True]
    assert [each.complete for each in packets(text[:-1])] == [False]


def test_the_clock_is_that_of_the_same_device_before() -> None:
    clock = "show clock\n10:04:32.118 CET Mon Nov 30 2026\n"
    command = "packet-tracer input inside tcp 10.1.1.1 1024 10.2.2.2 80\n" + DROP
    text = f"a# {command}a# {clock}a# {command}b# {command}b# exit\n"
    assert [each.at for each in packets(text)] == [None, datetime(2026, 11, 30, 10, 4, 32), None]


@pytest.mark.parametrize(("old", "new"), [
    ("input-interface: inside", "input-interface: outside"),
    ("Result: DROP", "Result: ALLOW"),
    ("Action: drop", "Action: allow"),
    ("Drop-reason: (acl-drop) Flow is denied by configured rule\n", ""),
    ("Phase: 1", "Phase: 2"),
    ("Subtype:\n", ""),
    ("Action: drop\n", "Action: drop\nAction: drop\n"),
    ("Additional Information:\n", "Additional Information:\nConfig:\n"),
    ("rule\n\n", "rule\n\nPhase: 2\n"),
    ("rule\n\n", "rule\n\nAction: allow\n"),
    ("Implicit Rule", "Implicit R\ufffdle"),
    ("Additional Information:\n", "Additional Information:\nUntranslate 10.9.9.9/80 to 10.8.8.8/80\n"),
    ("Additional Information:\n", "Additional Information:\nStatic translate 10.1.1.1/99 to 10.8.8.8/99\n"),
    ("Additional Information:\n", "Additional Information:\nFound flow with id 7, using existing flow\n"),
])
def test_what_does_not_fit_together_proves_nothing(old: str, new: str) -> None:
    command = "fw# packet-tracer input inside tcp 10.1.1.1 1024 10.2.2.2 80\n"
    assert old in DROP
    assert [each.complete for each in packets(f"{command}{DROP}fw#\n")] == [True]
    assert [each.complete for each in packets(f"{command}{DROP.replace(old, new)}fw#\n")] == [False]
