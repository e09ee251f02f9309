"""Draws the pages: templates with everything escaped, words from the catalogues."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.language.dates import speak_moment
from bot.language.languages import BY_TAG, DEFAULT, LANGUAGES, guess
from bot.language.tongue import tongue
from bot.web import privacy
from bot.web.chrome import words
from conversations.speech import Moment
from handlers.webchat.views import ChatView, PlainView
from handlers.webchat.writing import Bubble

HERE = Path(__file__).resolve().parent
STATIC = {"putokaz.css": "text/css", "putokaz.js": "text/javascript", "putokaz.svg": "image/svg+xml"}


class WebPages:
    """The `Pages` of handlers/webchat, and the pages beside the chat.

    `zone` is where the house stands: the small times beside the bubbles are told in it.
    """

    def __init__(self, *, zone: str = "Europe/Belgrade", default: str = DEFAULT) -> None:
        self._zone, self._default = zone, default
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["static"] = {name: address(name) for name in STATIC}
        self._templates.globals["languages"] = LANGUAGES

    def language(self, asked: str) -> str:
        """The language that fits what a browser asks for, or the tag itself."""
        if asked in BY_TAG:
            return asked
        for part in asked[:200].split(",")[:8]:
            tag = guess(part.partition(";")[0].strip(), "")
            if tag:
                return tag
        return self._default

    def chat(self, view: ChatView) -> str:
        """A page of the chat."""
        return self._draw(
            "chat.html", view.language, view=view, say=words("chat", view.language), notice=self._notice(view)
        )

    def bubble(self, bubble: Bubble, view: ChatView) -> str:
        """One bubble, to be added to a page that is open."""
        return self._draw("bubble.html", view.language, bubble=bubble, view=view, say=words("chat", view.language))

    def plain(self, view: PlainView) -> str:
        """A page beside the chat."""
        return self._draw("plain.html", view.language, view=view, say=words("plain", view.language))

    def privacy(self, tag: str) -> str:
        """The full privacy text."""
        speak = tongue(tag).speak
        sections = [
            (speak(part.heading), [speak(sentence) for sentence in part.sentences]) for part in privacy.SECTIONS
        ]
        return self._draw(
            "privacy.html",
            tag,
            title=speak(privacy.TITLE),
            intro=speak(privacy.INTRO),
            sections=sections,
            back=words("plain", tag)["to chat"],
            language_word=words("stage", tag)["language"],
        )

    def go(self, tag: str, view: object) -> str:
        """The page that codes on posters lead to."""
        say = words("go", tag)
        return self._draw("go.html", tag, view=view, say=say, language_word=say["language"])

    def certificate(self, tag: str, view: object) -> str:
        """The page on which anybody checks a certificate."""
        return self._draw("certificate.html", tag, view=view, language_word=words("go", tag)["language"])

    def stage(self, tag: str, **shown: object) -> str:
        """The stage."""
        return self._draw("stage.html", tag, say=words("stage", tag), **shown)

    def trouble(self, tag: str, what: str) -> str:
        """A page for what went wrong: "not found" or "trouble"."""
        return self._draw("trouble.html", tag, text=words("plain", tag)[what], to_chat=words("plain", tag)["to chat"])

    def moment(self, at: datetime, tag: str, style: str = "short") -> str:
        """An instant in the house's zone, in words."""
        kind: Literal["full", "short"] = "full" if style == "full" else "short"
        return speak_moment(Moment(at, self._zone, kind), BY_TAG[tag])

    def _notice(self, view: ChatView) -> str:
        return words("notice", view.language)[view.notice] if view.notice else ""

    def _draw(self, template: str, tag: str, **values: object) -> str:
        return self._templates.get_template(template).render(
            {"tag": tag, "title": words("chat", tag)["title"], "moment": self.moment, **values}
        )


@lru_cache(maxsize=8)
def content(name: str) -> bytes:
    """A file of the static folder."""
    return (HERE / "static" / name).read_bytes()


def address(name: str) -> str:
    """Where a static file is served: its content is in the name, so that phones may keep it for good."""
    digest = hashlib.sha256(content(name)).hexdigest()[:10]
    return f"/static/{digest}/{name}"


def statics() -> Mapping[str, tuple[bytes, str]]:
    """Every static file by its address, with its media type."""
    return {address(name): (content(name), media_type) for name, media_type in STATIC.items()}
