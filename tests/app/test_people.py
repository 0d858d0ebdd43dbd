import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton

from app import actions
from app.annotating import Tool
from app.dialogs import people
from app.dialogs.people import People
from app.dialogs.preferences import Preferences
from app.dialogs.sign_in import SignIn
from cmdiad_core.edits import PersonVerdict
from cmdiad_core.inspection import OperatingPoint
from cmdiad_core.people import Role, User
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.users import Users


@pytest.fixture
def users(bench):
    bench.settings.reviewer = "ann"
    return Users(bench.store.open().database)


@pytest.fixture
def entered(bench, users):
    """Enter an administrator and a technician with a password; nobody is signed in."""
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    users.put(User("bob", Role.TECHNICIAN), "ann")
    for name in ("ann", "bob"):
        users.set_password(name, "geheim", "ann")
    return users


def test_from_the_first_person_on_signing_in_counts(inspected, bench, users):
    part = bench.session.current
    assert not inspected.statusBar().person.isVisible()
    actions.review(bench, PersonVerdict.REJECT)
    assert bench.session.reviews.of(part).verdict.person == "ann"
    users.put(User("eve", Role.ADMINISTRATOR), "ann")
    actions.take_in_others(bench)
    assert bench.settings.reviewer == ""
    assert inspected.statusBar().person.text() == "Nobody is signed in"
    actions.show_part(bench, part)
    actions.review(bench, PersonVerdict.ACCEPT)
    assert bench.session.reviews.of(part).verdict.verdict is PersonVerdict.REJECT
    assert "must sign in before they may label parts" in inspected.messages.sentences[-1]
    assert actions.sign_in(bench, "eve", "") == ""
    actions.review(bench, PersonVerdict.ACCEPT)
    assert bench.session.reviews.of(part).verdict.person == "eve"
    assert inspected.statusBar().person.text() == "eve, administrator"


