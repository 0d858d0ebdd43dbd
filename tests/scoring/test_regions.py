import numpy as np
import pytest
from scipy import ndimage

from cmdiad_core.inspection import Provenance
from cmdiad_core.scoring import find_regions

STEP = 0.002  # metres between points along the columns


def _tilted(shape=(40, 50), degrees=60.0):
    """A plane seen along z: STEP between columns, STEP / cos along the slope between rows."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float64)
    slope = np.tan(np.radians(degrees))
    cloud = np.stack([columns * STEP, rows * STEP, 0.5 + rows * STEP * slope], -1)
    return cloud.astype(np.float32)


def _map(*boxes, shape=(40, 50)):
    fused = np.zeros(shape, np.float32)
    for (top, left, bottom, right), value in boxes:
        fused[top:bottom, left:right] = value
    return fused


def _find(fused, cloud=None, limit=1.0, sources=None):
    return find_regions(fused, limit, sources or {"rgb": (Provenance.MEASURED, fused)}, cloud)


def test_regions_are_the_connected_areas_at_or_above_the_limit_highest_first():
    rng = np.random.default_rng(0)
    fused = ndimage.gaussian_filter(rng.normal(size=(80, 90)), 3).astype(np.float32)
    fused /= fused.std()
    regions = _find(fused)
    labels, count = ndimage.label(fused >= 1.0, ndimage.generate_binary_structure(2, 2))
    assert len(regions) == count > 5
    scores = [region.score for region in regions]
    assert scores == sorted(scores, reverse=True)
    for region in regions:
        label = labels[region.peak]
        inside = labels == label
        rows, columns = np.nonzero(inside)
        assert region.area_px == inside.sum()
        assert region.score == fused[inside].max() == fused[region.peak]
        box = (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
        assert region.box == box


def test_the_limit_itself_is_inside_and_touching_corners_are_one_region():
    fused = _map(((2, 2, 4, 4), 1.0), ((4, 4, 6, 6), 2.0), ((10, 10, 12, 12), 0.999))
    (region,) = _find(fused)
    assert region.area_px == 8
    assert region.box == (2, 2, 6, 6)


def test_nothing_above_the_limit_is_no_region():
    assert _find(_map(((2, 2, 4, 4), 0.5))) == ()


def test_the_region_is_named_after_the_measured_modality_that_is_highest_at_its_peak():
    fused = _map(((2, 2, 5, 5), 2.0), ((20, 20, 25, 25), 3.0))
    rgb = _map(((2, 2, 5, 5), 4.0), ((20, 20, 25, 25), 1.0))
    cloud = _map(((2, 2, 5, 5), 1.0), ((20, 20, 25, 25), 4.0))
    seen = {"rgb": (Provenance.MEASURED, rgb), "cloud": (Provenance.MEASURED, cloud)}
    assert [r.modality for r in _find(fused, sources=seen)] == ["cloud", "rgb"]


@pytest.mark.parametrize(("measured", "named"), [(1.0, "cloud"), (0.9, "infrared")])
def test_a_prediction_names_a_region_only_where_no_measurement_reaches_the_limit(measured, named):
    fused, box = _map(((2, 2, 5, 5), 2.0)), (2, 2, 5, 5)
    seen = {
        "cloud": (Provenance.MEASURED, _map((box, measured))),
        "rgb": (Provenance.PREDICTED, _map((box, 2.0))),
        "infrared": (Provenance.PREDICTED, _map((box, 4.0))),
    }
    (region,) = _find(fused, sources=seen)
    assert (region.modality, region.provenance) == (named, seen[named][0])


def test_sizes_on_a_tilted_plane_are_those_along_the_plane():
    fused = _map(((5, 10, 15, 30), 2.0))
    fused[7, 12] = 3
    cloud = _tilted()
    (region,) = _find(fused, cloud)
    assert region.area_mm2 == pytest.approx(10 * 20 * 2 * 4, rel=1e-3)  # cells of 2 x 4 mm
    # The principal axis of a 36 x 38 mm sheet, up to its diagonal.
    assert 36 <= region.extent_mm <= np.hypot(36, 38)
    assert region.position_mm == pytest.approx(cloud[7, 12].astype(float) * 1000)


def test_the_extent_of_a_long_region_is_its_length():
    (region,) = _find(_map(((5, 5, 35, 9), 2.0)), _tilted())
    assert region.extent_mm == pytest.approx(29 * 4, rel=1e-3)
    assert region.length_px == pytest.approx(30, rel=1e-3)


def test_the_length_in_pixels_is_along_the_longest_axis():
    fused = np.where(np.eye(40, 50), 2, 0).astype(np.float32)
    (region,) = _find(fused)
    assert region.length_px == pytest.approx(39 * np.sqrt(2) + 1)


@pytest.mark.parametrize("box", [(5, 10, 6, 30), (5, 10, 25, 11)])
def test_a_region_one_pixel_wide_has_an_area(box):
    (region,) = _find(_map((box, 2.0)), _tilted())
    assert region.area_mm2 == pytest.approx(20 * 2 * 4, rel=1e-3)


@pytest.mark.parametrize(("pixels", "length"), [(1, 8**0.5), (2, 8**0.5), (3, 4)])
def test_a_region_of_a_few_pixels_has_a_size(pixels, length):
    (region,) = _find(_map(((5, 10, 6, 10 + pixels), 2.0)), _tilted())
    assert region.area_mm2 == pytest.approx(pixels * 8, rel=1e-3)  # cells of 2 x 4 mm
    assert region.extent_mm == pytest.approx(length, rel=1e-3)  # at least the side of a square one


@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_hole_in_the_cloud_has_the_size_that_the_surface_around_it_would_have(left):
    fused, cloud = _map(((5, 10, 15, 30), 2.0)), _tilted()
    (whole,) = _find(fused, cloud)
    cloud[5:15, 10:30] = np.nan
    cloud[7, 12 : 12 + left] = _tilted()[7, 12 : 12 + left]
    (region,) = _find(fused, cloud)
    assert region.area_mm2 == pytest.approx(whole.area_mm2, rel=1e-3)
    assert region.extent_mm == pytest.approx(whole.extent_mm, rel=1e-3)
    assert region.position_mm == pytest.approx(whole.position_mm, rel=1e-3)


def test_a_step_from_the_part_to_what_lies_behind_it_is_no_surface():
    fused, cloud = _map(((5, 10, 15, 30), 2.0)), _tilted(degrees=0)
    (flat,) = _find(fused, cloud)
    cloud[:10, :, 2] -= 0.3
    (region,) = _find(fused, cloud)
    assert region.area_mm2 == pytest.approx(flat.area_mm2, rel=1e-3) == 200 * 4
    assert region.extent_mm == pytest.approx(flat.extent_mm, rel=1e-3)


def test_the_walls_of_a_dent_are_surface():
    rows, columns = np.mgrid[:40, :50]
    cloud = _tilted(degrees=0)
    # A pyramid whose walls lean by 60 degrees: twice the area it covers.
    inside = np.minimum(6 - abs(rows - 20), 6 - abs(columns - 25)).clip(0)
    cloud[..., 2] += inside * STEP * np.tan(np.radians(60))
    (region,) = _find(_map(((15, 20, 26, 31), 2.0)), cloud)
    assert region.area_mm2 == pytest.approx(11 * 11 * 4 * 2, rel=0.15)


def test_a_region_inside_a_hole_has_a_size():
    cloud = _tilted()
    cloud[5:15, 10:20] = np.nan
    (region,) = _find(_map(((9, 14, 10, 16), 2.0)), cloud)
    assert region.area_mm2 == pytest.approx(2 * 8, rel=1e-3)


def test_single_points_in_holes_count_as_cells_of_the_surface_around():
    cloud = _tilted()
    cloud[6:14:2, 11:29:2] = np.nan
    cloud[5:15:2, 10:30:2] = np.nan
    (region,) = _find(_map(((5, 10, 15, 30), 2.0)), cloud)
    assert region.area_mm2 == pytest.approx(10 * 20 * 8, rel=1e-3)


def test_holes_of_the_part_are_in_the_area_and_what_lies_beside_it_is_not():
    cloud = _tilted()
    cloud[8:10, 15:20] = np.nan
    cloud[:, 29:] = np.nan
    fused = _map(((5, 10, 15, 30), 2.0))
    fused[9, 16] = 3
    (region,) = _find(fused, cloud)
    assert region.area_px == 200
    assert region.area_mm2 == pytest.approx(190 * 8, rel=1e-3)  # not its last column
    assert region.position_mm == pytest.approx(_tilted()[9, 16].astype(float) * 1000, rel=1e-3)


def test_a_region_without_any_point_near_it_has_no_size():
    cloud = _tilted()
    cloud[:23, :38] = np.nan
    (region,) = _find(_map(((5, 10, 15, 30), 2.0)), cloud)
    assert (region.area_mm2, region.extent_mm, region.position_mm) == (None, None, None)


def test_without_a_cloud_there_are_pixels_only():
    (region,) = _find(_map(((5, 10, 15, 30), 2.0)))
    assert region.area_px == 200
    assert region.length_px == pytest.approx(20, abs=4)
    assert (region.area_mm2, region.extent_mm, region.position_mm) == (None, None, None)
    assert region.depth_mm is None


def test_of_very_many_regions_the_hundred_highest_are_kept():
    fused = np.zeros((40, 50), np.float32)
    fused[::3, ::3] = 2 + np.random.default_rng(0).random(fused[::3, ::3].shape)
    regions = _find(fused)
    highest = np.sort(fused[fused > 0])[::-1][:100]
    assert [region.score for region in regions] == pytest.approx(highest.tolist())
