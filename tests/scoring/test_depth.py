"""Depth of regions: on analytic surfaces, and on demo cells whose generator knows it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy import ndimage

from cmdiad_core.data.demo import Flaw, draw_part, render
from cmdiad_core.data.demo.camera import to_pixels
from cmdiad_core.data.demo.defects import mark
from cmdiad_core.data.demo.geometry import build_scene
from cmdiad_core.inspection import Provenance
from cmdiad_core.scoring import find_regions

STEP = 0.5  # mm between columns and between rows, seen along z
SHAPE = (70, 80)
CENTRE = (30, 40)


def _distance(radius=1.0):
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float64)
    return np.hypot(rows - CENTRE[0], columns - CENTRE[1]) / radius


def _surface(height, degrees=0.0, curvature=0.0):
    """A sheet whose normal is tilted in the direction of the rows; heights along that normal."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float64) * STEP
    x, y = columns - CENTRE[1] * STEP, rows - CENTRE[0] * STEP
    height = height - curvature * (x**2 + y**2)
    tilt = np.radians(degrees)
    turned_y, turned_z = y * np.cos(tilt) + height * np.sin(tilt), y * np.sin(tilt)
    z = 400 + turned_z - height * np.cos(tilt)
    return (np.stack([x, turned_y, z], -1) / 1000).astype(np.float32)


def _depth(cloud, inside):
    fused = np.where(inside, 2, 0).astype(np.float32)
    (region,) = find_regions(fused, 1.0, {"cloud": (Provenance.MEASURED, fused)}, cloud)
    return region.depth_mm


@pytest.mark.parametrize("degrees", [0, 35, 60])
@pytest.mark.parametrize("depth", [0.8, -0.8])
def test_a_step_on_a_tilted_plane_is_as_high_as_along_its_normal(degrees, depth):
    inside = _distance() < 8
    cloud = _surface(np.where(inside, depth, 0), degrees)
    assert _depth(cloud, inside) == pytest.approx(depth, rel=1e-3)


@pytest.mark.parametrize("depth", [0.5, -0.5])
def test_the_curvature_of_the_part_is_no_depth(depth):
    bump = depth * np.exp(-(_distance(3.0) ** 2))
    cloud = _surface(bump, degrees=20, curvature=0.01)
    inside = _distance() < 6
    deepest = np.copysign(np.percentile(np.abs(bump[inside]), 98), depth)
    assert _depth(cloud, inside) == pytest.approx(deepest, rel=0.03)


def test_noise_wild_points_an_edge_and_holes_around_change_little():
    rng = np.random.default_rng(0)
    inside = _distance() < 8
    cloud = _surface(np.where(inside, -0.8, 0), 15)
    cloud[..., 2] += rng.normal(0, 0.01e-3, SHAPE)
    wild = rng.random(SHAPE) < 0.1
    cloud[..., 2] -= np.where(wild & ~inside, 5e-3, 0)
    cloud[rng.random(SHAPE) < 0.1] = np.nan
    cloud[:, 51:, 2] += 3e-3  # the part ends beside the region
    assert _depth(cloud, inside) == pytest.approx(-0.8, abs=0.05)


def test_another_region_beside_is_no_surroundings():
    inside, beside = _distance() < 8, _distance() > 14
    cloud = _surface(np.where(inside, 0.5, np.where(beside, -3, 0)))
    fused = np.where(inside, 3, np.where(beside, 2, 0)).astype(np.float32)
    first, _ = find_regions(fused, 1.0, {"cloud": (Provenance.MEASURED, fused)}, cloud)
    assert first.depth_mm == pytest.approx(0.5, rel=1e-3)


def test_without_points_around_or_inside_there_is_no_depth():
    inside = _distance() < 8
    lonely = _surface(np.zeros(SHAPE))
    lonely[~inside] = np.nan
    assert _depth(lonely, inside) is None
    hollow = _surface(np.zeros(SHAPE))
    hollow[inside] = np.nan
    assert _depth(hollow, inside) is None
    assert _depth(_surface(np.zeros(SHAPE)), np.ones(SHAPE, bool)) is None
    assert _depth(None, inside) is None


@cache
def _cell(kind, seed):
    """A cell with a flaw: the flaw's true height, its outline, the cloud, room to the wall."""
    part = draw_part(np.random.default_rng(seed))
    part = replace(part, flaw=Flaw(kind, 0.3 + 0.05 * seed, seed))
    made = render(part, np.random.default_rng(1))
    scene = build_scene(part)
    heights = to_pixels(mark(scene, part.flaw).height * scene.part)
    cloud = np.where(made.cloud[..., 2:] == 0, np.nan, made.cloud)
    around = ndimage.binary_dilation(made.mask, iterations=8)
    return heights, made.mask, cloud, -float(to_pixels(scene.cup)[around].max())


@pytest.mark.parametrize("seed", range(8))
def test_the_depth_of_a_dent_in_a_cell_is_what_was_made(seed):
    heights, mask, cloud, room = _cell("dent", seed)
    truth = float(heights.min())
    depth = _depth(cloud, mask)
    assert depth < 0
    # On the pocket's top within a tenth and the camera's noise; beside its wall half more.
    tolerance = 0.1 * -truth + 0.03 if room > 4 else 0.6 * -truth
    assert depth == pytest.approx(truth, abs=tolerance)


@pytest.mark.parametrize("seed", [0, 2, 3, 4])
def test_a_swelling_stands_out_by_what_it_has_over_its_outline(seed):
    heights, mask, cloud, _ = _cell("swelling", seed)
    # What is called swollen begins at 0.35 of the height: around it the cell is swollen too.
    truth = 0.65 * float(heights.max())
    assert _depth(cloud, mask) == pytest.approx(truth, rel=0.2)
