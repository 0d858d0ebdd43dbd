"""Whom the store knows, and who of them works in the window."""

from collections.abc import Sequence

from psygnal import Signal

from app.settings import Settings
from cmdiad_core.people import Right, User


class People:
    """Evented state without Qt.

    Parameters
    ----------
    settings : Settings
        Gives everything its person.

    Attributes
    ----------
    changed : Signal
        Other people, or somebody else signed in.
    users : tuple of User
        Everybody; empty where everybody may do everything.
    password : str
        What whoever signed in said, for commands in their name; empty where nothing was asked.
    """

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.users: tuple[User, ...] = ()
        self.password = ""

    @property
    def user(self) -> User | None:
        """Who signed in."""
        return next((one for one in self.users if one.name == self._settings.signed_in), None)

    def may(self, right: Right) -> bool:
        """Return whether whoever works here has a right."""
        user = self.user
        return not self.users or (user is not None and user.active and user.role.may(right))

    def take(self, users: Sequence[User], signed_in: str | None) -> None:
        """Take what the store knows, and who signed in."""
        now = (tuple(users), signed_in)
        if signed_in != self._settings.signed_in:
            self.password = ""
        if now != (self.users, self._settings.signed_in):
            self.users, self._settings.signed_in = now
            self.changed.emit()
