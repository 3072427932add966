"""Every command with every option and format, over one folder of inputs: what each promise is asked of.

A command or an option that is new fails `tests/canaries/test_every_call.py` until a call here has it. Formats
are those of the program's own tables.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from msgspec import Struct

from aclproof.linter import schemas
from aclproof.linter.cli.app import app
from aclproof.linter.fleet.reports import FORMATS as OF_MANY
from aclproof.linter.reports import FORMATS as OF_ONE
from aclproof.linter.reports.history import FORMATS as OF_HISTORY
from aclproof.linter.reports.migration import FORMATS as OF_CHANGES
from aclproof.linter.reports.request import FORMATS as OF_REQUESTS
from aclproof.linter.reports.tidy import FORMATS as OF_TIDY

ROOT = Path(__file__).parents[1]
DAY = "--as-of 2026-01-15"
ROLES = "--role client=10.20.0.0/16 --role site-server=10.1.1.10 --role management-point=10.1.1.11"
SETTINGS = "--set mode=mixed --set client-os=windows-xp"
QUICK = f"{ROLES} {SETTINGS} {DAY}"
PACKET = "10.1.1.10 10.20.0.5 tcp 445"
OUT = "out"
"""The folder that calls write to; it is there and empty."""

SITE = """\
roles: {{client: [10.20.0.0/16], site-server: [10.1.1.10], management-point: [10.1.1.11]}}
settings: {{mode: mixed, client-os: windows-xp}}
methods: [client-push, group-policy]
firewalls: [{{name: fw, config: fw.cfg{more}}}]
"""
WAIVERS = """\
waivers:
  - {id: w, requirement: CM2007-PUSH-SMB, reason: known, owner: me, expires: 2026-03-01}
