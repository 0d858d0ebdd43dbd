from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from app import actions
from app.notifications import Level
from app.panels.queue.model import Column
from app.panels.review.model import ago
from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.store import Store

ACCEPT, UNSURE, REJECT = PersonVerdict.ACCEPT, PersonVerdict.UNSURE, PersonVerdict.REJECT


@pytest.fixture(autouse=True)
def ann(bench):
    bench.settings.reviewer = "ann"


@pytest.fixture
def remarks(bench):
    found = []
    bench.notifications.remarked.connect(found.append)
    return found


@pytest.fixture
def press(inspected, qtbot):
    """Return a function that presses a key in the queue."""

    def press_(key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        inspected.activateWindow()
        inspected.queue.view.table.setFocus()
        qtbot.waitUntil(inspected.isActiveWindow)
        qtbot.keyClick(inspected.queue.view.table, key, modifier)

    return press_


@pytest.fixture
def colleague(bench, tmp_path):
    """Return the same store as another window has it."""
    store = Store(tmp_path / "data" / "store.sqlite")
    yield store
    store.close()


def _stands(store, bench, part_id):
    content = bench.session.reviews.hash(part_id)
    return store.opinions([content]).get(content, Opinion())


def test_keys_give_verdicts_and_go_on_to_parts_without_one(inspected, bench, press, colleague):
    order = list(bench.session.ordered)
    press(Qt.Key.Key_R)
    assert bench.session.current == order[1]
    press(Qt.Key.Key_U)
    press(Qt.Key.Key_K)
    press(Qt.Key.Key_K)
    press(Qt.Key.Key_A)
    assert bench.session.current == order[2]  # the second one has a verdict
    stands = [_stands(colleague, bench, part_id).verdict for part_id in order[:3]]
    assert [one and one.verdict for one in stands] == [ACCEPT, UNSURE, None]
    assert (stands[0].person, stands[0].score) == ("ann", 9.0)
    assert stands[0].model_verdict == "reject"
    assert stands[0].model_id == bench.session.detector.id


def test_next_without_verdict_starts_over_at_the_end(inspected, bench, press, remarks):
    order = list(bench.session.ordered)
    actions.show_part(bench, order[-1])
    press(Qt.Key.Key_N)
    assert bench.session.current == order[0]
    for part_id in order:
        actions.show_part(bench, part_id)
        press(Qt.Key.Key_A)
    assert remarks == ["Every other part shown in the queue has a verdict"]
    inspected.queue.view.search.setText("no such part")
    press(Qt.Key.Key_R)
    assert remarks[1:] == ["The queue shows no part; search and filter leave all out"]


def test_strip_says_who_decided_what_when_and_whether_the_model_disagrees(
    inspected, bench, press, picture
):
    view = inspected.review.view
    assert view.words.text() == "No person's verdict yet"
    press(Qt.Key.Key_A)
    press(Qt.Key.Key_K)
    assert view.words.text() == "Your verdict: Accept, just now, disagrees with the model"
    picture("disagreement")
    bench.settings.reviewer = "bob"
    inspected.review.show()
    assert view.words.text() == "Verdict of ann: Accept, just now, disagrees with the model"
    actions.set_operating_point(bench, 10.0, 11.0)
    assert view.words.text() == "Verdict of ann: Accept, just now"


def test_part_that_is_not_on_the_screen_yet_is_not_judged(inspected, bench, press, remarks):
    second = bench.session.ordered[1]
    bench.session.shelf.clear()
    press(Qt.Key.Key_R)
    press(Qt.Key.Key_R)
    assert bench.session.current == second
    assert bench.session.reviews.verdict(second) is None
    assert remarks == [f"Nothing was kept: {second} is still being read"]


def test_part_that_cannot_be_read_is_not_judged_and_that_is_said(
    window, bench, detector, model, parts, all_inspected, remarks, qtbot
):
    (parts / "rgb" / "part_rgb_only.png").write_bytes(b"no picture")
    actions.open_model(bench, model)
    actions.open_parts(bench, [parts])
    all_inspected()
    actions.show_part(bench, "part_rgb_only")
    qtbot.wait(50)
    actions.review(bench, ACCEPT)
    assert remarks == ["Nothing was kept: part_rgb_only cannot be read"]


def test_buttons_give_verdicts(inspected, bench, qtbot):
    first = bench.session.current
    qtbot.mouseClick(inspected.review.view.buttons[REJECT], Qt.MouseButton.LeftButton)
    assert bench.session.reviews.verdict(first) is REJECT


def test_queue_shows_the_verdict_and_a_disagreement(inspected, bench, press):
    press(Qt.Key.Key_A)
    table = inspected.queue.view.table.model()
    cell = table.index(0, Column.REVIEW)
    assert cell.data() == "≠"
    assert not cell.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert "Accept, just now, disagrees" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert table.index(1, Column.REVIEW).data(Qt.ItemDataRole.DecorationRole) is None
    press(Qt.Key.Key_K)
    press(Qt.Key.Key_R)
    assert table.index(0, Column.REVIEW).data() is None


def test_queue_is_narrowed_to_what_is_open_or_disputed(inspected, bench, press):
    order = list(bench.session.ordered)
    press(Qt.Key.Key_A)
    box = inspected.queue.view.filter
    for key, expected in (("unjudged", order[1:]), ("disputed", order[:1])):
        box.setCurrentIndex(box.findData(key))
        box.activated.emit(box.currentIndex())
        assert list(bench.session.ordered) == expected
    box.setCurrentIndex(box.findData("unjudged"))
    box.activated.emit(box.currentIndex())
    actions.show_part(bench, order[1])
    press(Qt.Key.Key_R)
    assert list(bench.session.ordered) == order[2:]
    assert bench.session.current == order[2]


def test_queue_can_be_put_in_order_by_verdict(inspected, bench):
    order = list(bench.session.ordered)
    for part_id, verdict in ((order[1], ACCEPT), (order[4], REJECT), (order[0], ACCEPT)):
        actions.show_part(bench, part_id)
        actions.review(bench, verdict)
    inspected.queue.view.table.sortByColumn(Column.REVIEW, Qt.SortOrder.AscendingOrder)
    assert list(bench.session.ordered) == [order[0], order[4], order[1], order[2], order[3]]


def test_undo_reaches_back_over_a_restart(inspected, bench, press, remarks, parts, qtbot):
    first, second = bench.session.ordered[:2]
    press(Qt.Key.Key_R)
    press(Qt.Key.Key_A)
    bench.store.close()
    actions.open_parts(bench, [parts])
    qtbot.waitUntil(lambda: bench.session.reviews.verdict(second) is ACCEPT)
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert remarks[-1] == f"Undone: verdict Accept ({second})"
    assert inspected.statusBar().currentMessage() == remarks[-1]
    assert bench.session.current == second
    assert bench.session.reviews.verdict(second) is None
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert bench.session.current == first
    assert bench.session.reviews.verdict(first) is None
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert remarks[-1] == "There is nothing of yours to undo"
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press(Qt.Key.Key_Z, both)
    assert remarks[-1] == f"Redone: verdict Reject ({first})"
    assert bench.session.reviews.verdict(first) is REJECT


def test_what_is_not_in_the_queue_is_not_undone_unseen(inspected, bench, press, remarks, tmp_path):
    first = bench.session.current
    press(Qt.Key.Key_R)
    bench.session.set_parts([])
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert remarks[-1].startswith(f"Your last verdict Reject is on {first}")
    assert bench.store.open().undoable("ann") is not None


def test_comment_is_kept_with_enter_and_given_up_with_escape(
    inspected, bench, press, qtbot, colleague
):
    part, line = bench.session.current, inspected.review.view.comment
    press(Qt.Key.Key_C)
    assert line.hasFocus()
    qtbot.keyClicks(line, "a dent, or dust")  # its letters are no shortcuts
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert _stands(colleague, bench, part).comment.comment == "a dent, or dust"
    assert bench.session.reviews.verdict(part) is None
    press(Qt.Key.Key_C)
    qtbot.keyClicks(line, "nothing")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "a dent, or dust"
    assert len(colleague.history(bench.session.reviews.hash(part))) == 1
    press(Qt.Key.Key_J)
    assert line.text() == ""


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_after_a_comment_the_keys_are_the_queues_and_its_beginning_is_shown(
    inspected, bench, qtbot, end
):
    queue, line = inspected.queue.view, inspected.review.view.comment
    inspected.activateWindow()
    qtbot.waitUntil(inspected.isActiveWindow)
    long = "a dent or dust, seen from the left " * 20
    for view in (queue.table, queue.film):
        queue.pictures.setChecked(view is queue.film)
        inspected.review.write_comment()
        qtbot.keyClicks(line, long)
        qtbot.keyClick(line, end)
        assert view.hasFocus()
        assert line.cursorPosition() == 0
    if end == Qt.Key.Key_Return:
        part = bench.session.current
        actions.show_next(bench)
        actions.show_part(bench, part)
        assert line.text() == long.strip()
        assert line.cursorPosition() == 0


def test_a_comment_that_is_chosen_to_be_replaced_stays_chosen(inspected, bench, press, qtbot):
    assert actions.comment(bench, bench.session.current, "seems like dust")
    line = inspected.review.view.comment
    press(Qt.Key.Key_C)
    assert line.selectedText() == "seems like dust"
    inspected.review._ask_others()  # as it does every two seconds
    qtbot.keyClicks(line, "a dent")
    assert line.text() == "a dent"


def test_comment_under_way_is_kept_when_another_part_comes(inspected, bench, press, qtbot):
    part, line = bench.session.current, inspected.review.view.comment
    press(Qt.Key.Key_C)
    qtbot.keyClicks(line, "scratched")
    actions.show_next(bench)
    assert bench.session.reviews.of(part).comment.comment == "scratched"
    assert bench.session.reviews.of(bench.session.current).comment is None
    assert line.text() == ""


def test_verdict_of_another_window_is_shown(inspected, bench, colleague):
    part = bench.session.current
    content = bench.session.reviews.hash(part)
    colleague.review(content, "bob", Opinion(), verdict=UNSURE)
    actions.take_in_others(bench)
    assert inspected.review.view.words.text() == "Verdict of bob: Unsure, just now"
    colleague.undo(colleague.undoable("bob"))
    actions.take_in_others(bench)
    assert inspected.review.view.words.text() == "No person's verdict yet"


def test_verdict_of_another_window_is_not_replaced_unseen(
    inspected, bench, press, colleague, picture
):
    part = bench.session.current
    content = bench.session.reviews.hash(part)
    inspected.review._timer.stop()  # or it is shown before the key, on a slow machine
    colleague.review(content, "bob", Opinion(), verdict=ACCEPT)
    press(Qt.Key.Key_R)
    assert "somebody else" in inspected.messages.sentences[0]
    assert bench.session.current == part
    assert bench.session.reviews.of(part).verdict.person == "bob"
    assert len(colleague.history(content)) == 1
    picture("meanwhile")
    press(Qt.Key.Key_R)
    assert _stands(colleague, bench, part).verdict.person == "ann"


def test_verdict_that_cannot_be_written_changes_nothing(inspected, bench, press, qtbot):
    posted = []
    bench.notifications.posted.connect(posted.append)
    part, line = bench.session.current, inspected.review.view.comment

    def fill(connection, _) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # means: as many as there are

    bench.store.close()
    sa.event.listen(sa.Engine, "connect", fill)
    try:
        long = "x" * 30_000
        assert not actions.comment(bench, part, long)
        press(Qt.Key.Key_C)
        line.setText(long)
        line.setModified(True)
        qtbot.keyClick(line, Qt.Key.Key_Return)
        actions.show_next(bench)
    finally:
        sa.event.remove(sa.Engine, "connect", fill)
    assert [message.level for message in posted] == [Level.WARNING] * 2
    assert "disk is full" in posted[0].sentence
    assert bench.session.reviews.of(part) == Opinion()
    # What was typed is there again with its part.
    actions.show_previous(bench)
    assert line.text() == long


def test_part_without_a_store_is_inspected_all_the_same(
    window, bench, detector, model, parts, all_inspected, tmp_path
):
    (tmp_path / "data").write_text("not a folder")
    actions.open_model(bench, model)
    actions.open_parts(bench, [parts])
    all_inspected()
    assert [
        s for s in window.messages.sentences if "store.sqlite" in s
    ] == window.messages.sentences
    assert len(window.messages.sentences) == 1
    assert not window.review.view.buttons[REJECT].isEnabled()


def test_name_is_changed_in_the_preferences_and_filters_follow(inspected, bench, press, qtbot):
    first, *others = bench.session.ordered
    press(Qt.Key.Key_R)
    box = inspected.queue.view.filter
    box.setCurrentIndex(box.findData("without_yours"))
    box.activated.emit(box.currentIndex())
    assert list(bench.session.ordered) == others

    def rename() -> None:
        dialog = QApplication.activeModalWidget()
        dialog.reviewer.selectAll()
        qtbot.keyClicks(dialog.reviewer, " Bo ")
        dialog.reject()

    QTimer.singleShot(100, rename)
    inspected.menus.preferences.trigger()
    assert bench.settings.reviewer == "Bo"
    assert list(bench.session.ordered) == [first, *others]
    bench.settings.reviewer = ""
    assert bench.settings.reviewer  # the system's name


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=150), "2 min ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=2), "on 20"),
    ],
)
def test_time_is_told_as_people_do(passed, words):
    now = datetime.now(UTC)
    assert ago(now - passed, now).startswith(words)
