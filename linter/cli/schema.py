"""`aclproof schema NAME`: the JSON Schema of a file that is read or a report that is written."""

from __future__ import annotations

import click

from aclproof.linter import schemas
from aclproof.linter.cli import completing, exits, streams
from aclproof.linter.cli.packs import packs_option
from aclproof.linter.harmless import as_json
from aclproof.reason import Reason


@click.command(name="schema")
@click.argument("name", metavar="[NAME]", required=False, shell_complete=completing.schemas)
@packs_option("Hold a site file to the words of this pack, or of these.  [default: those of the pack that it "
              "names]")
def command(name: str | None, packs: tuple[str, ...]) -> int:
    """Print the JSON Schema of the site file, of a pack, or of a report, for editors and programs.

    Without a NAME, list them all.

    \b
      aclproof schema site > .aclproof.schema.json
    """
    if packs and name != "site":
        raise click.UsageError(Reason("--pack goes with the site file's schema: aclproof schema site "
                                      "--pack ..."))
    if name is None:
        width = max(map(len, schemas.names()))
        streams.emit("".join(f"{each:<{width}}  {schemas.load(each)['title']}\n" for each in schemas.names()))
    else:
        streams.write(as_json(_schema(name, packs)), encoding=streams.UTF8)
    return exits.PROVEN


def _schema(name: str, packs: tuple[str, ...]) -> schemas.Schema:
    if name == "site":
        from aclproof import rules
        from aclproof.linter.schemas import site
        from aclproof.rules.joined import join

        return site.of_pack(join([rules.load(each) for each in packs])) if packs else site.of_builtin_packs()
    try:
        return schemas.load(name)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
