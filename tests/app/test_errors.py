from part_files import WAIT
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton

from app import actions
from app.notifications import Level, Message, Offer


def test_unreadable_part_gives_one_sentence_and_the_rest_goes_on(
    window, bench, detector, model, parts, all_inspected, picture
):
    (parts / "rgb" / "part_reject.png").write_bytes(b"\x89PNG broken")
    actions.open_model(bench, model)
    actions.open_parts(bench, [parts])
    all_inspected()
    assert len(window.messages.sentences) == 1
    assert "part_reject.png" in window.messages.sentences[0]
    assert sum(entry.score is not None for entry in bench.session.entries.values()) == 4
    actions.show_part(bench, "part_reject")
    assert window.verdict.view.headline.text() == "This part cannot be inspected"
    picture("unreadable")


def test_bad_model_is_refused_and_the_former_one_stays(inspected, bench, detector, tmp_path, qtbot):
    actions.open_model(bench, tmp_path)
    qtbot.waitUntil(lambda: bool(inspected.messages.sentences), timeout=WAIT)
    assert inspected.messages.sentences == [f"{tmp_path}: is not a model: model.json is missing"]
    assert bench.session.detector is detector
    assert bench.session.inspection is not None


def test_empty_folder_is_refused_and_the_queue_stays(inspected, bench, tmp_path, qtbot):
    (tmp_path / "empty").mkdir()
    actions.open_parts(bench, [tmp_path / "empty"])
    qtbot.waitUntil(lambda: bool(inspected.messages.sentences), timeout=WAIT)
    assert len(bench.session.entries) == 5


def test_failure_inside_the_detector_is_a_message(
    window, bench, detector, model, parts, all_inspected
):
    def fail(sample, using=None, predict=True):
        raise RuntimeError("no such luck")

    detector.inspect = fail
    actions.open_model(bench, model)
    actions.open_parts(bench, [parts])
    all_inspected()
    assert window.messages.sentences == [
        "Something went wrong that should not have (RuntimeError: no such luck). "
        "The rest goes on; details are in the log."
    ]


def test_messages_are_closed_one_by_one_or_all(window, qtbot):
    for number in range(5):
        window.messages.add(Message(Level.WARNING, f"sentence {number}"))
    assert window.messages.sentences[0] == "sentence 4"
    notes = window.messages.findChildren(QFrame, "message")
    newest = next(note for note in notes if note.accessibleName() == "sentence 4")
    qtbot.mouseClick(newest.close_button, Qt.MouseButton.LeftButton)
    assert window.messages.sentences[0] == "sentence 3"
    window.messages.clear()
    assert window.messages.sentences == []
    assert window.messages.isHidden()


def test_messages_that_are_closed_leave_the_focus_or_give_it_to_the_queue(inspected, qtbot):
    area, queue = inspected.messages, inspected.queue.view
    canvas = inspected.image.view.canvas.focusProxy()
    inspected.activateWindow()
    qtbot.waitUntil(inspected.isActiveWindow, timeout=WAIT)
    offer = Offer("Do it", lambda: None)
    for number in range(3):
        area.add(Message(Level.WARNING, f"sentence {number}", offer))
    canvas.setFocus()

    def shown(words):
        buttons = area.findChildren(QPushButton)
        return [button for button in buttons if button.isVisible() and button.text() == words]

    for words in ("Do it", "1 more", "Newest only", "Close all"):
        qtbot.waitUntil(lambda: bool(shown(words)), timeout=WAIT)  # noqa: B023
        qtbot.mouseClick(shown(words)[0], Qt.MouseButton.LeftButton)
        assert canvas.hasFocus()
    assert area.sentences == []
    for view in (queue.table, queue.film):
        queue.pictures.setChecked(view is queue.film)
        for number in range(2):
            area.add(Message(Level.WARNING, f"sentence {number}"))
        area._clear.setFocus()
        qtbot.waitUntil(area._clear.hasFocus, timeout=WAIT)
        qtbot.keyClick(area._clear, Qt.Key.Key_Space)
        assert view.hasFocus()


def test_several_messages_take_the_room_of_one_until_all_are_asked_for(window, qtbot, picture):
    area = window.messages

    def require_shown(*numbers):
        def visible():
            notes = area.findChildren(QFrame, "message")
            return {note.accessibleName() for note in notes if note.isVisible()}

        expected = {f"sentence {number}" for number in numbers}
        qtbot.waitUntil(lambda: visible() == expected, timeout=WAIT)

    area.add(Message(Level.WARNING, "sentence 0"))
    require_shown(0)
    height = area.sizeHint().height()
    assert not area.more.isVisible()
    for number in (1, 2):
        area.add(Message(Level.WARNING, f"sentence {number}"))
    require_shown(2)
    assert area.more.text() == "2 more"
    assert area.sizeHint().height() == height
    picture("messages")
    qtbot.mouseClick(area.more, Qt.MouseButton.LeftButton)
    require_shown(0, 1, 2)
    assert area.more.text() == "Newest only"
    for number in range(3, 9):
        area.add(Message(Level.WARNING, f"sentence {number}"))
    require_shown(3, 4, 5, 6, 7, 8)
    picture("messages_all")
    qtbot.mouseClick(area.more, Qt.MouseButton.LeftButton)
    require_shown(8)
    area.clear()
    assert area.isHidden()


def test_a_3d_view_that_cannot_be_made_is_a_message(inspected, qtbot, monkeypatch):
    def fail(on_screen):
        raise RuntimeError("no graphics at all")

    monkeypatch.setattr(inspected.cloud.view, "add_space", fail)
    inspected.start()
    qtbot.waitUntil(lambda: bool(inspected.messages.sentences), timeout=WAIT)
    assert "no graphics at all" in inspected.messages.sentences[0]
    assert inspected.image.view.canvas.shows_map


def test_path_that_does_not_exist_is_a_message(window, bench, tmp_path, qtbot):
    actions.open_paths(bench, [tmp_path / "nowhere"])
    qtbot.waitUntil(lambda: bool(window.messages.sentences), timeout=WAIT)
    assert "nowhere" in window.messages.sentences[0]
