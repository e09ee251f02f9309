"""Words that searches understand beside those of the listings: days, kinds, and words that mean nothing."""

from __future__ import annotations

from bot.language.fold import fold


def _keys(*words: str) -> frozenset[str]:
    return frozenset(key for word in words for one in word.split() if (key := fold(one)))


WEEKDAYS: tuple[frozenset[str], ...] = (
    _keys("понедељак понедељка понедељком", "понеделник понеделника понеделници", "monday mondays"),
    _keys("уторак уторка уторком", "вторник вторника вторници", "tuesday tuesdays"),
    _keys("среда среду средом сриједа сриједу", "сряда срядата sriada", "wednesday wednesdays"),
    _keys(
        "четвртак четвртка четвртком",
        "четвъртък четвъртъка четвъртъци chetvurtuk chetvurtak chetvartuk",
        "thursday thursdays",
    ),
    _keys("петак петка петком", "петък петъка петъци petuk petyk", "friday fridays"),
    _keys("субота суботу суботом", "събота съботата sybota", "saturday saturdays"),
    _keys("недеља недељу недељом", "неделя неделята nedelia", "sunday sundays"),
)
"""From Monday. What sounds alike in several languages stands once for each; in Latin letters also as Bulgarians
write it on a phone."""

WEEKEND = _keys("викенд викенда викендом", "уикенд уикенда", "weekend")
TODAY = _keys("данас вечерас", "днес довечера", "today tonight")
TOMORROW = _keys("сутра", "утре", "tomorrow")

WEEK = tuple(
    (fold(this), fold(week))
    for this, week in (("ове", "недеље"), ("ове", "седмице"), ("тази", "седмица"), ("this", "week"))
)
"""Two words that mean the next seven days."""
NEXT_WEEK = tuple(
    (fold(next_one), fold(week))
    for next_ones, weeks in (
        ("следеће сљедеће наредне идуће", "недеље седмице"),
        ("следващата другата идната следната", "седмица"),
        ("next", "week"),
    )
    for next_one in next_ones.split()
    for week in weeks.split()
)
"""Two words that mean the week from next Monday on."""

EMPTY = _keys(
    "час часа часу часови часове из у на за о од до и или по са са мном с ми ме се да ли има имате хоћу желим тражим",
    "треба требају потребна потребно нешто неки нека неко где када кад код молим помоћ помоћи предмет идем учим научим",
    "в във на за от със по до и или ми ме се да ли има имате искам търся трябва нещо някой къде кога моля помощ уча",
    "предмет урок уроци",
    "a an the in on at for of to with and or i me my want need looking find something some where when help lesson",
    "lessons class classes please learn",
    "како хтео хтела волео волела бих би могу можемо може могао могла пријавим пријавити упишем уписати занима",
    "долазим дођем доћи ћу идвам ще дойда come coming немогу неможе немога",
    "заинтересован заинтересована постоји моја мој моје мене мени нас нама сам смо",
    "как мога можем може бих искаме желая запиша записвам запишете запиши интересува интересувам имам съм сме мен моя",
    "шта што дешава догађа који која које коју кога чега какав каква какво какве",
    "какво какви какъв каква кой коя кое кои става случва",
    "следећи следећа следеће следећу следећег следећих предам преда предати следващ следващия следващият следващата "
    "следващото следващи next е је ће",
    "what which who is are happens happening can do how could would like there any interested enrol enroll sign up",
)
"""Said around what is meant: they are looked for only where nothing else was written."""

KINDS: dict[str, str] = {
    "tutoring": "часови инструкције учење школа домаћи помоћ; уроци помощ учене училище домашно; tutoring school",
    "course": "курс обука; курс обучение; course",
    "workshop": "радионица радионице; работилница ателие; workshop",
    "club": "клуб дружење; клуб; club",
    "training": "обука тренинг; обучение; training",
    "seminar": "семинар предавање; семинар лекция; seminar talk",
    "event": "догађај дешавање; събитие; event",
    "visit": "посета излет; посещение екскурзия; visit trip",
    "internship": "пракса стажирање стаж; стаж практика; internship",
    "job": "посао запослење рад; работа; job work",
    "grant": "подршка опрема новац грант; помощ оборудване пари грант; grant money equipment",
    "appointment": "термин саветовање; записване посещение; appointment adviser",
}
"""What people call each kind of listing."""

ENDINGS = frozenset(("", "u", "a", "e", "i", "o", "om", "em", "ju", "im"))
"""What Serbian adds to the name of a town: u Boru, iz Bora, u Valjevu."""
