"""The grammar of what can be asked of a packet: headers, `meta`, `ct`, `fib` and others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aclproof.parsers.nftables.ruleset import Tree
from aclproof.parsers.nftables.text import fields
from aclproof.parsers.nftables.text.datatypes import number
from aclproof.parsers.nftables.text.lexer import GrammarError, Tokens, is_value, unquoted
from aclproof.reason import Reason

Reader = Callable[[Tokens], Tree]


def number_here(tokens: Tokens) -> int:
    """Read a number; GrammarError for anything else."""
    word = tokens.next()
    found = number(word)
    if found is None:
        raise GrammarError(Reason("'{word}' is no number", word=word))
    return found


def begins(word: str) -> bool:
    """Whether what can be asked of a packet begins with this word."""
    return word in _READERS or word in fields.BARE_META


def selector(tokens: Tokens) -> Tree:
    """Read what can be asked of a packet; None (and nothing is read) where something else stands."""
    word = tokens.word
    reader = _READERS.get(word)
    if reader is None:
        if word in fields.BARE_META:
            tokens.at += 1
            return {"meta": {"key": fields.META_ALIASES.get(word, word)}}
        return None
    at = tokens.at
    found = reader(tokens)
    if found is None:
        tokens.at = at
    return found


def _header(tokens: Tokens) -> Tree:
    protocol = tokens.next()
    field = tokens.word
    if protocol == "arp" and field in ("saddr", "daddr"):
        field = f"{field} {tokens.following}"
        tokens.at += 1
    if protocol == "icmpv6" and field == "param-problem":
        field = "parameter-problem"
    if field not in fields.HEADERS[protocol]:
        return None
    tokens.at += 1
    return {"payload": {"protocol": protocol, "field": field}}


def _tunnel(tokens: Tokens) -> Tree:
    tunnel = tokens.word
    own = _header(tokens)
    if own is not None:
        assert isinstance(own, Mapping)
        inner = own["payload"]
        assert isinstance(inner, Mapping)
        return own if tunnel == "gre" else {"payload": {"tunnel": tunnel, **inner}}
    if tokens.word not in fields.HEADERS or tokens.word in fields.TUNNELS:
        return None
    found = _header(tokens)
    if not isinstance(found, Mapping):
        return None
    inner = found["payload"]
    assert isinstance(inner, Mapping)
    return {"payload": {"tunnel": tunnel, **inner}}


def _ip(tokens: Tokens) -> Tree:
    if tokens.following != "option":
        return _header(tokens)
    tokens.at += 2
    name = tokens.next()
    if name not in fields.IP_OPTIONS:
        raise GrammarError(Reason("'{name}' is no option of IPv4", name=name))
    return {"ip option": _with_field(tokens, name, fields.IP_OPTIONS[name])}


def _with_field(tokens: Tokens, name: str, known: tuple[str, ...]) -> dict[str, Tree]:
    if tokens.word in known:
        return {"name": name, "field": tokens.next()}
    return {"name": name}


def _tcp(tokens: Tokens) -> Tree:
    if tokens.following != "option":
        return _header(tokens)
    tokens.at += 2
    if tokens.accept("@"):
        kind = number_here(tokens)
        tokens.expect(",")
        offset = number_here(tokens)
        tokens.expect(",")
        return {"tcp option": {"base": kind, "offset": offset, "len": number_here(tokens)}}
    return {"tcp option": tcp_option(tokens)}


def reset_option(tokens: Tokens) -> dict[str, Tree]:
    """Read the option of TCP that is taken out."""
    kind = number(tokens.word)
    if kind is None or kind in fields.TCP_OPTION_NUMBERS:
        return tcp_option(tokens)
    tokens.at += 1
    return {"base": kind, "offset": 0, "len": 0}


def tcp_option(tokens: Tokens) -> dict[str, Tree]:
    """Read an option of TCP, and perhaps one of its fields."""
    name = tokens.next()
    kind = number(name)
    if kind in fields.TCP_OPTION_NUMBERS:
        name = fields.TCP_OPTION_NUMBERS[kind]
    elif kind is not None:
        length = tokens.accept("length")
        return {"base": kind, "offset": 8 if length else 0, "len": 8}
    name = fields.TCP_OPTION_ALIASES.get(name, name)
    if name not in fields.TCP_OPTIONS:
        raise GrammarError(Reason("'{name}' is no option of TCP", name=name))
    return _with_field(tokens, name, fields.TCP_OPTIONS[name])


def _sctp(tokens: Tokens) -> Tree:
    if tokens.following != "chunk":
        return _header(tokens)
    tokens.at += 2
    name = tokens.next()
    if name not in fields.CHUNKS:
        raise GrammarError(Reason("'{name}' is no chunk of SCTP", name=name))
    if tokens.word in fields.CHUNK_FIELDS:
        return {"sctp chunk": {"name": name, "field": tokens.next()}}
    return {"sctp chunk": {"name": name}}


def _dccp(tokens: Tokens) -> Tree:
    if tokens.following != "option":
        return _header(tokens)
    tokens.at += 2
    return {"dccp option": {"type": number_here(tokens)}}


def _extension(tokens: Tokens) -> Tree:
    name = tokens.next()
    field = tokens.word
    if field not in fields.EXTENSION_HEADERS[name]:
        return None
    tokens.at += 1
    if tokens.accept("["):
        field = f"{field}[{number_here(tokens)}]"
        tokens.expect("]")
    return {"exthdr": {"name": name, "field": field}}


def _exthdr(tokens: Tokens) -> Tree:
    tokens.at += 1
    name = tokens.next()
    if name not in fields.EXTENSION_HEADERS:
        raise GrammarError(Reason("'{name}' is no extension header", name=name))
    return {"exthdr": {"name": name}}


def _rt(tokens: Tokens) -> Tree:
    found = _extension(tokens)
    if found is not None:
        return found
    family = tokens.next() if tokens.word in ("ip", "ip6") else ""
    key = tokens.word
    if key not in fields.ROUTE:
        return None
    tokens.at += 1
    return {"rt": {"key": key, "family": family} if family else {"key": key}}


def _meta(tokens: Tokens) -> Tree:
    tokens.at += 1
    key = fields.META_ALIASES.get(tokens.word, tokens.word)
    if key not in fields.META:
        raise GrammarError(Reason("'{key}' is not known of packets", key=key))
    tokens.at += 1
    return {"meta": {"key": key}}


def _ct(tokens: Tokens) -> Tree:
    tokens.at += 1
    direction = tokens.next() if tokens.word in ("original", "reply") else ""
    key = tokens.next()
    if key in ("ip", "ip6"):
        key = f"{key} {tokens.next()}"
    key = fields.CT_ALIASES.get(key, key)
    if key not in fields.CT:
        raise GrammarError(Reason("'{key}' is not known of connections", key=key))
    return {"ct": {"key": key, "dir": direction} if direction else {"key": key}}


def _fib(tokens: Tokens) -> Tree:
    tokens.at += 1
    flags: list[Tree] = [tokens.next()]
    while tokens.accept("."):
        flags.append(tokens.next())
    order = ("saddr", "daddr", "mark", "iif", "oif")
    result = tokens.next()
    if result not in fields.FIB or not all(flag in order for flag in flags):
        raise GrammarError(Reason("'{result}' is no result of a look at the routes", result=result))
    return {"fib": {"result": result, "flags": sorted(flags, key=lambda flag: order.index(str(flag)))}}


def _socket(tokens: Tokens) -> Tree:
    tokens.at += 1
    key = tokens.next()
    if key not in fields.SOCKET:
        raise GrammarError(Reason("'{key}' is not known of sockets", key=key))
    if tokens.accept("level"):
        number_here(tokens)
    return {"socket": {"key": key}}


def _numgen(tokens: Tokens) -> Tree:
    tokens.at += 1
    mode = tokens.next()
    tokens.expect("mod")
    modulus = number_here(tokens)
    offset = number_here(tokens) if tokens.accept("offset") else 0
    return {"numgen": {"mode": mode, "mod": modulus, "offset": offset}}


def _jhash(tokens: Tokens) -> Tree:
    from aclproof.parsers.nftables.text import expressions

    tokens.at += 1
    hashed = expressions.left(tokens)
    return {"jhash": _hash(tokens) | {"expr": hashed}}


def _hash(tokens: Tokens) -> dict[str, Tree]:
    tokens.expect("mod")
    found: dict[str, Tree] = {"mod": number_here(tokens)}
    if tokens.accept("seed"):
        found["seed"] = number_here(tokens)
    if tokens.accept("offset"):
        found["offset"] = number_here(tokens)
    return found


def _symhash(tokens: Tokens) -> Tree:
    tokens.at += 1
    return {"symhash": _hash(tokens)}


def _osf(tokens: Tokens) -> Tree:
    tokens.at += 1
    ttl = tokens.next() if tokens.accept("ttl") else ""
    key = tokens.next()
    return {"osf": {"key": key, "ttl": ttl} if ttl else {"key": key}}


def _ipsec(tokens: Tokens) -> Tree:
    tokens.at += 1
    if tokens.word not in ("in", "out"):
        return {"meta": {"key": "ipsec"}}
    direction = tokens.next()
    number = number_here(tokens) if tokens.accept("spnum") else 0
    family = tokens.next() if tokens.word in ("ip", "ip6") else ""
    found: dict[str, Tree] = {"key": tokens.next()}
    if family:
        found["family"] = family
    return {"ipsec": found | {"dir": direction, "spnum": number}}


def _tunnel_key(tokens: Tokens) -> Tree:
    tokens.at += 1
    return {"tunnel": {"key": tokens.next()}}


def _raw(tokens: Tokens) -> Tree:
    base = tokens.following
    if base not in ("ll", "nh", "th", "ih") or tokens.peek(2) != ",":
        return None
    tokens.at += 3
    offset = number_here(tokens)
    tokens.expect(",")
    return {"payload": {"base": base, "offset": offset, "len": number_here(tokens)}}


_READERS: Mapping[str, Reader] = {
    **dict.fromkeys(fields.HEADERS, _header), **dict.fromkeys(fields.TUNNELS, _tunnel),
    **dict.fromkeys(fields.EXTENSION_HEADERS, _extension),
    "ip": _ip, "tcp": _tcp, "sctp": _sctp, "dccp": _dccp, "exthdr": _exthdr, "rt": _rt, "meta": _meta,
    "ct": _ct, "fib": _fib, "socket": _socket, "numgen": _numgen, "jhash": _jhash, "symhash": _symhash,
    "osf": _osf, "ipsec": _ipsec, "tunnel": _tunnel_key, "@": _raw}


def name_here(tokens: Tokens) -> str:
    """Read a name, with or without quotes."""
    if tokens.ended() or not is_value(tokens.word):
        raise GrammarError(Reason("a name is missing"))
    return unquoted(tokens.next())
