"""Who works with a store, and what they may do in it."""

from dataclasses import dataclass
from enum import StrEnum

#: Environment variable with the password of whoever runs a command.
PASSWORD = "CMDIAD_PASSWORD"  # noqa: S105


class Right(StrEnum):
    """Something that not everybody may do; the value says it in a sentence."""

    LABEL = "label parts"
    RETRAIN = "retrain models"
    PROMOTE = "promote models"
    SET_LIMITS = "keep limits for a model"
    DELETE = "delete anything"
    STUDY = "start blind studies"
    MANAGE = "manage users"


class Role(StrEnum):
    """What a person is in the lab."""

    TECHNICIAN = "technician"
    ENGINEER = "engineer"
    ADMINISTRATOR = "administrator"

    def may(self, right: Right) -> bool:
        """Return whether people of this role have a right."""
        return right in _RIGHTS[self]


_RIGHTS = {
    Role.TECHNICIAN: {Right.LABEL},
    Role.ENGINEER: {Right.LABEL, Right.RETRAIN, Right.PROMOTE, Right.SET_LIMITS, Right.STUDY},
    Role.ADMINISTRATOR: set(Right),
}


@dataclass(frozen=True, slots=True)
class User:
    """A person whom a store knows.

    Parameters
    ----------
    name : str
        As in the journal.
    role : Role
        What they are now.
    active : bool
        Whether they still work there; who does not may only look.
    """

    name: str
    role: Role
    active: bool = True
