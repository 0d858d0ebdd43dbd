import numpy as np
import pytest
from part_files import WAIT
from PIL import Image
from PySide6.QtCore import Qt

from app.jobs.thumbnails import SIZE, Thumbnails


@pytest.fixture
def film(inspected, qtbot):
    inspected.queue.view.pictures.setChecked(True)
    return inspected.queue.view.film


def test_the_picture_is_the_image_made_small(inspected, bench, parts, qtbot):
    big = parts / "rgb" / "big.png"
    pixels = np.zeros((600, 300, 3), np.uint8)
    pixels[:300] = (200, 40, 10)
    Image.fromarray(pixels).save(big)
    from app import actions

    actions.open_parts(bench, [big])
    qtbot.waitUntil(lambda: "big" in bench.session.entries, timeout=WAIT)
    thumbnails = Thumbnails(bench)
    assert thumbnails.get("big") is None, "it is made on the worker"
    with qtbot.waitSignal(thumbnails.arrived, timeout=WAIT):
        pass
    image = thumbnails.get("big")
    assert (image.width(), image.height()) == (SIZE // 2, SIZE)
    assert image.pixelColor(10, 10).getRgb()[:3] == (200, 40, 10)
    assert image.pixelColor(10, SIZE - 10).getRgb()[:3] == (0, 0, 0)


def test_a_part_that_cannot_be_read_has_no_picture_and_stops_nothing(
    inspected, bench, parts, qtbot
):
    (parts / "rgb" / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n cut short")
    from app import actions

    actions.open_parts(bench, [parts])
    qtbot.waitUntil(lambda: "bad" in bench.session.entries, timeout=WAIT)
    thumbnails = Thumbnails(bench)
    got = []
    thumbnails.arrived.connect(got.append)
    for part_id in ("part_accept", "bad", "part_rgb_only"):
        thumbnails.get(part_id)
    qtbot.waitUntil(lambda: len(got) == 3, timeout=WAIT)
    assert thumbnails.get("bad") is None
    assert thumbnails.get("part_accept") is not None


def test_only_parts_in_view_are_asked_for(window, bench, qtbot, monkeypatch):
    from cmdiad_core.sample import PartFiles

    asked = set()
    monkeypatch.setattr(Thumbnails, "get", lambda self, part_id: asked.add(part_id))
    bench.session.set_parts([PartFiles(f"part-{n:05}", {}) for n in range(20_000)])
    window.queue.view.pictures.setChecked(True)
    qtbot.waitUntil(lambda: bool(asked), timeout=WAIT)
    assert len(asked) < 200


def test_a_click_on_a_picture_shows_the_part_and_the_table_knows(film, inspected, bench, qtbot):
    row = bench.session.ordered.index("part_rgb_only")
    place = film.visualRect(film.model().index(row, film.modelColumn())).center()
    qtbot.mouseClick(film.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert bench.session.current == "part_rgb_only"
    inspected.queue.view.pictures.setChecked(False)
    assert inspected.queue.view.table.currentIndex().row() == row
