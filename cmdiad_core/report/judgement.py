"""What a person said of a part."""

from dataclasses import dataclass
from datetime import datetime

from cmdiad_core.inspection import Verdict


@dataclass(frozen=True)
class Judgement:
    """A person's verdict, as a report shows it beside that of the model.

    Parameters
    ----------
    verdict : Verdict
        What the person decided; undecided where they were unsure.
    who : str
        Their name.
    when : datetime
        With its time zone; reports give it in UTC.
    comment : str
        May be empty.
    """

    verdict: Verdict
    who: str
    when: datetime
    comment: str = ""
