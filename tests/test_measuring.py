import math

import numpy as np
import pytest

from cmdiad_core.measuring import Along, length
from cmdiad_core.sample import Sample

NORMAL = np.array([0.3, -0.2, -0.9])
NORMAL /= np.linalg.norm(NORMAL)


def tilted(side=60, pitch=0.0005):
    """Return a tilted plane (H, W, 3) in metres, `pitch` between its points in x and y."""
    rows, columns = np.mgrid[:side, :side].astype(float)
    x, y = columns * pitch, rows * pitch
    z = 0.4 - (NORMAL[0] * x + NORMAL[1] * y) / NORMAL[2]
    return np.stack([x, y, z], axis=-1)


def part(cloud, metric=True, registered=True, **others):
    measured = {"cloud": cloud.astype(np.float32), **others}
    return Sample("a", measured, metric=metric, registered=registered)


def test_straight_line_in_space_is_that_of_euclid():
    cloud = tilted() + np.random.default_rng(1).normal(0, 1e-4, (60, 60, 3))
    for begin, end in (((3, 4), (50, 41)), ((59, 0), (0, 59)), ((10, 10), (10, 11))):
        found = length(part(cloud), (begin[0] + 0.5, begin[1] + 0.9), (end[0] + 0.5, end[1] + 0.9))
        assert found.mm == pytest.approx(1000 * math.dist(cloud[begin], cloud[end]), rel=1e-4)
        assert found.pixels == pytest.approx(math.dist(begin, end))


def test_height_is_taken_over_the_tilted_plane_that_most_points_lie_on():
    rng = np.random.default_rng(2)
    cloud = tilted() + rng.normal(0, 2e-5, (60, 60, 1)) * NORMAL
    cloud[20:30, 20:30] -= 0.0015 * NORMAL  # a dent of 1.5 mm
    cloud[rng.random((60, 60)) < 0.1] = np.nan
    cloud[10, 10], cloud[25, 25] = tilted()[10, 10], tilted()[25, 25] - 0.0015 * NORMAL
    found = length(part(cloud), (10.5, 10.5), (25.5, 25.5))
    assert found.along is Along.SURROUNDINGS
    # The normal looks at the camera: what is deeper is lower.
    assert found.height == pytest.approx(-1.5, abs=0.02)
    back = length(part(cloud), (25.5, 25.5), (10.5, 10.5))
    assert back.height == pytest.approx(-found.height)


def test_height_is_taken_along_the_camera_axis_where_nothing_lies_around():
    cloud = np.full((40, 40, 3), np.nan)
    cloud[5, 5], cloud[30, 30] = (0, 0, 0.4), (0.003, 0, 0.396)
    found = length(part(cloud), (5, 5), (30, 30))
    assert (found.mm, found.height) == (pytest.approx(5, rel=1e-4), pytest.approx(4, rel=1e-4))
    assert found.along is Along.CAMERA
    # Points on a line have no plane.
    cloud[5:31, 5] = np.linspace((0, 0, 0.4), (0, 0.03, 0.4), 26)
    cloud[30, 30] = (0, 0.04, 0.4)
    assert length(part(cloud), (5, 5), (30, 30)).along is Along.CAMERA


@pytest.mark.parametrize("missing", [(5, 5), (30, 38)])
def test_an_end_that_was_not_measured_leaves_pixels(missing):
    cloud = tilted()
    cloud[missing] = np.nan
    found = length(part(cloud), (5.2, 5.2), (30.2, 38.2))
    assert found.pixels == pytest.approx(math.hypot(25, 33))
    assert found.mm is found.height is found.along is None


def test_without_millimetres_there_are_pixels():
    image = np.zeros((60, 60, 3), np.float32)
    for sample in (part(tilted(), metric=False), Sample("a", {"rgb": image}, metric=True)):
        found = length(sample, (0, 0), (3, 4))
        assert (found.pixels, found.mm, found.along) == (5, None, None)


def test_lower_right_edge_belongs_to_the_last_pixel():
    cloud = tilted(20)
    found = length(part(cloud), (0, 0), (20, 20))
    assert found.mm == pytest.approx(1000 * math.dist(cloud[0, 0], cloud[19, 19]), rel=1e-5)
