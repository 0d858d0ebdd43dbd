"""The people of a store and their roles."""

import sqlalchemy as sa

from cmdiad_core.errors import InputError
from cmdiad_core.people import Right, Role, User
from cmdiad_core.store import audit
from cmdiad_core.store.content import storable
from cmdiad_core.store.database import Database
from cmdiad_core.store.schema import users


class Users:
    """Whom a store knows.

    A store without users lets everybody do everything: who works alone needs none. From the first
    one on, who is not among them may only look.

    Parameters
    ----------
    database : Database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[User]:
        """Return everybody, by name."""
        with self._database.reading() as connection:
            return _all(connection)

    def put(self, user: User, by: str, reason: str = "") -> None:
        """Add a person or change what they are.

        Parameters
        ----------
        user : User
            As they are from now on.
        by : str
            Who says so.
        reason : str
            Why, for the audit trail.

        Raises
        ------
        InputError
            `by` may not, or no administrator would be left.
        """
        with self._database.writing() as connection:
            require(connection, by, Right.MANAGE)
            known = {one.name: one for one in _all(connection)}
            before = known.get(user.name)
            after = known | {user.name: user}
            if not any(one.active and one.role is Role.ADMINISTRATOR for one in after.values()):
                raise InputError(user.name, "cannot be so; a store needs an administrator")
            row = {"name": storable(user.name), "role": user.role, "active": user.active}
            if before is None:
                connection.execute(users.insert().values(row))
            else:
                connection.execute(users.update().where(users.c.name == row["name"]).values(row))
            audit.record(
                connection,
                person=by,
                action="user",
                subject=user.name,
                reason=reason,
                before=None if before is None else _content(before),
                after=_content(user),
            )

    def may(self, person: str, right: Right) -> bool:
        """Return whether a person has a right."""
        with self._database.reading() as connection:
            return _problem(connection, person, right) is None


def require(connection: sa.Connection, person: str, right: Right) -> None:
    """Refuse what a person may not do.

    Raises
    ------
    InputError
        The person lacks the right.
    """
    if (problem := _problem(connection, person, right)) is not None:
        raise InputError(person, problem)


def _problem(connection: sa.Connection, person: str, right: Right) -> str | None:
    known = _all(connection)
    found = next((one for one in known if one.name == storable(person)), None)
    if not known or (found is not None and found.active and found.role.may(right)):
        return None
    if found is None:
        return f"is no user of this store and may not {right}; ask an administrator"
    if not found.active:
        return f"is no longer active and may not {right}; ask an administrator"
    others = [role for role in Role if role.may(right)]
    return f"is {found.role} and may not {right}; ask an {' or '.join(others)}"


def _all(connection: sa.Connection) -> list[User]:
    rows = connection.execute(sa.select(users).order_by(users.c.name))
    return [User(name, Role(role), bool(active)) for name, role, active in rows]


def _content(user: User) -> dict[str, object]:
    return {"role": user.role, "active": user.active}
