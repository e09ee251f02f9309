"""What people are told unasked about surveys, votes and what they proposed."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.facts.asking import Asked
from conversations.speech import Button, Joined, Moment, Say, Text, Value, Words, _, lines, n_, verbatim

ANSWER = _("✍️ Answer")
VOTE = _("🗳 Vote")
NO_QUESTIONS = _("No questions please")
WAYS = Button(NO_QUESTIONS, "w.no_questions", quiet=True)

FACES: dict[str, Text] = {"good": _("😊 Good"), "so_so": _("😐 So-so"), "bad": _("🙁 Not good")}

ANONYMOUS = _("Without a name: nobody can tell whose answers these are.")
NAMED = _("Your name stands beside the answers. Only the team sees them.")


def whose(anonymous: bool) -> Text:
    """Whether a name stands beside the answers."""
    return ANONYMOUS if anonymous else NAMED


def invitation(title: Words, organisation: Words, questions: int, *, anonymous: bool, answer: Button) -> Say:
    """Somebody is asked to answer a few questions."""
    asks = n_("❓ “{title}”: {n} short question.", "❓ “{title}”: {n} short questions.").of(n=questions, title=title)
    return Say(
        lines(asks, whose(anonymous), _("— {organisation}").of(organisation=organisation)),
        (answer, WAYS),
    )


def label(question: Asked, key: str) -> Text:
    """What an answer that was chosen is called."""
    if question.kind == "faces":
        return FACES.get(key, verbatim(key))
    words = dict(question.choices).get(key)
    return _("{words}").of(words=words) if words else verbatim(key)


def counts(question: Asked, counted: Sequence[tuple[str, int]]) -> Text:
    """How often each thing was said."""
    parts: tuple[Value, ...] = tuple(
        _("{label}: {n}").of(label=label(question, key), n=n) for key, n in counted if n or question.kind != "number"
    )
    return lines(_("❓ {question}").of(question=question.text), _("{counts}").of(counts=Joined(parts)))


def results(title: Words, answered: int, told: Sequence[tuple[Asked, Sequence[tuple[str, int]]]]) -> Text:
    """What a survey came to, for those who were asked: counts alone."""
    thanks = n_(
        "📊 You were asked about “{title}”. {n} person answered:",
        "📊 You were asked about “{title}”. {n} people answered:",
    )
    return lines(thanks.of(n=answered, title=title), *(counts(question, counted) for question, counted in told))


def vote_opened(question: Words, club: Words, until: Moment, button: Button) -> Say:
    """Members are asked to vote."""
    return Say(
        lines(
            _("🗳 {club}: a vote").of(club=club) if club else _("🗳 A vote"),
            _("{question}").of(question=question),
            _("Until: {when}").of(when=until),
        ),
        (button,),
    )


def votes_opened(club: Words, many: int, votes: Sequence[tuple[Words, Moment]], buttons: Sequence[Button]) -> Say:
    """Members are asked to vote on so many things at once; `votes` are those that are told of."""
    return Say(
        lines(
            n_("🗳 {club}: {n} vote", "🗳 {club}: {n} votes").of(club=club, n=many),
            *(_("• {question} · until {when}").of(question=question, when=until) for question, until in votes),
        ),
        tuple(buttons),
    )


def vote_ended(question: Words, best: Sequence[Value], button: Button) -> Say:
    """Told to those who may know it when a vote has ended."""
    first = _("✅ Most votes: {best}").of(best=Joined(tuple(best), "and")) if best else _("Nobody has voted.")
    return Say(lines(_("🗳 The vote has ended: {question}").of(question=question), first), (button,))


def proposal_decided(words: str, club: Words, *, accepted: bool) -> Text:
    """Told to the member who proposed it."""
    if accepted:
        return _("👍 “{words}”: the team likes it. It comes to a vote in the club.").of(words=words)
    return _("Thank you for “{words}”. It does not work out this time in {club}.").of(words=words, club=club)


def new_in_box(n: int, button: Button) -> Say:
    """Told to staff once a day, and never at the moment when something was put in."""
    return Say(n_("📮 {n} new thing in the boxes.", "📮 {n} new things in the boxes.").of(n=n), (button,))


def proposals_wait(club: Words, n: int, button: Button) -> Say:
    """Told to staff once a day, as long as something that members proposed was not decided."""
    waits = n_("💡 {club}: {n} proposal waits for the team.", "💡 {club}: {n} proposals wait for the team.")
    return Say(waits.of(n=n, club=club), (button,))


PROPOSALS = _("💡 Proposals")
LOOK_IN = _("Open the boxes")
SEE = _("See")
REPORT = _("See the results")
ENDED = _("📊 “{title}” has ended: {n} answers.")
