"""The language of a group: asked of everybody who reads there, chosen by an administrator of the organisation."""

from __future__ import annotations

from bot.desk import words
from bot.desk.acting import Act
from conversations.speech import Button, Say, verbatim
from models.caring import desk


def ask(act: Act) -> None:
    """Show the languages there are. Anybody may look, an administrator chooses."""
    buttons = tuple(Button(verbatim(name), f"d.l.{act.group.id}.{tag}") for tag, name in words.LANGUAGES.items())
    act.post(Say(words.WHICH_LANGUAGE, buttons))


def press(act: Act, group_id: int, tag: str) -> None:
    """A language was chosen, for the group in which the button stands."""
    if "admin" not in act.roles:
        act.show(words.ADMINS)
        return
    if group_id != act.group.id or not act.arrival.place or tag not in words.LANGUAGES:
        act.show(words.OVER)
        return
    desk.speak_in(act.doing.session, act.group, tag)
    act.doing.audit("desk_language", f"group {act.group.id}", tag=tag)
    act.post(Say(words.FROM_NOW_ON))
