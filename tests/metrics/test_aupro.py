import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import ndimage

from cmdiad_core.metrics import aupro

LIMITS = (0.3, 0.01, 1.0)


def obvious(masks, maps, limit):
    """Every distinct threshold, every component, then the area of every trapezium."""
    components = []
    for part, mask in enumerate(masks):
        labels, count = ndimage.label(mask, np.ones((3, 3)))
        components += [(part, labels == label) for label in range(1, count + 1)]
    n_good = sum(int((~mask).sum()) for mask in masks)
    curve = [(0.0, 0.0)]
    for threshold in sorted({float(v) for one in maps for v in one.ravel()}, reverse=True):
        found = [one >= threshold for one in maps]
        false = sum(int((f & ~mask).sum()) for f, mask in zip(found, masks, strict=True))
        overlaps = [found[part][inside].mean() for part, inside in components]
        curve.append((false / n_good, sum(overlaps) / len(overlaps)))
    area = 0.0
    for (x0, y0), (x1, y1) in pairwise(curve):
        if x0 >= limit:
            break
        if x1 > limit:
            y1 = y0 + (y1 - y0) * (limit - x0) / (x1 - x0)
            x1 = limit
        area += (x1 - x0) * (y0 + y1) / 2
    return area / limit


def draw(seed: int, levels: int | None):
    """Parts of different sizes, defects in corners, at borders, touching by a corner; good ones."""
    rng = np.random.default_rng(seed)
    masks, maps = [], []
    for shape in ((12, 17), (9, 9), (20, 6), (7, 11)):
        mask = ndimage.binary_opening(rng.random(shape) < 0.45)
        mask[0, :3] = mask[-2:, -1] = True
        mask[4, 2] = mask[5, 3] = True
        masks.append(mask if shape != (9, 9) else np.zeros(shape, bool))
        noise = rng.standard_normal(shape) + 1.2 * masks[-1]
        maps.append(noise if levels is None else np.round(noise * levels) / levels)
    return masks, maps


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("levels", [None, 3, 1])
@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_the_obvious_way(seed, levels, limit):
    masks, maps = draw(seed, levels)
    assert aupro(masks, maps, limit) == pytest.approx(obvious(masks, maps, limit), abs=1e-12)


def test_every_defect_counts_the_same_whatever_its_size():
    mask = np.zeros((20, 20), bool)
    mask[:10, :10] = mask[15, 15] = True
    only_large = np.where(mask, 1.0, 0.0)
    only_large[15, 15] = -1
    # The small one comes last: half of the overlap is there at once, the rest never.
    assert aupro([mask], [only_large], 0.3) == pytest.approx(0.5)


def test_maps_that_hold_no_number_are_refused():
    masks, maps = draw(0, None)
    maps[1][2, 3] = math.nan
    with pytest.raises(ValueError, match="NaN"):
        aupro(masks, maps)


def test_components_touch_by_corners():
    mask = np.zeros((6, 6), bool)
    mask[1, 1] = mask[2, 2] = mask[5, 5] = True
    found = np.where(mask, 1.0, 0.0)
    found[5, 5] = -1
    assert aupro([mask], [found], 0.3) == pytest.approx(0.5)


def test_a_perfect_map_is_1_and_a_constant_one_as_good_as_chance():
    masks, _ = draw(0, None)
    assert aupro(masks, [mask.astype(float) for mask in masks]) == pytest.approx(1)
    constant = [np.zeros(mask.shape) for mask in masks]
    assert aupro(masks, constant, 1.0) == pytest.approx(0.5)
    assert aupro(masks, constant, 0.3) == pytest.approx(0.15)


def test_where_a_class_is_empty_there_is_no_number():
    zero = np.zeros((4, 4))
    assert math.isnan(aupro([zero.astype(bool)], [zero]))
    assert math.isnan(aupro([zero == 0], [zero]))
    assert math.isnan(aupro([], []))


@pytest.mark.parametrize(
    ("limit", "name"), [(0.3, "aupro_30_100thresholds"), (0.01, "aupro_01_100thresholds")]
)
def test_agrees_with_the_published_implementation(parity, limit, name):
    with np.load(parity / "utilities.npz") as known:
        masks, maps = known["aupro_gt"], known["aupro_pred"]
        expected = float(known[name])
    published = aupro(list(masks), list(maps), limit, thresholds=100)
    assert published == pytest.approx(expected, abs=1e-6)
    # A hundred thresholds cut corners of a curve that bends down; up to 1 % lies only one of them.
    assert expected < aupro(list(masks), list(maps), limit) < expected + 0.05
