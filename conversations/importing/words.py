"""Texts about spreadsheets that are taken over: kinds of tables, heads of their columns, what can be wrong."""

from __future__ import annotations

from collections.abc import Mapping

from conversations.speech import Text, _

KINDS: Mapping[str, Text] = {
    "meetings": _("📅 Meetings and series"),
    "calls": _("💼 Internships, jobs, training"),
    "grants": _("💶 Grants"),
    "seats": _("🖥 Seats by the hour"),
    "services": _("🗓 Appointments with professionals"),
    "hours": _("🕓 Hours of professionals"),
    "answers": _("ℹ️ Answers"),
    "surveys": _("📋 Surveys"),
    "sites": _("🏠 Places"),
}
"""Kinds of tables, as buttons."""

QUESTIONS = range(1, 6)
"""The questions that a survey in a table may have."""

HEADS: Mapping[str, Text] = {
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
    "answer": _("Answer"),
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
    **{f"question{number}": _("Question {number}").of(number=number) for number in QUESTIONS},
    **{f"answered{number}": _("How it is answered {number}").of(number=number) for number in QUESTIONS},
    **{f"choices{number}": _("Answers to choose {number}").of(number=number) for number in QUESTIONS},
}
"""Heads of columns."""

REASONS: Mapping[str, Text] = {
    "missing": _("is empty"),
    "formula": _("has a formula; please write the value itself"),
    "short": _("needs at least {n} letters"),
    "long": _("is too long: at most {n} letters"),
    "number": _("should be a number from {least} to {most}"),
    "day": _("is no day that I can read; write it like 26.11.2026"),
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
    "five": _("should be a multiple of five"),
    "columns": _("this column is missing in the table"),
    "unknown": _("is no column that I know; rename it or take it out"),
}
"""What is wrong with a cell. It follows the head of its column."""

FILES: Mapping[str, Text] = {
    "type": _("That is no table that I can read. Please send it as .xlsx or .csv."),
    "large": _("That file is too large for me. At most 5 MB, please."),
    "rows": _("That table has too many rows. Please send it in parts."),
    "empty": _("There is nothing in that table."),
    "broken": _("That file does not open. Please save it again as .xlsx or .csv."),
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
}
MARKS = ("(EXAMPLE)", "(ПРИМЕР)", "(PRIMER)")
"""How the examples of a template are known again where somebody left one standing."""
LISTS = _("Lists")
"""The second sheet of a template: what may be chosen."""
EXAMPLE_ROW = _("The first row is an example: write over it.")
LISTED: tuple[Text, ...] = (_("Row"), _("Column"), _("What is wrong"))
"""Heads of the list of all that is wrong."""
