"""A test of an interface's name and one of the interface itself part where it is renamed or made anew."""

from __future__ import annotations

from tests.oracle.test_scripts import Shell

_RULES = """table inet t {
	chain c {
		iif "d0" accept
		iifname "d0" accept
	}
}"""


def test_what_nft_shows_once_an_interface_has_another_name_or_is_another() -> None:
    with Shell() as shell:
        def shown(*commands: str) -> list[str]:
            for command in commands:
                done, said = shell.run(command)
                assert done, said
            return [line.strip() for line in shell.run("nft list ruleset")[1].split("\n") if "accept" in line]

        assert shown("ip tuntap add d0 mode tap", f"nft '{_RULES}'") == [
            'iif "d0" accept', 'iifname "d0" accept']
        assert shown("ip link set d0 name e1") == ['iif "e1" accept', 'iifname "d0" accept']
        found = shown("ip link del e1", "ip tuntap add d0 mode tap")
        assert found[0].split()[1].isdecimal()  # nothing has that number any more
        assert found[1:] == ['iifname "d0" accept']
