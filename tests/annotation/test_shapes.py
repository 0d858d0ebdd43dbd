import numpy as np
import pytest
from matplotlib.path import Path
from scipy import ndimage

from cmdiad_core.annotation import shapes
from cmdiad_core.annotation.area import Area
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Provenance
from cmdiad_core.scoring.regions import find_regions

SHAPE = (40, 60)


def centres():
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]] + 0.5
    return np.stack([rows, columns], axis=-1)


@pytest.mark.parametrize("seed", range(8))
def test_polygon_is_what_matplotlib_says_of_each_centre(seed):
    rng = np.random.default_rng(seed)
    # A star has no edges that cross; some corners lie off the grid.
    angles = np.sort(rng.uniform(0, 2 * np.pi, 12))
    reach = rng.uniform(3, 45, 12)
    corners = np.stack([20 + reach * np.sin(angles), 30 + reach * np.cos(angles)], axis=1)
    expected = Path(corners).contains_points(centres().reshape(-1, 2)).reshape(SHAPE)
    np.testing.assert_array_equal(shapes.polygon([corners], SHAPE).on_grid(SHAPE), expected)


def test_ring_inside_a_ring_is_a_hole():
    outer = np.array([(2, 2), (2, 30), (30, 30), (30, 2)], float)
    inner = np.array([(10, 10), (10, 20), (20, 20), (20, 10)], float)
    mask = shapes.polygon([outer, inner], SHAPE).on_grid(SHAPE)
    assert mask.sum() == 28 * 28 - 10 * 10
    assert not mask[15, 15]


def test_polygon_of_a_million_corners_and_negative_ones():
    angles = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    circle = np.stack([20 + 15 * np.sin(angles), 30 + 15 * np.cos(angles)], axis=1)
    mask = shapes.polygon([circle], SHAPE).on_grid(SHAPE)
    expected = ((centres() - (20, 30)) ** 2).sum(axis=-1) < 15**2
    np.testing.assert_array_equal(mask, expected)
    everything = np.array([(-1e12, -1e12), (-1e12, 1e12), (1e12, 1e12), (1e12, -1e12)])
    assert shapes.polygon([everything], SHAPE).on_grid(SHAPE).all()
    beside = np.array([(-9, -9), (-9, -2), (-2, -2)], float)
    assert not shapes.polygon([beside], SHAPE).inside.any()


def test_polygon_that_cannot_be_drawn_is_one_sentence():
    zigzag = np.zeros((1_000_000, 2))
    zigzag[::2] = 4000
    with pytest.raises(InputError, match="1000000 corners"):
        shapes.polygon([zigzag], (4000, 4000))
    with pytest.raises(InputError, match="not a number"):
        shapes.polygon([np.array([(0, 0), (np.nan, 3), (4, 4)])], SHAPE)


@pytest.mark.parametrize(
    ("begin", "end", "radius"),
    [
        ((10, 10), (10, 10), 4),
        ((5.5, 3), (30, 50), 3),
        ((-5, -5), (4, 70), 6),
        ((39, 59), (8, 9), 0.2),
    ],
)
def test_brush_covers_every_centre_near_its_way(begin, end, radius):
    steps = np.linspace(begin, end, 4000)
    nearest = np.full(SHAPE, np.inf)
    for step in steps:
        np.minimum(nearest, np.hypot(*np.moveaxis(centres() - step, -1, 0)), out=nearest)
    mask = shapes.brush(begin, end, radius, SHAPE).on_grid(SHAPE)
    # Between two of the steps a centre may be a hair nearer.
    assert not (mask & (nearest > radius + 0.01)).any() or radius < 1
    assert mask[nearest <= radius].all()


def test_smallest_brush_marks_the_pixel_under_it():
    mask = shapes.brush((7.05, 9.95), (7.05, 9.95), 0.1, SHAPE).on_grid(SHAPE)
    assert np.argwhere(mask).tolist() == [[7, 9]]
    assert not shapes.brush((-50, -50), (-50, -50), 3, SHAPE).inside.any()


