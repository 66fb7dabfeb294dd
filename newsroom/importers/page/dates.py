"""When a page says it was published: « [Article publié le mercredi 13 septembre à 09H44 et mis à jour à 15H41] ».

Such a line often gives no year. The weekday and the comments' dates do: the year is the latest one in which that day
falls on that weekday, not after the first comment (without comments: not after the import).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import MINYEAR, date, datetime, time, timedelta

import dateparser
from dateparser.data.languages_info import language_order
from django.utils import timezone, translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from newsroom.importers.page.layout import Line
from newsroom.importers.source import RefusedArticle
from newsroom.moments import has_room

_DAY = (
    r"(?:(?P<weekday{n}>[^\W\d_]{{3,12}}\.?),?\s+)?"
    r"(?P<day{n}>\d{{1,2}}(?:er|st|nd|rd|th)?\s+[^\W\d_]{{3,10}}\.?(?:,?\s+\d{{4}})?"
    r"|[^\W\d_]{{3,10}}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|\d{{1,2}}/\d{{1,2}}/\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})"
)
_TIME = r"(?P<hour{n}>\d{{1,2}})\s*(?:h|:|heures?)\s*(?P<minute{n}>\d{{2}})?\s*(?P<half{n}>[ap]\.?m\b\.?)?"
_AT = r"\s*(?:,|à|at|-|–)?\s*"
_MENTION = re.compile(
    r"(?:(?:article|text|texte)\s+)?(?P<verb>publiée?|mis\sen\sligne|published)\s*(?:le|on)?\s+"
    + _DAY.format(n=1)
    + "(?:" + _AT + _TIME.format(n=1) + ")?"
    + r"(?P<update>[\s,;|.–-]*(?:et|and)?\s*(?:(?:a\sété|was|last)\s+)?"
    + r"(?:mise?\sà\sjour|updated|modifiée?)\s*:?\s*(?:le|on)?\s*(?:"
    + _DAY.format(n=2)
    + ")?(?:" + _AT + _TIME.format(n=2) + r")?)?[\s.]*",
    re.IGNORECASE,
)  # fmt: skip
_BRACKET = re.compile(
    r"\[\s*(?P<words>[^\[\]]{0,60}?\b(?:publiée?|mis\sen\sligne|published)\b[^\[\]]{0,240})\]\s*", re.IGNORECASE
)
# A comment may be older than the page's own minute by the width of a clock, never by more than a day.
_TOLERANCE = timedelta(days=1)
# A wrong weekday lands a year too early at least: a gap that wide is a contradiction, not a slow discussion.
_WIDEST_GAP = timedelta(days=180)
_YEARS_BACK = 12
# The 29th of February is a day in it.
_LEAP_YEAR = 2024
_MENTION_MAX = 300


@dataclass(frozen=True, slots=True)
class Mention:
    """Where the page tells its dates: the index of the line, its match, and the line's text without the mention."""

    index: int
    line: int
    match: re.Match[str]
    rest: str

    @property
    def opens_the_body(self) -> bool:
        return bool(self.rest)

    @property
    def language(self) -> str:
        return "en" if self.match["verb"].lower() == "published" else "fr"


def find_mention(lines: Sequence[Line]) -> Mention:
    """Raises RefusedArticle: no mention, or one that cannot be understood."""
    for index, line in enumerate(lines):
        if bracket := _BRACKET.search(line.text):
            match = _MENTION.fullmatch(bracket["words"].strip())
            if match is None:
                raise RefusedArticle(
                    _("The date of publication cannot be understood: “%(words)s”.") % {"words": bracket["words"][:120]},
                    line.number,
                )
            return Mention(index, line.number, match, _BRACKET.sub("", line.text, count=1).strip())
        if len(line.text) <= _MENTION_MAX and (match := _MENTION.fullmatch(line.text)):
            return Mention(index, line.number, match, "")
    first = lines[0].number if lines else 1
    raise RefusedArticle(_("The page does not say when it was published: “[Article publié le …]” is missing."), first)


