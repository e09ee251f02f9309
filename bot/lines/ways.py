"""The ways in: where a code on paper or in a link may lead, on every channel that is set up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.telling import Rules

WEB = "web"
"""The name of the web chat among the links; others are the names of apps."""
_NO_CODE = re.compile(r"[?&][^?&=]*=$")
"""The end of a deep link's beginning: what would hold the code."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in. `name` is the app's, `web` for the chat in a browser, "" for the landing page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class WaysIn:
    """The way that fits most people, the others, and whether all of it works on this computer only."""

    main: Way | None
    others: tuple[Way, ...] = ()
    trial: bool = False


def ways_in(rules: Rules, code: str) -> WaysIn:
    """All ways in for a public code. The landing page comes first: it offers the others to every phone.

    Without a public address an app is the way; with neither there is only this computer, for a trial.
    The code must be one that anybody may know: what is printed hangs in the street.
    """
    links = tuple(Way(name, prefix + code) for name, prefix in rules.links)
    if rules.landing and not is_local(rules.landing):
        return WaysIn(Way("", rules.landing + code), links)
    if links:
        return WaysIn(links[0], links[1:])
    if rules.landing:
        return WaysIn(Way("", rules.landing + code), trial=True)
    return WaysIn(None)


def apps(rules: Rules, code: str = "") -> tuple[Way, ...]:
    """The apps one can write in; with a code they open what it stands for, without one the start."""
    return tuple(
        Way(name, prefix + code if code else _NO_CODE.sub("", prefix)) for name, prefix in rules.links if name != WEB
    )


def is_local(url: str) -> bool:
    """True for an address that other people's phones cannot reach."""
    host = urlsplit(url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(".local")
    return address.is_loopback or address.is_private or address.is_unspecified


def as_typed(url: str) -> str:
    """An address as people type it: without what the browser adds by itself, and without a code for an app."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".rstrip("/") if parts.scheme in ("http", "https") else ""
