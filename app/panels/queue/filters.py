"""The questions by which the queue can be narrowed."""

from collections.abc import Callable

from app.entry import Entry
from app.queue_order import Filter
from app.session import Session
from app.text import inside, modality_title, text
from cmdiad_core.inspection import Verdict
from cmdiad_core.modalities import modalities


def filters(session: Session, reviewer: Callable[[], str]) -> list[Filter]:
    """Return every filter that can keep a part of this queue, for the person `reviewer` names."""
    return [
        *_by_verdict(session),
        *_by_review(session, reviewer),
        Filter("learned_from", text("filter.learned_from"), session.learned_from),
        *_by_lack(session),
        *_by_defect(session),
    ]


def _by_verdict(session: Session) -> list[Filter]:
    def judged(*wanted: Verdict) -> Callable[[Entry], bool]:
        return lambda entry: session.verdict(entry) in wanted

    return [
        Filter("flagged", text("filter.flagged"), judged(Verdict.REJECT, Verdict.UNDECIDED)),
        *(Filter(str(v), text(f"verdict.{v}"), judged(v)) for v in Verdict),
        Filter("unreadable", text("filter.unreadable"), lambda entry: bool(entry.problem)),
    ]


def _by_review(session: Session, reviewer: Callable[[], str]) -> list[Filter]:
    def unjudged(entry: Entry) -> bool:
        said = session.reviews.of(entry.part.id)
        return said.is_open and not said.in_conflict

    def without_yours(entry: Entry) -> bool:
        said = session.reviews.of(entry.part.id).verdict
        return said is None or said.verdict is None or said.person != reviewer()

    def disputed(entry: Entry) -> bool:
        said = session.reviews.verdict(entry.part.id)
        return said is not None and said.contradicts(session.verdict(entry))

    def in_conflict(entry: Entry) -> bool:
        return session.reviews.of(entry.part.id).in_conflict

    return [
        Filter("unjudged", text("filter.unjudged"), unjudged),
        Filter("without_yours", text("filter.without_yours"), without_yours),
        Filter("disputed", text("filter.disputed"), disputed),
        Filter("nearline", text("filter.nearline"), in_conflict),
    ]


def _by_lack(session: Session) -> list[Filter]:
    # Few, of however many parts.
    patterns = {tuple(entry.part.files) for entry in session.entries.values()}

    def lacks(name: str) -> Callable[[Entry], bool]:
        return lambda entry: name not in entry.part.files

    return [
        Filter(f"without:{name}", text("filter.without", modality=title), lacks(name))
        for name, title in ((name, inside(modality_title(name))) for name in modalities())
        if len({name in pattern for pattern in patterns}) == 2
    ]


def _by_defect(session: Session) -> list[Filter]:
    known = {entry.part.defect_type for entry in session.entries.values()} - {""}
    types = sorted(known | session.reviews.all_types())

    def has(name: str) -> Callable[[Entry], bool]:
        return lambda entry: (
            entry.part.defect_type == name or name in session.reviews.types(entry.part.id)
        )

    return [Filter(f"type:{t}", text("filter.type", name=t), has(t)) for t in types]
