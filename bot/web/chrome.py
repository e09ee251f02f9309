"""The words around the chat and the stage: titles, fields, notices, hints. In the catalogues as `web`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from bot.language.tongue import tongue
from conversations.speech import Text, _

CHAT: Mapping[str, Text] = {
    "title": _("Messages"),
    "write": _("Write a message"),
    "send": _("Send"),
    "attach": _("Photo, voice or file"),
    "leave": _("Leave quickly"),
    "more": _("More"),
    "link": _("My private link"),
    "forget": _("Forget this chat"),
    "privacy": _("Privacy"),
    "earlier": _("Earlier messages"),
    "latest": _("To the newest messages"),
    "look": _("Show what is new"),
    "you": _("You"),
    "house": _("Putokaz"),
    "map": _("Open the map"),
    "get": _("Open the file"),
    "photo": _("Photo"),
    "offline": _("No connection right now. What is written stays here."),
}

NOTICES: Mapping[str, Text] = {
    "too long": _("That is a lot! Up to 4,000 characters fit in one message. Please send it in parts."),
    "too big": _("This file is too big. Up to 5 MB can be sent here."),
    "unreadable": _("This did not arrive whole. Please send it again."),
    "too fast": _("That was very fast. Please wait a few seconds and send it again."),
    "old form": _("This page was open for a long time. Please send it again."),
    "trouble": _("Something is not working on our side. Please send it again in a minute."),
}

PLAIN: Mapping[str, Text] = {
    "cookies": _("This chat needs one cookie, so that it knows this phone again. Please allow it and try again."),
    "again": _("Try again"),
    "hidden": _("Welcome."),
    "continue": _("Continue"),
    "come back": _("This private link opens a chat on this phone. Is it yours?"),
    "open": _("Open my chat"),
    "link": _("This is the private link. Keep it for yourself: whoever has it can read the chat."),
    "link how": _("Write it down, or send it to yourself. It works until you make a new one, or for 90 quiet days."),
    "back": _("Back to the chat"),
    "no link": _("This link does not open a chat any more."),
    "new chat": _("Start a new chat"),
    "forget": _("The messages of this chat will be deleted, and this phone will not know it any more."),
    "forget linked": _("Bookings stay, and the private link still works."),
    "forget unlinked": _("Bookings stay, but reminders cannot reach this chat any more."),
    "forget all": _("To delete everything that is kept, write “my data” in the chat."),
    "forget yes": _("Forget it"),
    "forgotten": _("Done. This phone does not know the chat any more."),
    "lost": _("This chat is not open on this phone any more. Here is what was written, so that it is not lost:"),
    "full": _("Many people came at once. Please try again in a few minutes."),
    "not found": _("There is nothing here."),
    "trouble": _("Something went wrong on our side. Please try again in a minute."),
    "to chat": _("To the chat"),
}

STAGE: Mapping[str, Text] = {
    "title": _("Putokaz on stage"),
    "lead": _("Three phones, one town, and a clock that can be moved. Everyone here is invented."),
    "now": _("It is now"),
    "move": _("Move the clock"),
    "hour": _("+ 1 hour"),
    "day": _("+ 1 day"),
    "week": _("+ 1 week"),
    "next": _("To the next reminder"),
    "no next": _("No reminder is planned yet. Book something first."),
    "moved": _("The clock has been moved."),
    "alone": _("Only the chat"),
    "privacy": _("Privacy"),
    "language": _("Language"),
    "try": _("Try this"),
    "new": _("New message"),
    "phones": _("The three phones"),
    "young": _("A young person"),
    "young hint": _("“What is on”, choose, book. Then move the clock."),
    "parent": _("A parent"),
    "parent hint": _("Reminders about the child come here, with “can't come”."),
    "staff": _("A coordinator"),
    "staff hint": _("Write /new for an internship call, then send the news to everyone."),
    "demo": _("DEMO"),
}

GO: Mapping[str, Text] = {
    "house": _("Putokaz"),
    "free": _("✅ Free of charge"),
    "place": _("📍 {place}"),
    "next": _("🗓 {when}"),
    "until": _("Apply until {when}"),
    "held by": _("Held by: {organisation}"),
    "invented": _("(The dates are an invented example.)"),
    "over": _("This is over, or takes nobody new. Something else may be on:"),
    "unknown": _("There is nothing under this address any more. But this is the right place to look around:"),
    "how": _("How would you like to write to us?"),
    "no app": _("Here, without an app"),
    "opens": _("If an app does not open, it is not on this phone. Then take “Here, without an app”."),
    "nobody": _("Looking here leaves no trace: nothing about you is kept."),
    "book": _("Answers and rights"),
    "source": _("Source: {source}, {date}"),
    "past": _("This is over, or does not take place."),
    "language": _("Language"),
}
"""The page that codes on posters lead to."""

GROUPS: Mapping[str, Mapping[str, Text]] = {
    "chat": CHAT,
    "notice": NOTICES,
    "plain": PLAIN,
    "stage": STAGE,
    "go": GO,
}


@lru_cache(maxsize=32)
def words(group: str, tag: str) -> Mapping[str, str]:
    """All words of a group in one language. Raises KeyError for a group or language that is not there."""
    speak = tongue(tag).speak
    return MappingProxyType({name: speak(text) for name, text in GROUPS[group].items()})
