"""What a person said of a part, in words."""

from collections.abc import Iterable
from datetime import UTC, datetime

from app.text import inside, modality_title, text
from app.theme import tones
from cmdiad_core.edits import Opinion, PersonVerdict, Review
from cmdiad_core.inspection import Verdict

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def account(opinion: Opinion, model_verdict: Verdict | None, reviewer: str = "") -> str:
    """Say who gave which verdict when, and whether it contradicts the model's of now.

    `reviewer` is addressed as you.
    """
    said = opinion.verdict
    if said is None or said.verdict is None:
        return text("review.none")
    verdict, since = text(f"review.{said.verdict}"), ago(said.made_at, datetime.now(UTC))
    if said.person == reviewer:
        words = text("review.yours", verdict=verdict, ago=since)
    else:
        words = text("review.theirs", person=said.person, verdict=verdict, ago=since)
    if said.verdict.contradicts(model_verdict):
        words += text("review.disagrees")
    return words


def station_account(opinion: Opinion, aside: Iterable[str] = ()) -> str:
    """Say what a near-line station found and which modalities of it lie aside; else nothing."""
    titles = [inside(modality_title(name)) for name in sorted(aside)]
    apart = text("nearline.aside", modalities=", ".join(titles)) if titles else ""
    if opinion.nearline is None:
        return apart
    found = opinion.nearline.found
    kind = text("nearline.kind", name=found.defect_type) if found.defect_type else ""
    verdict = text(f"nearline.{found.verdict}")
    words = text("nearline.says", source=found.source, verdict=verdict, kind=kind)
    words += text("nearline.disagrees") if opinion.in_conflict else ""
    return f"{words} · {apart}" if apart else words


def station_taken_in(opinion: Opinion) -> str:
    """Say who took in what a near-line station found, and when; empty where none did."""
    if (result := opinion.nearline) is None:
        return ""
    since = ago(result.made_at, datetime.now(UTC))
    return text("nearline.by", person=result.person, ago=since)


def station_sign(opinion: Opinion) -> tuple[str, str] | None:
    """Return name and colour of the icon where a station's result, or a conflict, is to be seen."""
    result = opinion.nearline
    if opinion.in_conflict:
        return "nearline-conflict", tones().undecided
    if result is None or result.found.verdict is None or opinion.verdict is not None:
        return None
    return f"nearline-{result.found.verdict}", tones().review(result.found.verdict)


def commented(comment: Review | None, reviewer: str) -> str:
    """Say who commented when; empty where nobody did."""
    if comment is None or not comment.comment:
        return ""
    since = ago(comment.made_at, datetime.now(UTC))
    if comment.person == reviewer:
        return text("review.comment.yours", ago=since)
    return text("review.comment.theirs", person=comment.person, ago=since)


def sign(verdict: PersonVerdict | None) -> str:
    """Return the name of the icon: a square, so that nobody takes it for the model's."""
    return "person-none" if verdict is None else f"person-{verdict}"


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago something was, as people say it."""
    seconds = (now - moment).total_seconds()
    if seconds < _MINUTE:
        return text("ago.now")
    if seconds < _HOUR:
        return text("ago.minutes", count=int(seconds // _MINUTE))
    if seconds < _DAY:
        return text("ago.hours", count=int(seconds // _HOUR))
    return text("ago.date", date=f"{moment.astimezone():%Y-%m-%d %H:%M}")
