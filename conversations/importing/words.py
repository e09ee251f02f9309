"""Texts about spreadsheets that are taken over: kinds of tables, heads of their columns, what can be wrong."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.speech import Text, _
from conversations.staff.fields import LANGUAGES

KINDS: Mapping[str, Text] = {
    "meetings": _("📅 Meetings and series"),
    "clubs": _("🏡 Clubs with members"),
    "calls": _("💼 Internships, jobs, training"),
    "grants": _("💶 Grants"),
    "seats": _("🖥 Seats by the hour"),
    "services": _("🗓 Appointments with professionals"),
    "hours": _("🕓 Hours of professionals"),
    "answers": _("ℹ️ Answers"),
    "surveys": _("📋 Surveys"),
    "votes": _("🗳 Votes"),
    "boxes": _("📮 Boxes for questions or stories"),
    "announcements": _("📺 Programmes or events elsewhere"),
    "sites": _("🏠 Places"),
}
"""Kinds of tables, as buttons."""

QUESTIONS = range(1, 6)
"""The questions that a survey in a table may have."""

_HEADS: Mapping[str, Text] = {
    "title": _("Title"),
    "summary": _("Description"),
    "kind": _("Kind"),
    "subject": _("School subject or field"),
    "town": _("Town or village"),
    "site": _("Where exactly"),
    "day": _("Day"),
    "time": _("Time"),
    "minutes": _("Minutes"),
    "every": _("Repeats"),
    "times": _("How many times"),
    "booked": _("Booked how"),
    "places": _("Number of places"),
    "bring": _("Bring along"),
    "bands": _("Ages"),
    "criteria": _("Conditions"),
    "offered": _("What is offered"),
    "deadline": _("Until"),
    "name": _("Name"),
    "address": _("Address"),
    "seats": _("Number of seats"),
    "days": _("Weekdays"),
    "hours": _("Opening hours"),
    "turns": _("Turns a week"),
    "pages": _("Pages a week"),
    "topic": _("Topic"),
    "country": _("Country"),
    "question": _("Question"),
    "answer": _("The answer"),
    "source": _("Source"),
    "dated": _("Date of the source"),
    "review": _("Check again on"),
    "person": _("Name of the professional"),
    "profession": _("Profession"),
    "languages": _("Languages"),
    "pause": _("Minutes of pause"),
    "discreet": _("Discreet"),
    "home": _("Also at home"),
    "names": _("With names"),
    "goes_out": _("Goes out on"),
    "holidays": _("Holidays and school breaks"),
    "remind": _("Reminders"),
    "cost": _("Cost"),
    "travel_paid": _("Travel is paid back"),
    "travel": _("How travel is paid back"),
    "transport": _("Ask who needs to be fetched"),
    "trip": _("Trip: parents are asked"),
    "point": _("Meeting point"),
    "wish": _("Parents book; a line of the child"),
    "notice": _("Book, move or cancel until"),
    "horizon": _("Book how far ahead"),
    "most": _("Appointments of one person to come"),
    "gender": _("Woman or man"),
    "roles": _("Who is asked"),
    "reads": _("Languages they read"),
    "part": _("Who takes part in"),
    "people": _("People at most"),
    "options": _("What can be chosen"),
    "dates": _("Days to choose from"),
    "listing": _("Belongs to"),
    "who": _("Who can vote"),
    "shows": _("When people see how it stands"),
    "puts": _("What people put in"),
    "intro": _("What people should know before"),
    "where": _("Channel or place"),
    **{f"question{number}": _("Question {number}").of(number=number) for number in QUESTIONS},
    **{f"answered{number}": _("How it is answered {number}").of(number=number) for number in QUESTIONS},
    **{f"choices{number}": _("Answers to choose {number}").of(number=number) for number in QUESTIONS},
}
_WRITTEN = (
    "title",
    "summary",
    "cost",
    "travel",
    "question",
    "answer",
    *(f"{one}{number}" for number in QUESTIONS for one in ("question", "choices")),
)
"""Columns whose words may stand there in several languages."""

HEADS: Mapping[str, Text] = {
    **_HEADS,
    **{
        f"{key}_{language}": _("{column} ({language})").of(column=_HEADS[key], language=name)
        for key in _WRITTEN
        for language, name in LANGUAGES.items()
    },
}
"""Heads of columns."""

REASONS: Mapping[str, Text] = {
    "missing": _("is empty"),
    "formula": _("has a formula; please write the value itself"),
    "short": _("needs at least {n} letters"),
    "long": _("is too long: at most {n} letters"),
    "number": _("should be a number from {least} to {most}"),
    "day": _("is no day that I can read; write it like 26.11.2026"),
    "weekday": _("has a weekday and a date that do not fit together"),
    "spoilt": _("has a letter that did not arrive whole; please write it anew"),
    "time": _("is no time that I can read; write it like 17:00"),
    "past": _("is over already"),
    "far": _("is more than two years away"),
    "gap": _("does not exist: the clock is moved forward in that night"),
    "town": _("is no town that I know"),
    "town_near": _("is no town that I know. Perhaps: {near}"),
    "site": _("is no place that I know"),
    "site_near": _("is no place that I know. Perhaps: {near}"),
    "subject": _("is no subject that I know"),
    "subject_near": _("is no subject that I know. Perhaps: {near}"),
    "choice": _("should be one of: {known}"),
    "hours": _("should look like 16:00-20:00"),
    "there": _("is there already"),
    "twice": _("stands in this table twice"),
    "person": _("is nobody from your team that I know"),
    "person_near": _("is nobody from your team that I know. Perhaps: {near}"),
    "before": _("is before it goes out"),
    "choices": _("should be 2 to {n} answers with commas between them"),
    "as_many": _("should be the same {n} answers, in the same order"),
    "five": _("should be a multiple of five"),
    "columns": _("this column is missing in the table"),
    "unknown": _("is no column that I know; rename it or take it out"),
    "unknown_near": _("is no column that I know. Perhaps: {near}"),
    "again": _("stands there twice; one column is enough"),
    "headless": _("this column has no name above it"),
    "several": _("there are several of that name; add the town with a comma: Library, Bor"),
    "listing": _("is nothing that you have published"),
    "listing_near": _("is nothing that you have published. Perhaps: {near}"),
    "own_language": _("is your own language: it stands in the first such column already"),
    "trip": _("cannot be a trip: one booking counts for all the meetings"),
    "no_trip": _("belongs to a trip: write “Yes” there"),
    "travel": _("should be “Yes” where it is said how travel is paid back"),
    "options": _("should be 2 to {n} things with commas between them"),
    "moments": _("should be 2 to {n} days with time, with commas between: 26.11. 17:00, 27.11. 18:00"),
    "either": _("is too much: either things or days can be chosen"),
    "no_club": _("should name a club where only members can vote"),
    "week": _("should look like 9:00-12:00, or with the days: Mon, Wed 9-12; Fri 10-14"),
}
"""What is wrong with a cell. It follows the head of its column."""

FILES: Mapping[str, Text] = {
    "type": _("That is no table that I can read. Please send it as .xlsx or .csv."),
    "large": _("That file is too large for me. At most 5 MB, please."),
    "rows": _("That table has too many rows: at most {n}, please. Send it in parts."),
    "empty": _("There is nothing in that table."),
    "broken": _("That file does not open. Please save it again as .xlsx or .csv."),
    "other": _("This table belongs to “{kind}”. Please go back and choose that, or send another one."),
    "heads": _("I do not find the heads of the columns. Please use the template."),
}
"""Why a file cannot be read at all."""

EVERY: Mapping[str, Text] = {
    "once": _("once"),
    "weekly": _("every week"),
    "fortnightly": _("every two weeks"),
}
ENROLS: Mapping[str, Text] = {
    "each": _("each on its own"),
    "series": _("all at once"),
    "drop_in": _("without booking"),
}
YES_NO: Mapping[str, Text] = {"yes": _("Yes"), "no": _("No")}
NAMES: Mapping[str, Text] = {"anonymous": _("🙈 Without names"), "named": _("🙂 With names")}
COUNTRIES: Mapping[str, Text] = {"RS": _("Serbia"), "BG": _("Bulgaria"), "all": _("everywhere")}

EXAMPLES: Mapping[str, Text] = {
    "title": _("Maths for the 8th grade (EXAMPLE)"),
    "summary": _("We practise together what is hard at school."),
    "bring": _("a notebook"),
    "criteria": _("People over 18 who look for work."),
    "offered": _("Pay and travel costs."),
    "call": _("Internship in a bakery (EXAMPLE)"),
    "about_call": _("Three months with a mentor who shows everything."),
    "about_grant": _("Tools for whoever has finished the training."),
    "about_room": _("For homework, letters and looking things up."),
    "about_service": _("A talk about whatever weighs on you."),
    "about_club": _("We watch a film and talk about it."),
    "grant": _("Tools for one's own workshop (EXAMPLE)"),
    "room": _("Computers (EXAMPLE)"),
    "site": _("Library"),
    "question": _("Is it free of charge? (EXAMPLE)"),
    "answer": _("Yes, everything here is free of charge."),
    "source": _("Our own rules"),
    "service": _("Talk with a psychologist (EXAMPLE)"),
    "survey": _("How was the summer? (EXAMPLE)"),
    "asked": _("What did you like most?"),
    "choices": _("trips, sport, drawing"),
    "club": _("Film club (EXAMPLE)"),
    "cost": _("free of charge"),
    "travel": _("bring the bus tickets, it is paid on the last day"),
    "vote": _("What shall we do in May? (EXAMPLE)"),
    "box": _("Questions about school (EXAMPLE)"),
    "intro": _("Ask whatever you like. Nobody sees who asks."),
    "announcement": _("Talk about work in the region (EXAMPLE)"),
    "where": _("TV Bor, 2nd programme"),
}
MARKS = ("(EXAMPLE)", "(ПРИМЕР)", "(PRIMER)")
"""How the examples of a template are known again where somebody left one standing."""
LISTS = _("Lists")
"""The second sheet of a template: what may be chosen."""
EXAMPLE_ROW = _("The first row is an example: write over it.")
LISTED: tuple[Text, ...] = (_("Row"), _("Column"), _("What is wrong"))
"""Heads of the list of all that is wrong."""