"""
PACKETS = "source,destination,protocol,destination_port\n10.1.1.10,10.20.0.5,tcp,445\n"


class Inputs(Struct, frozen=True):
    """What stands in the folder."""

    config: str | bytes
    more: str = ""
    """What the site file says of the firewall beyond its name and file."""
    lines: str = ""
    """A change of it, to be entered."""
    session: str = ""
    """What its device has printed."""
    site: str = SITE
    waivers: str = WAIVERS


def lay(folder: Path, inputs: Inputs) -> None:
    """Write the inputs, twice in a history of two commits."""
    config = inputs.config if isinstance(inputs.config, bytes) else inputs.config.encode()
    site = inputs.site.format(more=inputs.more)
    pack = (ROOT / "rules" / "configmgr-2007.yaml").read_text("utf-8")
    texts = {"aclproof.yaml": site, "waivers.yaml": inputs.waivers, "session.log": inputs.session,
             "lines.txt": inputs.lines, "packets.csv": PACKETS, "pack.yaml": pack,
             "export.json": (ROOT / "fixtures" / "configmgr" / "small.json").read_text("utf-8")}
    for place in (folder, folder / "sites" / "a", folder / "sites" / "b"):
        place.mkdir(parents=True, exist_ok=True)
        (place / "fw.cfg").write_bytes(config)
        (place / "aclproof.yaml").write_text(site, "utf-8")
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "first.yaml").write_text(site.replace("client-push, ", ""), "utf-8")
    (folder / OUT).mkdir()
    git = ["git", "-c", "user.name=me", "-c", "user.email=me@example.com", "-C", str(folder)]
    for order in ("init -q -b main", "add .", "commit -q -m first", "mv -f first.yaml aclproof.yaml",
                  "commit -q -a -m second"):
        subprocess.run([*git, *order.split()], check=True, capture_output=True)
    (folder / "aclproof.yaml").write_text(site, "utf-8")


_IN_EVERY_FORMAT: Sequence[tuple[str, Sequence[str]]] = (
    (f"check {DAY} --fixes --checks hygiene --fail-on note --waivers waivers.yaml -v --format", [*OF_ONE]),
    (f"check {DAY} --evidence session.log --evidence fw=lines.txt --lang de --format", [*OF_ONE]),
    (f"check sites {DAY} --jobs 1 --no-fixes --checks hygiene --format",
     [f"{each}=out/many.{each}" for each in OF_MANY]),
    (f"check sites lines.txt {DAY} --lang de --fail-fast --format",
     [each for each in OF_MANY if each != "html"]),
    ("requirements --format", [*OF_REQUESTS]),
    ("requirements --compare configmgr-2007 pack.yaml --format", [*OF_CHANGES]),
    (f"history {DAY} -v --format", [*OF_HISTORY]),
    ("tidy fw.cfg -v --format", [*OF_TIDY]),
    (f"fix {DAY} --format", ["text", "json"]),
    (f"fix {DAY} --narrow --waivers waivers.yaml --format", ["text", "json"]),
    (f"diff aclproof.yaml lines.txt {DAY} --script --full --fail-on opened --format",
     ["text", "markdown", "json"]),
    (f"diff sites/a/aclproof.yaml aclproof.yaml {DAY} --format", ["text", "markdown", "json"]),
    (f"diff sites/a sites/b {DAY} --format", ["text", "markdown", "json"]),
    (f"trace aclproof.yaml {PACKET} {DAY} --from site-server --to client --explain --format",
     ["text", "json"]),
    (f"trace fw.cfg {PACKET} --format", ["text", "json"]),
    ("trace aclproof.yaml --packets packets.csv --format", ["text", "json"]),
    (f"probe {DAY} --format", ["text", "json"]),
    ("show fw.cfg --format", ["text", "json"]),
    (f"show fw.cfg --used-by aclproof.yaml -v {DAY} --format", ["text", "json"]),
    ("rules list --format", ["text", "json"]),
    ("schema", schemas.names()), ("completion", ["bash", "zsh", "fish", "powershell"]))

_ALSO = f"""
check -v --color always --statistics --second-opinion --lang de {DAY} --format github --format text
check --self-check 3 {DAY}
check {DAY} -qq {" ".join(f"--format {each}=out/one.{each}" for each in OF_ONE)}
check {DAY} -q --write-baseline out/known.json --checks hygiene
check {DAY} --baseline out/known.json --checks hygiene --require any --strict --allow-undecided
check {DAY} --bundle out/audit.zip --evidence session.log
check {DAY} --bundle out/sums.zip --without-inputs -q
check {DAY} --history all --format html=out/past.html --format json
check fw.cfg {QUICK} --method client-push --pack pack.yaml --assume usual --root . --allow-outside -v
check fw.cfg {QUICK} --interface client=in --acl client=A --fact "time-range NIGHT=active"
check fw.cfg {QUICK} --host client --profile domain --context main
check fw.cfg {QUICK} --host client --profile domain
check fw.cfg --client 10.20.0.0/16 --server 10.1.1.0/28 --tier supporting {SETTINGS} {DAY}
check sites {DAY} --jobs 2 --cache out/cache --format jsonl=out/all.jsonl --write-baseline out/all.json
check sites {DAY} --resume --baseline out/all.json --format json
check --sites sites sites/a/fw.cfg {DAY}
check nothing.yaml
check fw.cfg
check lines.txt {QUICK}
check session.log {QUICK}
check waivers.yaml
check --waivers fw.cfg
check --pack lines.txt
check --baseline fw.cfg
check --evidence none.log
check --format nonsense
check --cluster nowhere
fix {DAY} --cheapest --firewall fw --lang de
fix fw.cfg {QUICK} --interface client=in --acl client=A --fact "time-range NIGHT=active" --assume usual
fix fw.cfg {QUICK} --host client --profile domain --strict --method client-push --pack pack.yaml
fix fw.cfg {QUICK} --context main --root . --allow-outside -q
fix fw.cfg --client 10.20.0.0/16 --server 10.1.1.0/28 --tier supporting {SETTINGS}
diff fw.cfg sites/a/fw.cfg {QUICK} --no-script --chain A --budget 10 --strict --lang de
diff fw.cfg lines.txt {QUICK} --method client-push --pack pack.yaml --fact "time-range NIGHT=active"
diff fw.cfg fw.cfg {QUICK} --host client --profile domain --assume usual --root . --allow-outside
diff fw.cfg fw.cfg {QUICK} --context main --interface client=in --acl client=A
diff fw.cfg fw.cfg --client 10.20.0.0/16 --server 10.1.1.0/28 --tier supporting {SETTINGS}
diff aclproof.yaml lines.txt --firewall fw {DAY}
diff aclproof.yaml session.log {DAY}
diff fw.cfg waivers.yaml
history --since HEAD~1 --require any --strict -q --color always --lang de {DAY} --format html=out/past
trace fw.cfg {PACKET} --source-port 50000 --in-interface in --out-interface out --lang de
trace fw.cfg {PACKET} --chain A --context main
trace fw.cfg {PACKET} --hook input --profile domain --listener system-smb
trace aclproof.yaml 10.1.1.10 10.20.0.5 icmp --icmp-type 8 --reply --fact "time-range NIGHT=active" --root .
trace aclproof.yaml {PACKET} --allow-outside
trace aclproof.yaml --packets fw.cfg
probe --script out/ask -q --lang de {DAY}
probe --firewall fw {DAY}
probe fw.cfg {QUICK} --interface client=in --acl client=A --fact "time-range NIGHT=active" --assume usual
probe fw.cfg {QUICK} --host client --profile domain --strict --method client-push --pack pack.yaml
probe fw.cfg {QUICK} --context main --root . --allow-outside
probe fw.cfg --client 10.20.0.0/16 --server 10.1.1.0/28 --tier supporting {SETTINGS}
waivers --scaffold {DAY} -o out/waivers.yaml --waivers waivers.yaml
waivers --scaffold sites {DAY} --lang de
waivers --scaffold fw.cfg {QUICK} --interface client=in --acl client=A --fact a=b --assume usual -q
waivers --scaffold fw.cfg {QUICK} --host client --profile domain --strict --method client-push
waivers --scaffold fw.cfg {QUICK} --context main --root . --allow-outside --pack pack.yaml
waivers --scaffold fw.cfg --client 10.20.0.0/16 --server 10.1.1.0/28 --tier supporting {SETTINGS}
requirements --pack pack.yaml --root . --allow-outside --tier supporting --lang de -q --format csv=out/ports
requirements {ROLES} {SETTINGS} --method client-push
requirements --client 10.20.0.0/16 --server 10.1.1.0/28 {SETTINGS}
show fw.cfg --chain A --lang de
show fw.cfg --context main --root .
show fw.cfg lines.txt session.log
show --used-by
tidy fw.cfg --context main -q --lang de --format csv=out/dead.csv --format json=out/dead.json
tidy lines.txt
init fw.cfg -o out/site.yaml --pack pack.yaml --allow-outside --lang de
init fw.cfg -o - --allow-outside
init fw.cfg lines.txt -o out/site.yaml --force --allow-outside
init fw.cfg --from-configmgr export.json -o out/sites --allow-outside
init --from-configmgr fw.cfg -o out/others
init fw.cfg -o out/quiet.yaml --force --allow-outside --quiet
anonymise --output out/others --salt out/salt --root . --allow-outside {DAY} --lang de
anonymise fw.cfg --output - --salt out/salt -q
anonymise lines.txt --output out/lines --salt out/salt
anonymise session.log --output out/session
rules check pack.yaml --lang de
rules check fw.cfg
rules show pack.yaml --lang de
rules list --lang de
explain CM2007-PUSH-SMB --pack pack.yaml
explain interface --site aclproof.yaml --lang de
schema site --pack pack.yaml
--version
no-such-command
"""


def calls() -> Iterator[list[str]]:
    """Yield the arguments of every call; later ones read what earlier ones have written."""
    for line in filter(None, _ALSO.splitlines()):
        yield shlex.split(line)
    for line, forms in _IN_EVERY_FORMAT:
        for form in forms:
            yield [*shlex.split(line), form]


NOT_CALLED = {"check --watch": "it goes on until Ctrl-C; each of its runs is one without it"}
"""Options that no call has, and why."""


def every_option() -> Iterator[tuple[str, click.Option]]:
    """Yield the name of each command, and each of its options."""
    yield from _options("", app)


def _options(name: str, command: click.Command) -> Iterator[tuple[str, click.Option]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            if found := command.get_command(context, each):
                yield from _options(f"{name} {each}".strip(), found)
        return
    for option in command.params:
        if isinstance(option, click.Option):
            yield name, option


def without_call() -> list[str]:
    """Every option that no call has, and each value of `--format` where they are few."""
    made = [(" ".join(each[:2]), each) for each in calls()]
    left = []
    for name, option in every_option():
        names = {*option.opts, *option.secondary_opts}
        kind = option.type if "--format" in names else None
        for value in kind.choices if isinstance(kind, click.Choice) else [""]:
            if not any(_has(call, names, value) for start, call in made if start.startswith(name)):
                left.append(f"{name} {option.opts[-1]} {value}".rstrip())
    return left


def _has(call: list[str], names: set[str], value: str) -> bool:
    return any((word in names or word[:2] in names) and (not value or call[at + 1] == value)
               for at, word in enumerate(call))
