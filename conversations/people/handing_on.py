"""How somebody gets to what a code stands for: an address that everybody can open, else what to write in an app."""

from __future__ import annotations

from conversations.speech import Joined, Text, _, verbatim
from conversations.steps import Here

WEB = "Web"
"""The name of the chat in a browser among the links: every phone can open it."""
_PAGE = "https://"
"""How a link begins that people know as one; what begins otherwise only an app understands."""


def pages(here: Here, code: str) -> tuple[Text, ...]:
    """The addresses that people can read, by their channel, a line each."""
    return tuple(
        _("{channel}: {link}").of(channel=name, link=verbatim(prefix + code))
        for name, prefix in here.facts.people.links
        if prefix.startswith(_PAGE)
    )


def for_a_parent(here: Here, code: str) -> tuple[Text, ...]:
    """The one address that works on every phone, where there is one, and what to write in the apps instead."""
    links = dict(here.facts.people.links)
    if not links:
        return (_("Open our chat and write: /start {code}").of(code=code),)
    web = links.get(WEB, "")
    found = (verbatim(web + code),) if web else pages(here, code)
    others = [name for name, prefix in links.items() if name != WEB and (web or not prefix.startswith(_PAGE))]
    if not others:
        return found
    apps = Joined(tuple(map(verbatim, others)), "or")
    return (*found, _("On {apps}: open our chat and write: /start {code}").of(apps=apps, code=code))