def dates_of(mention: Mention, *, first_comment: date | None, read_at: datetime) -> tuple[datetime, datetime | None]:
    """Published and updated, in the site's zone. Raises RefusedArticle."""
    today = timezone.localtime(read_at).date()
    day = _day(mention, "1", latest=first_comment + _TOLERANCE if first_comment else today)
    if first_comment and not _has_year(mention.match["day1"]) and first_comment - day > _WIDEST_GAP:
        raise RefusedArticle(
            _("No year near its comments (%(year)s) has a %(words)s: write the year, or correct the weekday.")
            % {"year": first_comment.year, "words": f"{mention.match['weekday1']} {mention.match['day1']}"},
            mention.line,
        )
    published_at = _aware(day, _clock(mention, "1"))
    return published_at, _updated_at(mention, published_at)


def _updated_at(mention: Mention, published_at: datetime) -> datetime | None:
    if not mention.match["update"]:
        return None
    published_on = timezone.localtime(published_at).date()
    if not mention.match["day2"]:
        updated_at = _aware(published_on, _clock(mention, "2"))
        return updated_at if updated_at >= published_at else updated_at + timedelta(days=1)
    # An update of January belongs to an article of December.
    day = _day(mention, "2", latest=published_on + timedelta(days=300))
    return _aware(day, _clock(mention, "2"))


def _day(mention: Mention, n: str, *, latest: date) -> date:
    words, weekday = mention.match[f"day{n}"], (mention.match[f"weekday{n}"] or "").rstrip(".").lower()
    day = _parsed(words if _has_year(words) else f"{words} {_LEAP_YEAR}")
    days = list(_in_years_before(day, latest)) if day and not _has_year(words) else [day]
    fitting = [day for day in days if day and (not weekday or _falls_on(day, weekday, mention.language))]
    if not fitting:
        raise RefusedArticle(_unfit(any(days)) % {"words": f"{weekday} {words}".strip()}, mention.line)
    return fitting[0]


def _in_years_before(told: date, latest: date) -> Iterator[date]:
    """The same day of these years, the latest first. Words are parsed once: that takes most of a page's reading."""
    for year in range(latest.year, max(MINYEAR, latest.year - _YEARS_BACK), -1):
        with suppress(ValueError):
            day = told.replace(year=year)
            if day <= latest:
                yield day


def _unfit(is_a_day: bool) -> str:
    if is_a_day:
        return _("No year makes “%(words)s” fall on that weekday: correct the weekday or the year.")
    return _("The date of publication cannot be understood: “%(words)s”.")


def _has_year(words: str) -> bool:
    return bool(re.search(r"\d{4}", words))


def date_in_words(words: str, *, language: str = "fr") -> datetime | None:
    """A day, month and year in French, English or `language`, with or without an hour; naive unless a zone is named.

    None where it is not certain: 10/11/2026 of an English page may be of October or of November.
    """
    if len(words) > _MENTION_MAX or (language == "en" and _is_ambiguous(words)):
        return None
    order = "YMD" if re.match(r"\d{4}-", words) else "DMY"
    settings = {"DATE_ORDER": order, "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    languages = [one for one in dict.fromkeys([language, "fr", "en"]) if one in language_order]
    found = dateparser.parse(words, languages=languages, settings=settings)
    return found if found and has_room(found) else None


def _is_ambiguous(words: str) -> bool:
    parts = re.search(r"\b(\d{1,2})/(\d{1,2})/\d{4}\b", words)
    return parts is not None and parts[1] != parts[2] and max(int(parts[1]), int(parts[2])) <= 12


def _parsed(words: str) -> date | None:
    found = date_in_words(" ".join(words.replace(".", "").split()))
    return found.date() if found else None


def _falls_on(day: date, weekday: str, language: str) -> bool:
    with translation.override(language):
        return str(WEEKDAYS[day.weekday()]).lower().startswith(weekday)


def _clock(mention: Mention, n: str) -> time:
    hour, half = int(mention.match[f"hour{n}"] or 0), (mention.match[f"half{n}"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        return time(hour, int(mention.match[f"minute{n}"] or 0))
    except ValueError as error:
        raise RefusedArticle(
            _("There is no such hour: “%(words)s”.") % {"words": mention.match[0]}, mention.line
        ) from error


def _aware(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())
