import numpy as np
from part_files import WAIT

from app.colour_scale import ColourScale, colour_map
from app.outline import outline, per_pixel
from app.panels.cloud.model import surface
from app.panels.cloud.painter import Painter
from app.panels.cloud.scene import Scene
from app.panels.image.model import height_as_grey, stretched
from cmdiad_core.inspection import OperatingPoint

SCALE = ColourScale(0.0, 10.0, OperatingPoint(4.0, 6.0))


def test_nothing_is_drawn_below_the_accept_limit():
    scores = np.array([0.0, 3.9, 4.0, 10.0, 99.0, np.nan], np.float32)
    assert SCALE.draws(scores).tolist() == [False, False, True, True, True, False]
    np.testing.assert_array_equal(SCALE.colours(scores)[4], colour_map("cividis")[-1])
    alpha = SCALE.table()[:, 3]
    assert alpha[0] == 0
    assert alpha[-1] == 255


def test_colour_of_a_score_does_not_depend_on_the_part():
    calm, wild = np.array([5.0], np.float32), np.array([5.0, 90.0], np.float32)
    np.testing.assert_array_equal(SCALE.colours(calm)[0], SCALE.colours(wild)[0])


def test_outline_lies_outside_of_what_is_drawn():
    drawn = np.zeros((20, 20), bool)
    drawn[8:12, 8:12] = True
    lines = outline(drawn)
    assert not lines[drawn].any()
    assert lines[7, 9] == 1
    assert lines[6, 9] == 2
    assert not outline(np.zeros((5, 5), bool)).any()


def test_outline_of_a_large_map_is_found_on_cells():
    drawn = np.zeros((1210, 805), bool)
    drawn[600, 300] = True
    lines = outline(drawn)
    assert lines.shape == (404, 269)
    pixels = per_pixel(lines, drawn.shape)
    assert pixels.shape == drawn.shape
    assert pixels[597, 300] == 1


def test_points_without_measurement_are_left_out():
    y, x = np.mgrid[0:10, 0:12].astype(np.float32)
    cloud = np.stack([x, y, np.ones_like(x)], axis=-1)
    cloud[2, 3] = np.nan
    shape = surface(cloud)
    assert shape.points.shape == (119, 3)
    assert np.isfinite(shape.shade).all()
    scores = np.full((10, 12), 9.0, np.float32)
    colours = Painter().colours(shape, scores, SCALE, 1.0, True)
    np.testing.assert_array_equal(colours[0], SCALE.colours(scores)[0, 0])


def test_single_point_has_a_colour():
    cloud = np.full((4, 4, 3), np.nan, np.float32)
    cloud[1, 1] = 0.5
    assert Painter().colours(surface(cloud), None, None, 1.0, True).shape == (1, 3)


def test_near_is_bright_and_unmeasured_black():
    cloud = np.zeros((5, 5, 3), np.float32)
    cloud[..., 2] = np.linspace(1, 2, 25).reshape(5, 5)
    cloud[4, 4] = np.nan
    grey = height_as_grey(cloud)
    assert grey[0, 0] == 255
    assert grey[4, 4] == 0
    assert grey[4, 3] > 0


def test_constant_and_empty_images_can_be_shown():
    assert stretched(np.ones((3, 3, 1), np.float32)).shape == (3, 3)
    assert not stretched(np.full((3, 3), np.nan, np.float32)).any()


def test_a_cloud_is_shaded_once_however_often_its_part_is_shown(
    in_space, inspected, show, monkeypatch
):
    shaded = []

    def shade(cloud):
        shaded.append(cloud)
        return surface(cloud)

    monkeypatch.setattr("app.panels.cloud.surfaces.surface", shade)
    for part in ("part_reject", "part_cloud_only", "part_reject", "part_cloud_only"):
        show(part)
    assert len(shaded) <= 2


def test_an_annotation_without_marks_does_not_draw_the_cloud_again(
    in_space, inspected, show, bench, qtbot, monkeypatch
):
    show("part_reject")
    annotating = bench.session.annotating
    qtbot.waitUntil(lambda: bool(annotating.annotations), timeout=WAIT)
    drawn = []
    monkeypatch.setattr(Scene, "recolour", lambda _, colours: drawn.append(len(colours)))
    annotating.load(annotating.annotations)
    assert drawn == []
    monkeypatch.setattr(type(annotating.annotations[""]), "types_in_use", lambda _: (1,))
    annotating.load(annotating.annotations)
    assert len(drawn) == 1
