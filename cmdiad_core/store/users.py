"""The people of a store, their roles and passwords."""

import hashlib
from typing import Any

import sqlalchemy as sa

from cmdiad_core.content import storable
from cmdiad_core.errors import InputError
from cmdiad_core.people import Right, Role, User
from cmdiad_core.store import _passwords, audit
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
        self.database = database

    def all(self) -> list[User]:
        """Return everybody, by name."""
        with self.database.reading() as connection:
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
            `by` may not, no administrator would be left, or the name could be mistaken.
        """
        with self.database.writing() as connection:
            require(connection, by, Right.MANAGE)
            known = {one.name: one for one in _all(connection)}
            before = known.get(user.name)
            after = known | {user.name: user}
            if not any(one.active and one.role is Role.ADMINISTRATOR for one in after.values()):
                raise InputError(user.name, "cannot be so; a store needs an active administrator")
            name = storable(user.name)
            if before is None:
                if not name or name != name.strip() or not name.isprintable():
                    problem = (
                        "is no name for a user: empty, with spaces around it or unseen characters"
                    )
                    raise InputError(repr(name), problem)
                change: sa.Insert | sa.Update = users.insert()
            else:
                change = users.update().where(users.c.name == name)
            row = {"name": name, "role": user.role, "active": user.active}
            _write(connection, change.values(row), name, by, reason)

    def set_password(self, name: str, password: str, by: str, reason: str = "") -> None:
        """Set the password of a person, or take it away.

        Parameters
        ----------
        name : str
            Whose.
        password : str
            Empty for none.
        by, reason : str
            Who says so, the person or somebody who manages users, and why.

        Raises
        ------
        InputError
            `by` may not, or there is no such person.
        """
        with self.database.writing() as connection:
            _find(connection, name)
            if name != by:
                require(connection, by, Right.MANAGE)
            kept = _passwords.kept(password) if password else None
            change = users.update().where(users.c.name == storable(name))
            _write(connection, change.values(password=kept), storable(name), by, reason)

    def has_password(self, name: str) -> bool:
        """Return whether a person must say a password."""
        with self.database.reading() as connection:
            row = _row(connection, storable(name))
            return row is not None and row["password"] is not None

    def check(self, name: str, password: str = "") -> User:
        """Return a person who says who they are; the trail tells of it where a password counts.

        Raises
        ------
        InputError
            There is no such person, they are no longer active, or the password is wrong.
        """
        with self.database.reading() as connection:
            user = _find(connection, name)
            row = _row(connection, storable(name))
        if not user.active:
            raise InputError(name, "is no longer active; ask an administrator")
        if row is None or row["password"] is None:
            return user
        is_right = _passwords.fits(password, row["password"])
        with self.database.writing() as connection:
            action = "sign_in" if is_right else "refused_sign_in"
            audit.record(connection, person=name, action=action, subject=name)
        if not is_right:
            raise InputError(name, "has another password; try again, or ask an administrator")
        return user

    def may(self, person: str, right: Right) -> bool:
        """Return whether a person has a right."""
        with self.database.reading() as connection:
            return _problem(connection, person, right) is None


def require(connection: sa.Connection, person: str, right: Right) -> None:
    """Refuse what a person may not do.

    Raises
    ------
    InputError
        The person lacks the right.
    """
    if (problem := _problem(connection, person, right)) is not None:
        raise InputError(person or "whoever works here", problem)


def _problem(connection: sa.Connection, person: str, right: Right) -> str | None:
    known = _all(connection)
    found = next((one for one in known if one.name == storable(person)), None)
    if known and not person:
        return f"must sign in before they may {right}"
    if not known or (found is not None and found.active and found.role.may(right)):
        return None
    if found is None:
        return f"is no user of this store and may not {right}; ask an administrator"
    if not found.active:
        return f"is no longer active and may not {right}; ask an administrator"
    others = [role for role in Role if role.may(right)]
    return f"is {found.role} and may not {right}; ask an {' or '.join(others)}"


def _all(connection: sa.Connection) -> list[User]:
    columns = users.c.name, users.c.role, users.c.active
    rows = connection.execute(sa.select(*columns).order_by(users.c.name))
    return [User(name, Role(role), bool(active)) for name, role, active in rows]


def user_told(row: sa.RowMapping) -> dict[str, Any]:
    """Return what the audit trail holds of a person; of the password only whether it changed."""
    kept = row["password"]
    password = None if kept is None else hashlib.sha256(kept.encode()).hexdigest()
    return {"role": row["role"], "active": bool(row["active"]), "password": password}


def _write(
    connection: sa.Connection, change: sa.Insert | sa.Update, name: str, by: str, reason: str
) -> None:
    before = _row(connection, name)
    connection.execute(change)
    after = _row(connection, name)
    audit.record(
        connection,
        person=by,
        action="user",
        subject=name,
        reason=reason,
        before=None if before is None else user_told(before),
        after=None if after is None else user_told(after),
    )


def _row(connection: sa.Connection, name: str) -> sa.RowMapping | None:
    return connection.execute(sa.select(users).where(users.c.name == name)).mappings().first()


def _find(connection: sa.Connection, name: str) -> User:
    for one in _all(connection):
        if one.name == storable(name):
            return one
    raise InputError(name, "is no user of this store; ask an administrator")
