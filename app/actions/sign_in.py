"""Who works in the window, and who may do what."""

from app.text import text
from app.workbench import Workbench
from cmdiad_core.errors import InputError
from cmdiad_core.people import User


def read_people(bench: Workbench) -> None:
    """Take in whom the store knows; who needs no password and was here last is signed in.

    Raises
    ------
    InputError
        The store cannot be read.
    """
    from cmdiad_core.store.users import Users

    users = Users(bench.store.open().database)
    known, settings = users.all(), bench.settings
    active = {one.name for one in known if one.active}
    if not known:
        bench.people.take((), None)
    elif settings.signed_in in active:
        bench.people.take(known, settings.signed_in)
    else:
        last = settings.last_signed_in or settings.reviewer
        is_free = last in active and not users.has_password(last)
        was_out = settings.signed_in == ""
        bench.people.take(known, last if is_free else "")
        if not is_free and not was_out:
            bench.notifications.remark(text("people.sign_in_first"))


def sign_in(bench: Workbench, name: str, password: str) -> str:
    """Let a person work here; return what is against it, else nothing."""
    from cmdiad_core.store.users import Users

    try:
        users = Users(bench.store.open().database)
        users.check(name, password)
        known = users.all()
    except InputError as error:
        return str(error)
    bench.settings.last_signed_in = name
    bench.people.take(known, name)
    bench.people.password = password
    bench.notifications.remark(text("people.signed_in", name=name))
    return ""


def sign_out(bench: Workbench) -> None:
    """Let nobody work here until somebody signs in."""
    bench.settings.last_signed_in = ""
    bench.people.take(bench.people.users, "")


def put_user(bench: Workbench, user: User, reason: str) -> str:
    """Add a person or change what they are; return what is against it, else nothing."""
    from cmdiad_core.store.users import Users

    try:
        Users(bench.store.open().database).put(user, bench.settings.reviewer, reason)
        read_people(bench)
    except InputError as error:
        return str(error)
    return ""


def set_password(bench: Workbench, name: str, password: str, reason: str) -> str:
    """Set the password of a person; return what is against it, else nothing."""
    from cmdiad_core.store.users import Users

    try:
        users = Users(bench.store.open().database)
        users.set_password(name, password, bench.settings.reviewer, reason)
        if name == bench.settings.signed_in:
            bench.people.password = password
    except InputError as error:
        return str(error)
    return ""


def has_password(bench: Workbench, name: str) -> bool:
    """Return whether a person must say a password."""
    from cmdiad_core.store.users import Users

    try:
        return Users(bench.store.open().database).has_password(name)
    except InputError:
        return False
