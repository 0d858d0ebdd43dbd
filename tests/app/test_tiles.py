"""What is seen of a large image is a crop, or a mean, of the original array."""

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.colour_scale import ColourScale
from app.widgets.image_canvas import ImageCanvas
from cmdiad_core.inspection import OperatingPoint

SHAPE = (1500, 2100)
#: A virtual screen may have only 32 steps of a colour.
DEPTH = 8


@pytest.fixture
def canvas(qtbot):
    canvas = ImageCanvas("large")
    qtbot.addWidget(canvas)
    canvas.resize(512, 512)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


def _seen(canvas, left, top, size, qtbot):
    """Return the colours on the screen (rows, columns, 3) where a part of the image is drawn."""
    canvas.show_rect((left, top, left + size, top + size))
    qtbot.wait(50)
    shot = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    bits = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), -1)
    return bits[:, : 3 * shot.width()].reshape(shot.height(), shot.width(), 3)


def _at(canvas, row, column):
    place = canvas.scene_position(row, column)
    return int(place.y()), int(place.x())


@pytest.mark.parametrize("channels", [(), (3,)])
def test_close_up_every_pixel_is_the_original_one(canvas, qtbot, channels):
    image = np.random.default_rng(0).integers(0, 256, (*SHAPE, *channels)).astype(np.uint8)
    canvas.show_image(image)
    # Across the corner of four tiles.
    left, top, size = 1000, 490, 48
    seen = _seen(canvas, left, top, size, qtbot)
    for row in range(top + 2, top + size - 2, 3):
        for column in range(left + 2, left + size - 2, 3):
            shown = seen[_at(canvas, row + 0.5, column + 0.5)]
            np.testing.assert_allclose(shown, np.broadcast_to(image[row, column], 3), atol=DEPTH)


def test_from_afar_a_pixel_is_the_mean_of_what_it_covers(canvas, qtbot):
    image = np.random.default_rng(0).integers(0, 256, (4096, 4096)).astype(np.uint8)
    image[:2048] //= 4
    canvas.show_image(image)
    seen = _seen(canvas, 0, 0, 4096, qtbot)
    for row in (300, 1000, 3000, 3900):
        shown = int(seen[_at(canvas, row, 2000)][0])
        # Single pixels run from 0 to 255; means of four by four lie near their own mean.
        assert abs(shown - image[row - 64 : row + 64].mean()) < 70 * (0.25 if row < 2048 else 1)


def test_a_single_flagged_pixel_is_seen_from_afar_and_follows_the_limit(canvas, qtbot):
    image, values = np.zeros(SHAPE, np.uint8), np.zeros(SHAPE, np.float32)
    values[703, 1301] = 9
    canvas.show_image(image)
    canvas.show_map(values, ColourScale(0, 10, OperatingPoint(4, 6)))
    canvas._line.clear()  # the outline is drawn apart from the map
    seen = _seen(canvas, 0, 0, max(SHAPE), qtbot)
    row, column = _at(canvas, 703, 1301)
    assert seen[row - 4 : row + 5, column - 4 : column + 5].max() > 100
    canvas.show_map(values, ColourScale(0, 10, OperatingPoint(9.5, 9.6)))
    seen = _seen(canvas, 0, 0, max(SHAPE), qtbot)
    assert seen[row - 4 : row + 5, column - 4 : column + 5].max() == 0


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (1025, 1537)])
def test_odd_sizes_are_drawn(canvas, qtbot, shape):
    canvas.show_image(np.full(shape, 200, np.uint8))
    canvas.fit()
    qtbot.wait(50)
    shot = canvas.grab().toImage()
    row, column = _at(canvas, shape[0] / 2, shape[1] / 2)
    assert shot.pixelColor(column, row).red() == pytest.approx(200, abs=DEPTH)
    canvas.show_image(None)
    assert canvas.grab().toImage().pixelColor(column, row).red() < 150


def test_a_smaller_image_fills_the_view_as_well(canvas, qtbot):
    for shape in ((400, 600), (40, 60)):
        canvas.show_image(np.full(shape, 200, np.uint8))
        canvas.show_map(np.zeros(shape, np.float32), ColourScale(0, 10, OperatingPoint(4, 6)))
        left, top, right, bottom = canvas.visible_rect()
        assert min(right - left, bottom - top) > 0
        assert right - left < 2 * max(shape)
        assert bottom - top < 2 * max(shape)


def test_a_new_limit_colours_only_what_is_in_view(canvas, qtbot, monkeypatch):
    values = np.random.default_rng(0).random((4096, 4096), np.float32) * 10
    canvas.show_image(np.zeros(values.shape, np.uint8))
    canvas.show_map(values, ColourScale(0, 10, OperatingPoint(4, 6)))
    _seen(canvas, 100, 100, 300, qtbot)
    coloured = []
    drawn = canvas._map._drawn
    monkeypatch.setattr(canvas._map, "_drawn", lambda v: coloured.append(v.size) or drawn(v))
    canvas.show_map(values, ColourScale(0, 10, OperatingPoint(5, 6)))
    qtbot.wait(50)
    assert 0 < sum(coloured) <= 4 * 512**2


def test_a_score_has_one_colour_whoever_asks():
    scores = np.random.default_rng(0).normal(5, 4, (40, 50)).astype(np.float32)
    scores[3, 4] = np.nan
    scale = ColourScale(0.0, 10.0, OperatingPoint(4.0, 6.0))
    drawn, seen = scale.drawn(scores), scale.draws(scores)
    np.testing.assert_array_equal(drawn[..., 3], np.where(seen, 255, 0))
    np.testing.assert_array_equal(drawn[seen, :3], scale.colours(scores[seen]))
    assert not drawn[~seen].any()
    beyond = scale.drawn(np.array([np.inf, -np.inf], np.float32))
    np.testing.assert_array_equal(beyond, [scale.table()[-1], [0, 0, 0, 0]])
