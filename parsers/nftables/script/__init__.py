"""Change scripts: nft commands, as a shell calls them or as nft loads them, carried out on a ruleset."""