def test_wand_takes_what_is_connected_above_the_level():
    values = ndimage.gaussian_filter(np.random.default_rng(2).normal(size=SHAPE), 2)
    level = 0.05
    row, column = np.unravel_index(values.argmax(), SHAPE)
    wanted, seen = np.zeros(SHAPE, bool), [(row, column)]
    while seen:  # flood from neighbour to neighbour
        r, c = seen.pop()
        inside = 0 <= r < SHAPE[0] and 0 <= c < SHAPE[1]
        if inside and not wanted[r, c] and values[r, c] >= level:
            wanted[r, c] = True
            seen += [(r + i, c + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    assert 5 < wanted.sum() < (values >= level).sum()
    areas = shapes.ConnectedAreas(values.astype(np.float32), level, SHAPE)
    area = areas.at(row, column)
    np.testing.assert_array_equal(area.on_grid(SHAPE), wanted)
    low = np.unravel_index(values.argmin(), SHAPE)
    assert (
        not shapes.ConnectedAreas(values.astype(np.float32), level, values.shape)
        .at(*low)
        .inside.any()
    )


def test_region_as_label_has_the_regions_pixels():
    values = np.zeros(SHAPE, np.float32)
    values[3:9, 5:12] = 2
    values[30:33, 30:33] = 3
    sources = {"rgb": (Provenance.MEASURED, values)}
    region = find_regions(values, 1.0, sources, None)[1]
    area = shapes.ConnectedAreas(values, 1.0, values.shape).at(*region.peak)
    assert area.box == region.box
    assert area.inside.sum() == region.area_px


def test_lasso_takes_pixels_whose_points_are_seen_inside():
    pixels = np.random.default_rng(0).random(SHAPE) < 0.7
    seen = centres()[pixels][:, ::-1] * 1.7 + (0.3, 40)  # wherever the camera puts them
    loop = np.array([(20, 50), (80, 55), (60, 100), (15, 90)], float)
    mask = shapes.lasso(seen, loop, pixels).on_grid(SHAPE)
    expected = np.zeros(SHAPE, bool)
    for (row, column), place in zip(np.argwhere(pixels), seen, strict=True):
        sides = zip(loop, np.roll(loop, -1, axis=0), strict=True)
        turns = [np.cross((*(b - a), 0), (*(place - a), 0))[2] for a, b in sides]
        expected[row, column] = min(turns) > 0
    np.testing.assert_array_equal(mask, expected)
    assert mask.any()
    assert not shapes.lasso(seen, loop[:2], pixels).inside.any()


def test_area_of_a_mask_is_its_tight_box():
    mask = np.zeros(SHAPE, bool)
    mask[4, 7] = mask[9, 20] = True
    area = Area.of_mask(mask)
    assert area.box == (4, 7, 10, 21)
    np.testing.assert_array_equal(area.on_grid(SHAPE), mask)


@pytest.mark.parametrize("shape", [(96, 120), (50, 50), (23, 31), (61, 20)])
def test_wand_on_a_map_of_another_size_takes_the_blocks_that_are_seen(shape):
    values = np.random.default_rng(4).normal(size=(24, 40)).astype(np.float32)
    labels, _ = ndimage.label(values >= 0.2, np.ones((3, 3)))
    rows, columns = (
        ((np.arange(new) + 0.5) * old // new).astype(int)
        for new, old in zip(shape, values.shape, strict=True)
    )
    stretched = labels[rows][:, columns]
    areas = shapes.ConnectedAreas(values, 0.2, shape)
    for row, column in np.random.default_rng(5).integers(0, shape, (40, 2)):
        found = areas.at(row + 0.5, column + 0.5).on_grid(shape)
        here = stretched[row, column]
        np.testing.assert_array_equal(found, (stretched == here) & (here > 0))
