"""The command group; a command's file is imported when the command is called, so `--help` stays fast."""

from __future__ import annotations

from importlib import import_module

import click
from click.shell_completion import CompletionItem

from aclproof import __version__

COMMANDS = {
    "check": "Prove which installation methods work through the firewalls.",
    "requirements": "Print the port request for the firewall team.",
    "fix": "Print verified permits for what is missing.",
    "waivers": "Write a waiver file to fill in, one entry for each gap.",
    "diff": "Show what a change does, before it goes live.",
    "history": "Name the commits that broke or cured a method, with the line.",
    "trace": "Follow packets rule by rule, from firewall to firewall.",
    "probe": "Print commands that ask devices, for check --evidence.",
    "show": "Show a configuration as it was understood, and what was not.",
    "tidy": "Find lines that do nothing, and the commands that remove them.",
    "init": "Write a site file from what configurations suggest.",
    "anonymise": "Write inputs anew, to be shown to others: no names, no secrets.",
    "rules": "List, show and check requirement packs.",
    "explain": "Explain a requirement, a setting, or a word of a report.",
    "schema": "Print the JSON Schema of a file or a report.",
    "completion": "Print the completion script of a shell.",
}
"""Every command with its line of help; the module of the same name holds its `command`."""


class Suggesting(click.Group):
    """A group that suggests a command for one that is mistyped."""

    def resolve_command(
            self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Refuse what is no command with the nearest one; a shell that completes wants no complaints."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-") and not ctx.resilient_parsing:
            from aclproof.rules.suggest import unknown

            raise click.UsageError(unknown("command", args[0], known), ctx)
        return super().resolve_command(ctx, args)


class _Lazy(Suggesting):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"aclproof.linter.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take `help [COMMAND]` and `version`, as people type them, for the options that answer them."""
        if args[:1] == ["help"]:
            args = [*args[1:2], "--help"]
        elif args[:1] == ["version"]:
            args = ["--version"]
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise self._of_command(ctx, given, error) or error from None

    def _of_command(self, ctx: click.Context, args: list[str],
                    error: click.NoSuchOption) -> click.UsageError | None:
        """Say where an option of a command goes that was given before it."""
        from aclproof.reason import Reason

        at = next((place for place, each in enumerate(args) if each in COMMANDS), len(args))
        name = args[at] if at < len(args) else "check"
        command = self.get_command(ctx, name)
        if not command or not any(error.option_name in each.opts for each in command.params):
            return None
        return click.UsageError(Reason(
            "{option} is an option of the commands, and goes after one: '{command}'",
            option=error.option_name, command=" ".join(("aclproof", name, *args[:at]))), ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Offer the commands without importing them."""
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(name, help=text) for name, text in COMMANDS.items()
                  if name.startswith(incomplete)), *options]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def app() -> None:
    """Prove whether firewalls permit every port that a Configuration Manager client installation needs.

    \b
    Exit codes: 0 everything proven, 1 something missing, 2 wrong usage or
    unreadable input, 3 nothing missing but not everything proven, 4 a bug in
    aclproof, 130 stopped.
    """
