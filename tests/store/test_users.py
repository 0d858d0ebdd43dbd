import pytest

from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.people import Right, Role, User
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.operating_points import OperatingPoints
from cmdiad_core.store.users import Users


@pytest.fixture
def users(store):
    return Users(store.database)


def test_a_store_without_users_lets_everybody_do_everything(users):
    assert all(users.may("ann", right) for right in Right)


def test_the_first_user_is_an_administrator_and_one_is_always_left(users):
    with pytest.raises(InputError, match="needs an active administrator"):
        users.put(User("ann", Role.TECHNICIAN), "ann")
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    for last in (User("ann", Role.ENGINEER), User("ann", Role.ADMINISTRATOR, active=False)):
        with pytest.raises(InputError, match="needs an active administrator"):
            users.put(last, "ann")
    assert users.all() == [User("ann", Role.ADMINISTRATOR)]


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (Role.TECHNICIAN, {Right.LABEL}),
        (
            Role.ENGINEER,
            {Right.LABEL, Right.RETRAIN, Right.PROMOTE, Right.SET_LIMITS, Right.STUDY},
        ),
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


def test_who_has_a_password_must_say_it(store, users):
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    assert users.check("ann") == User("ann", Role.ADMINISTRATOR)
    users.set_password("ann", "gehéim", "ann")
    assert users.has_password("ann")
    assert users.check("ann", "gehéim").role is Role.ADMINISTRATOR
    for wrong in ("", "geheim"):
        with pytest.raises(InputError, match="another password"):
            users.check("ann", wrong)
    told = AuditTrail(store.database)
    assert [len(told.entries(action=one)) for one in ("sign_in", "refused_sign_in")] == [1, 2]
    users.put(User("ann", Role.ADMINISTRATOR), "ann")  # keeps the password
    assert users.has_password("ann")
    users.set_password("ann", "", "ann")
    assert users.check("ann")


def test_only_the_person_and_administrators_set_a_password(users):
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    users.put(User("bob", Role.TECHNICIAN), "ann")
    users.set_password("bob", "one", "bob")
    users.set_password("bob", "two", "ann")
    assert users.check("bob", "two")
    with pytest.raises(InputError, match="may not manage users"):
        users.set_password("ann", "mine", "bob")
    with pytest.raises(InputError, match="no user of this store"):
        users.set_password("eve", "mine", "ann")
    users.put(User("bob", Role.TECHNICIAN, active=False), "ann")
    for name, why in (("bob", "no longer active"), ("eve", "no user")):
        with pytest.raises(InputError, match=why):
            users.check(name, "two")


def test_nobody_must_sign_in_first(store, users, part):
    store.review(part, "", Opinion(), comment="alone")
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    with pytest.raises(InputError, match="must sign in before they may label parts"):
        store.review(part, "", store.opinions([part])[part], comment="nobody")


def test_engineers_keep_limits_for_a_model(store, users):
    kept = OperatingPoints(store.database)
    own, other = OperatingPoint(1, 2), OperatingPoint(0.5, 2)
    assert kept.of("0123", own) is None
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    users.put(User("bob", Role.TECHNICIAN), "ann")
    kept.keep("0123", other, own, "ann", "an escape")
    assert kept.of("0123", own) == other
    assert kept.of("4567", own) is None
    with pytest.raises(InputError, match="may not keep limits"):
        kept.keep("0123", own, own, "bob", "")
    kept.keep("0123", own, own, "ann", "back")
    assert kept.of("0123", own) == own


def test_a_model_that_was_taught_defects_alone_does_not_take_over_the_limits_of_its_parent(store):
    kept = OperatingPoints(store.database)
    parent, candidate = OperatingPoint(1, 2), OperatingPoint(0.8, 2)
    kept.keep("0123", OperatingPoint(1.5, 2), parent, "ann", "too many false alarms")
    assert kept.of("0123", candidate) is None
    kept.keep("0123", OperatingPoint(0.7, 2), candidate, "ann", "to be sure")
    assert kept.of("0123", candidate) == OperatingPoint(0.7, 2)
    assert kept.of("0123", parent) == OperatingPoint(1.5, 2)
    befores = [one.before for one in AuditTrail(store.database).entries(action="operating_point")]
    assert "0.8" in befores[1]
    assert AuditTrail(store.database).verify().problems == []


def test_parts_are_found_where_they_were_last_seen(store, make_part, tmp_path):
    part = make_part("cell 9", rgb=b"image", cloud=b"points")
    content = store.identify(part)
    assert store.files_of([content])[content].files == part.files
    moved = tmp_path / "elsewhere.bin"
    part.files["rgb"].rename(moved)
    files = {**part.files, "rgb": moved}
    assert store.identify(type(part)("renamed", files)) == content
    assert store.files_of([content])[content].files == files
