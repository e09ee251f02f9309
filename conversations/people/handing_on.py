"""How somebody gets to what a code stands for: addresses that every phone opens, else what to write in an app."""

from __future__ import annotations

from conversations.speech import Joined, Text, _, verbatim
from conversations.steps import Here

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
    """The addresses that every phone opens, and what to write in the apps that have none."""
    links = here.facts.people.links
    if not links:
        return (_("Open our chat and write: /start {code}").of(code=code),)
    others = tuple(verbatim(name) for name, prefix in links if not prefix.startswith(_PAGE))
    if not others:
        return pages(here, code)
    apps = Joined(others, "or")
    return (*pages(here, code), _("On {apps}: open our chat and write: /start {code}").of(apps=apps, code=code))