def test_the_dialog_asks_for_the_password(window, bench, entered, qtbot, picture):
    actions.read_people(bench)
    dialog = SignIn(bench, window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.names.setCurrentText("bob")
    assert dialog.password.isVisible()
    qtbot.keyClicks(dialog.password, "wrong")
    qtbot.mouseClick(dialog.sign_in, Qt.MouseButton.LeftButton)
    assert "has another password" in dialog.problem.text()
    assert dialog.isVisible()
    picture("sign_in", dialog)
    dialog.password.clear()
    qtbot.keyClicks(dialog.password, "geheim")
    qtbot.mouseClick(dialog.sign_in, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert bench.settings.reviewer == "bob"
    preferences = Preferences(bench.settings, window)
    qtbot.addWidget(preferences)
    assert (preferences.reviewer.text(), preferences.reviewer.isReadOnly()) == ("bob", True)
    preferences.close()
    assert bench.settings.reviewer == "bob"
    again = SignIn(bench, window)
    qtbot.addWidget(again)
    again.show()
    qtbot.mouseClick(again.sign_out, Qt.MouseButton.LeftButton)
    assert bench.settings.reviewer == ""


def test_a_password_is_asked_again_after_a_restart_and_none_is_not(bench, entered):
    actions.read_people(bench)
    assert actions.sign_in(bench, "bob", "geheim") == ""
    bench.settings.signed_in = None  # as a new window begins
    actions.read_people(bench)
    assert bench.settings.reviewer == ""
    entered.set_password("bob", "", "ann")
    assert actions.sign_in(bench, "bob", "") == ""
    bench.settings.signed_in = None
    actions.read_people(bench)
    assert bench.settings.reviewer == "bob"
    entered.put(User("bob", Role.TECHNICIAN, active=False), "ann")
    actions.read_people(bench)
    assert bench.settings.reviewer == ""


def test_an_administrator_enters_people(window, bench, users, qtbot, picture, monkeypatch):
    actions.read_people(bench)
    dialog = People(bench, window)
    qtbot.addWidget(dialog)
    dialog.show()
    assert (dialog.name.text(), dialog.role.currentData()) == ("ann", Role.ADMINISTRATOR)
    dialog.reason.setText("the first one")
    qtbot.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    assert bench.settings.reviewer == "ann"
    qtbot.keyClicks(dialog.name, "bob")
    dialog.role.setCurrentIndex(dialog.role.findData(Role.ENGINEER))
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    assert users.all() == [User("ann", Role.ADMINISTRATOR), User("bob", Role.ENGINEER)]
    dialog.table.cellWidget(1, 2).click()
    assert users.all()[1] == User("bob", Role.ENGINEER, active=False)
    _choose(dialog.table.cellWidget(0, 1), Role.TECHNICIAN)
    assert "needs an active administrator" in dialog.problem.text()
    assert dialog.table.cellWidget(0, 1).currentData() == Role.ADMINISTRATOR
    monkeypatch.setattr(people, "NewPassword", _Typed)
    dialog.table.cellWidget(1, 3).click()
    assert users.has_password("bob")
    picture("people", dialog)
    trail = AuditTrail(bench.store.open().database)
    assert {one.reason for one in trail.entries(action="user")} == {"the first one"}


def test_a_technician_looks_and_changes_the_own_password(window, bench, entered, qtbot):
    actions.read_people(bench)
    actions.sign_in(bench, "bob", "geheim")
    dialog = People(bench, window)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.problem.text() == "Only as administrator; bob is signed in as technician"
    assert dialog.problem.text() in dialog.add.toolTip()
    assert not dialog.add.isEnabled()
    boxes = dialog.table.findChildren(QComboBox)
    assert boxes
    assert not any(box.isEnabled() for box in boxes)
    buttons = [dialog.table.cellWidget(row, 3) for row in range(2)]
    assert [isinstance(one, QPushButton) and one.isEnabled() for one in buttons] == [False, True]


def test_what_somebody_may_not_do_is_disabled_and_says_who_may(inspected, bench, entered, qtbot):
    menus, review, annotation = inspected.menus, inspected.review.view, inspected.annotation.view
    label = [
        *(*menus.reviews, menus.comment, menus.undo, menus.take_in_nearline, menus.ask_study),
        *(menus.import_annotations.menuAction(), *review.buttons.values(), review.comment),
        *(annotation.buttons[Tool.BRUSH], annotation.buttons[Tool.WAND]),
    ]
    retrain = [menus.retrain, review.retrain]
    promote = [menus.models.view.buttons[deed] for deed in ("roll_back", "promote")]
    add = [menus.models.view.buttons[deed] for deed in ("add", "import")]
    free = [menus.show_audit, menus.show_quality, annotation.buttons[Tool.LOOK], menus.export]
    everything = *label, *retrain, menus.keep_limits, *add, *free
    bench.people.take((), None)
    assert [str(one) for one in everything if not one.isEnabled()] == []
    actions.choose_tool(bench, Tool.BRUSH)

    actions.read_people(bench)
    for one in (*label, *retrain, menus.keep_limits, *add, *promote):
        assert not one.isEnabled()
        assert "Only after signing in" in one.toolTip()
    assert all(one.isEnabled() for one in free)
    assert bench.session.annotating.tool is Tool.LOOK

    assert actions.sign_in(bench, "bob", "geheim") == ""
    for one in label:
        assert one.isEnabled()
        assert "Only" not in one.toolTip()
    for one in (*retrain, menus.keep_limits, *add, *promote):
        assert not one.isEnabled()
        assert "engineer or administrator; bob is signed in as technician" in one.toolTip()
    forget = menus.models.view.buttons["forget"]
    assert "Only as administrator" in forget.toolTip()

    assert actions.sign_in(bench, "ann", "geheim") == ""
    assert all(one.isEnabled() for one in everything)
    assert not [one for one in (*retrain, *promote, forget) if "Only" in one.toolTip()]
    actions.sign_out(bench)
    assert not any(one.isEnabled() for one in (*label, *retrain, *add))


def test_limits_that_were_kept_come_back_with_the_model(inspected, bench, users, model, qtbot):
    own, other = bench.session.operating_point, OperatingPoint(0.25, 0.75)
    actions.set_operating_point(bench, 0.25, 0.75)
    actions.keep_limits(bench, "an escape")
    (told,) = AuditTrail(bench.store.open().database).entries(action="operating_point")
    assert (told.person, told.reason) == ("ann", "an escape")
    actions.reset_operating_point(bench)
    assert bench.session.operating_point == own
    actions.open_model(bench, model)
    qtbot.waitUntil(lambda: bench.session.operating_point == other, timeout=20_000)
    users.put(User("eve", Role.ADMINISTRATOR), "ann")
    actions.take_in_others(bench)
    actions.keep_limits(bench, "by nobody")
    assert "may keep limits" in inspected.messages.sentences[-1]


class _Typed:
    password = "geheim"

    def __init__(self, *_) -> None:
        pass

    def exec(self) -> bool:
        return True


def _choose(box: QComboBox, role: Role) -> None:
    box.setCurrentIndex(box.findData(role))
    box.activated.emit(box.currentIndex())
