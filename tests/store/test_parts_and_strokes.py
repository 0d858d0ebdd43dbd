import os

import pytest

from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles


def test_a_part_is_recognised_wherever_its_files_lie(store, make_part, tmp_path):
    part = make_part("cell 7", rgb=b"image", cloud=b"points")
    known = store.identify(part)
    moved = {}
    for name, path in part.files.items():
        moved[name] = path.replace(tmp_path / f"other name.{name}")
    assert store.identify(PartFiles("another id", moved)) == known


def test_what_was_measured_with_which_sensor_makes_the_part(store, make_part):
    hashes = {
        store.identify(make_part("a", rgb=b"one", infrared=b"two")),
        store.identify(make_part("b", rgb=b"two", infrared=b"one")),
        store.identify(make_part("c", rgb=b"one")),
        store.identify(make_part("d", infrared=b"one")),
    }
    assert len(hashes) == 4


def test_a_file_is_not_read_twice_unless_it_changed(store, opened, make_part):
    part = make_part("cell 7", rgb=b"image")
    path = part.files["rgb"]
    known, moment = store.identify(part), path.stat().st_mtime_ns
    path.write_bytes(b"IMAGE")
    os.utime(path, ns=(moment, moment))  # looks unchanged: would be seen only by reading
    assert opened().identify(part) == known
    os.utime(path, ns=(moment + 1, moment + 1))
    assert store.identify(part) != known


def test_parts_are_recognised_without_reading_once_they_were_read(store, make_part):
    read, unread = make_part("read", rgb=b"1", cloud=b"2"), make_part("unread", rgb=b"3")
    gone, odd = make_part("gone", rgb=b"4"), make_part("odd \udcff", rgb=b"5")
    known = {part.id: store.identify(part) for part in (read, gone, odd)}
    gone.files["rgb"].unlink()
    recognised = store.recognise([read, unread, gone, odd])
    assert recognised == {"read": known["read"], "odd \udcff": known["odd \udcff"]}


def test_a_missing_file_is_named(store, make_part):
    part = make_part("cell 7", rgb=b"image")
    part.files["rgb"].unlink()
    with pytest.raises(InputError, match=r"cell 7\.bin"):
        store.identify(part)


def test_strokes_come_back_as_they_were_made(store, opened, part):
    store.add_stroke(part, "ann", 2, (5, 7, 35, 27), b"one")
    store.add_stroke(part, "bob", 3, (0, 0, 30, 20), b"two")
    first, second = opened().strokes(part)
    assert (first.person, first.defect_type, first.box) == ("ann", 2, (5, 7, 35, 27))
    assert (first.changes, second.changes) == (b"one", b"two")


def test_strokes_and_verdicts_are_undone_in_the_order_they_were_made(store, part):
    store.review(part, "ann", Opinion(), verdict=PersonVerdict.REJECT)
    stroke = store.add_stroke(part, "ann", 1, (0, 0, 1, 2), b"")
    assert store.undoable("ann").id == stroke
    store.undo(store.undoable("ann"))
    assert store.strokes(part) == []
    assert set(store.opinions([part])) == {part}
    store.undo(store.undoable("ann"))
    assert store.opinions([part]) == {}
    store.redo(store.redoable("ann"))
    store.redo(store.redoable("ann"))
    assert [one.id for one in store.strokes(part)] == [stroke]


def test_only_what_was_undone_since_the_newest_stroke_can_be_made_again(store, part, make_part):
    def add(where=part):
        return store.add_stroke(where, "ann", 1, (0, 0, 1, 2), b"")

    def undo():
        store.undo(store.undoable("ann"))

    def ids():
        return [one.id for one in store.undone_strokes(part)]

    assert ids() == []
    first, second = add(), add()
    undo()
    assert ids() == [second]
    undo()
    assert ids() == [second, first]
    store.redo(store.redoable("ann"))
    assert ids() == [second]
    third = add()
    assert ids() == []
    undo()
    assert ids() == [third]
    add(store.identify(make_part("another", rgb=b"other")))
    assert ids() == [third]


def test_a_stroke_of_no_type_is_not_kept(store, part):
    with pytest.raises(InputError):
        store.add_stroke(part, "ann", 99, (0, 0, 2, 3), b"")
    assert store.strokes(part) == []
    assert store.latest_edit() == 0


def test_defect_types_tell_each_other_apart(store):
    kinds = store.defect_types()
    assert len({one.colour for one in kinds}) == len({one.name for one in kinds}) == len(kinds)
    assert [one.digit for one in kinds] == list(range(1, len(kinds) + 1))


def test_new_defect_types_get_a_digit_and_a_colour_of_their_own(store, opened):
    names = [f"kind {number}" for number in range(20)]
    added = [store.add_defect_type(name, "ann") for name in names]
    assert [one.digit for one in added] == [9] + [None] * 19
    kinds = opened().defect_types()
    assert {one.name for one in kinds} > set(names)
    assert len({one.colour for one in kinds}) == len({one.id for one in kinds}) == len(kinds)
    assert store.add_defect_type("kind 3", "ann") == added[3]
    assert len(opened().defect_types()) == len(kinds)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_there_are_no_more_defect_types_than_masks_can_show(store):
    for number in range(127 - len(store.defect_types())):
        store.add_defect_type(str(number), "ann")
    with pytest.raises(InputError, match="no room for more than 127"):
        store.add_defect_type("one more", "ann")
    assert max(one.id for one in store.defect_types()) == 127
