"""Whose request it is, behind the web server that passes requests on: the network address that limits count by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

Network = IPv4Network | IPv6Network
HOPS = 20
"""The most entries of a list that are looked at: nobody has so many web servers before theirs."""


def networks(written: str) -> tuple[Network, ...]:
    """The networks of a list such as "127.0.0.1, 10.0.0.0/8, ::1". Raises ValueError for what is none."""
    return tuple(ip_network(part.strip()) for part in written.split(",") if part.strip())


def caller(peer: str, forwarded: Iterable[str], trusted: Sequence[Network]) -> str:
    """The network address a request came from: `peer`, or whom servers of ours say they passed it on for.

    `forwarded` is every X-Forwarded-For header, in order. Each server appends whom it got the request from, so the
    list is read from its end, and only as far as a server of ours wrote it: the first address that is not ours
    is the caller, whatever stands before it. What cannot be read ends the reading: then the last of ours is it.
    """
    here = _read(peer)
    if here is None or not _ours(here, trusted):
        return peer
    said = [part for line in forwarded for part in line.split(",")]
    for part in reversed(said[-HOPS:]):
        before = _read(part)
        if before is None:
            break
        here = before
        if not _ours(here, trusted):
            break
    return str(here)


def seen_from(trusted: Sequence[Network]) -> Middleware:
    """The middleware by which `request.remote` is the caller everywhere behind it."""

    @web.middleware
    async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
        remote = caller(request.remote or "", request.headers.getall("X-Forwarded-For", ()), trusted)
        return await handler(request.clone(remote=remote) if remote != request.remote else request)

    return look


def _ours(address: IPv4Address | IPv6Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _read(written: str) -> IPv4Address | IPv6Address | None:
    """An address as servers write it: `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::7`, `[2001:db8::7]:4711`."""
    bare = written.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
