"""What people said of a part."""

from dataclasses import dataclass
from datetime import datetime

from cmdiad_core.inspection import Verdict


@dataclass(frozen=True)
class Judgement:
    """A person's verdict or comment, as a report shows it beside what the model says.

    Parameters
    ----------
    verdict : Verdict or None
        What the person decided; undecided where they were unsure. None where they only
        commented.
    who : str
        Their name.
    when : datetime
        With its time zone; reports give it in UTC.
    comment : str
        May be empty.
    """

    verdict: Verdict | None
    who: str
    when: datetime
    comment: str = ""
