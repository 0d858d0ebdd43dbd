"""What is known of a part."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Truth:
    """Whether a part is defective, and who says so.

    Parameters
    ----------
    defective : bool or None
        None where nobody knows.
    by_person : bool
        A person's verdict or a near-line result says so; otherwise the folder or table that the
        part was found by.
    """

    defective: bool | None
    by_person: bool
