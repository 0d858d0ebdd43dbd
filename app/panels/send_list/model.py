"""Which parts of the queue can be sent near-line, and why one should, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.entry import Entry
from app.session import Session
from app.text import inside, modality_title, number, text
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.inspection import Verdict

if TYPE_CHECKING:
    from cmdiad_core.scoring import Doubt
    from cmdiad_core.workflows.nearline_choice import Sent

#: With fewer accepted parts, shares of them say little.
_FEW = 10


class LeftOut(StrEnum):
    """Why a part is not among those to choose from; the first that holds counts."""

    WAITING = "waiting"
    FAILED = "failed"
    LEARNED = "learned"
    MEASURED = "measured"
    STOPPED = "stopped"
    REJECT = "reject"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Pool:
    """The parts of a queue that can be sent.

    Parameters
    ----------
    doubts : list of Doubt
        What is known of them.
    left_out : Counter of LeftOut
        How many others there are, and why they are left out.
    """

    doubts: list[Doubt]
    left_out: Counter[LeftOut]

    @classmethod
    def of(cls, session: Session) -> Pool:
        """Return what can be sent of the queue of now, under the limits of now."""
        found = [(entry, _reason(session, entry)) for entry in session.entries.values()]
        doubts = [entry.doubt for entry, reason in found if reason is None and entry.doubt]
        return cls(doubts, Counter(reason for _, reason in found if reason is not None))

    @property
    def counts(self) -> str:
        """How many can be sent and how many not, and why, in a sentence."""
        total = len(self.doubts) + self.left_out.total()
        said = [text("send_list.pool", count=len(self.doubts), total=total)]
        said += [
            text(f"send_list.left_out.{reason}", count=self.left_out[reason])
            for reason in LeftOut
            if self.left_out[reason]
        ]
        return " · ".join(said)

    def caution(self, budget: int) -> str:
        """Return what to mind of the list; empty where there is nothing."""
        count = len(self.doubts)
        if not count:
            return text("send_list.nothing")
        if count < _FEW:
            return text("send_list.few", count=count)
        return text("send_list.all_fit", count=count) if count <= budget else ""


def why(sent: Sent) -> str:
    """Say why a part should be measured near-line."""
    doubt = sent.doubt
    told = [
        text("send_list.predicted", modality=inside(modality_title(name)), score=number(score))
        for name, score in doubt.predicted.items()
    ]
    told.append(text("send_list.measured", score=number(doubt.without_predictions)))
    values = {
        "score": number(doubt.score),
        "limit": number(sent.limits.accept_below),
        "compared": ", ".join(told),
    }
    said = [
        text(f"send_list.why.{reason.name.lower()}", share=100 * sent.shares[reason], **values)
        for reason in sent.reasons
    ]
    return "\n".join([*said, text("send_list.why.like", part=sent.like)] if sent.like else said)


def _reason(session: Session, entry: Entry) -> LeftOut | None:
    if entry.waiting:
        return LeftOut.WAITING
    if entry.problem:
        return LeftOut.FAILED
    opinion, verdict = session.reviews.of(entry.part.id), session.verdict(entry)
    if session.learned_from(entry):
        return LeftOut.LEARNED
    if opinion.nearline is not None:
        return LeftOut.MEASURED
    if opinion.verdict is not None and opinion.verdict.verdict is PersonVerdict.REJECT:
        return LeftOut.STOPPED
    return None if verdict is Verdict.ACCEPT else LeftOut(str(verdict))
