import pytest

from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.people import Right, Role, User
from cmdiad_core.store.users import Users


@pytest.fixture
def users(store):
    return Users(store.database)


def test_a_store_without_users_lets_everybody_do_everything(users):
    assert all(users.may("ann", right) for right in Right)


def test_the_first_user_is_an_administrator_and_one_is_always_left(users):
    with pytest.raises(InputError, match="needs an administrator"):
        users.put(User("ann", Role.TECHNICIAN), "ann")
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    for last in (User("ann", Role.ENGINEER), User("ann", Role.ADMINISTRATOR, active=False)):
        with pytest.raises(InputError, match="needs an administrator"):
            users.put(last, "ann")
    assert users.all() == [User("ann", Role.ADMINISTRATOR)]


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (Role.TECHNICIAN, {Right.LABEL}),
        (Role.ENGINEER, {Right.LABEL, Right.RETRAIN, Right.PROMOTE, Right.STUDY}),
        (Role.ADMINISTRATOR, set(Right)),
    ],
)
def test_roles_give_rights(users, role, rights):
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    users.put(User("bob", role), "ann")
    assert {right for right in Right if users.may("bob", right)} == rights


def test_who_is_no_user_or_not_active_may_only_look(store, users, part):
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    users.put(User("bob", Role.TECHNICIAN, active=False), "ann")
    for person, why in (("bob", "no longer active"), ("eve", "no user")):
        with pytest.raises(InputError, match=why):
            store.review(part, person, Opinion(), verdict=PersonVerdict.ACCEPT)
        with pytest.raises(InputError, match=why):
            users.put(User(person, Role.ADMINISTRATOR), person)
    assert store.opinions([part]) == {}


def test_parts_are_found_where_they_were_last_seen(store, make_part, tmp_path):
    part = make_part("cell 9", rgb=b"image", cloud=b"points")
    content = store.identify(part)
    assert store.files_of([content])[content].files == part.files
    moved = tmp_path / "elsewhere.bin"
    part.files["rgb"].rename(moved)
    files = {**part.files, "rgb": moved}
    assert store.identify(type(part)("renamed", files)) == content
    assert store.files_of([content])[content].files == files
