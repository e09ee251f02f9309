"""The full privacy text: what is kept, why, how long, who sees it, and what anybody may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.speech import Text, _


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its sentences."""

    heading: Text
    sentences: tuple[Text, ...]


TITLE = _("Privacy, in plain words")
INTRO = _("Putokaz helps to find, book and remember things that exist for you. It keeps as little as it can.")

SECTIONS = (
    Section(
        _("Who is responsible"),
        (
            _("The organisation whose activities you book is responsible. Its name stands on every activity."),
            _("Questions? Write “person” in the chat. Somebody from the team answers."),
        ),
    ),
    Section(
        _("What we keep, and why"),
        (
            _("Language, age group and town: to show what fits. We never ask for a date of birth."),
            _("The number of your chat: to be able to answer and to remind."),
            _("Interests, if you choose any: to tell you when something new fits."),
            _("Bookings and whether somebody came: to hold the place and to plan."),
            _("Applications for calls and grants: to decide about them, and to tell you the result."),
            _("Messages to the team, photos and voice notes: so that a person can answer."),
            _("Consents, with their wording, day and channel: to be able to show that they were given."),
        ),
    ),
    Section(
        _("What we never ask for"),
        (
            _("We do not ask where your family comes from, what you believe, or about your health."),
            _("We do not show advertisements, sell nothing, and use no services of others on this page."),
        ),
    ),
    Section(
        _("How long we keep it"),
        (
            _("Messages of this web chat: 30 days. Photos and files that are passed on: 2 days."),
            _("How two chats became one person, so that it can be undone: 30 days. Files for Viber: 1 day."),
            _("What a child told us before a parent agreed: 7 days."),
            _("Questions for a lesson: 2 weeks after it. What suits you: 30 days. Whose feedback it was: 30 days."),
            _("What a tutor wrote on how the learning goes: half a year after the lesson."),
            _("Certificates: for good, so that they can be checked. Without the name, once you have us delete it."),
            _("Applications that were not chosen: 6 months at most."),
            _("Bookings: until the project has been accounted for. Then names are removed."),
            _("A record of what staff did: 24 months. Safety copies: 30 days."),
        ),
    ),
    Section(
        _("Who can see it"),
        (
            _("Only staff of the organisation that runs the activity, and only what they need. Each look is recorded."),
            _("A parent sees the child's bookings, never what the child wrote to the team."),
            _("Telegram or Viber, if you use them, can see that you write to us."),
            _("If a child is in danger, the law may oblige us to tell those who protect children."),
        ),
    ),
    Section(
        _("Children and parents"),
        (
            _("In Serbia from 15 and in Bulgaria from 14, young people decide for themselves."),
            _("Younger children may look at everything. A parent or guardian says yes before anything is booked."),
            _("Help, rights and emergency numbers are open to everyone, without anybody's consent."),
        ),
    ),
    Section(
        _("What you can do"),
        (
            _("Write “my data” in the chat: see, correct or delete everything that is kept about you."),
            _("Write “stop” in the chat: we do not write to you any more."),
            _("Every consent can be taken back at any time, as easily as it was given."),
            _("You can complain: in Serbia to the Commissioner (poverenik.rs), in Bulgaria to the CPDP (cpdp.bg)."),
        ),
    ),
    Section(
        _("This page and your phone"),
        (
            _("The web chat keeps one cookie on the phone, only to know the chat again. It ends after 90 quiet days."),
            _("“Forget this chat” deletes the messages and the cookie. “Leave quickly” hides the chat at once."),
            _("On a shared phone, use “Forget this chat” when you are done."),
        ),
    ),
)
