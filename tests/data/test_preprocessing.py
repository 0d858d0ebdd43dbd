from dataclasses import replace

import numpy as np
import pytest
from sklearn.cluster import DBSCAN

from cmdiad_core.data.preprocessing import Distances, preprocessed, squared
from cmdiad_core.data.preprocessing._cluster import largest_cluster
from cmdiad_core.data.preprocessing._plane import heights_over_plane
from cmdiad_core.errors import InputError
from cmdiad_core.sample import Sample

SHAPE = (60, 90)
BOX = (slice(20, 40), slice(30, 70))
PITCH = 0.001


def _table():
    """An exactly planar table, tilted in both directions."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]] * PITCH
    return np.stack([x, y, 0.5 + 0.3 * x - 0.1 * y], -1)


def _cloud(place=BOX, height=0.012):
    cloud = _table()
    cloud[(*place, 2)] -= height
    return cloud.astype(np.float32)


def _sample(cloud=None, **more):
    rng = np.random.default_rng(1)
    measured = {
        "rgb": rng.uniform(0.2, 1, (*SHAPE, 3)).astype(np.float32),
        "cloud": _cloud() if cloud is None else cloud,
        "infrared": rng.uniform(0.2, 1, SHAPE).astype(np.float32),
    }
    return replace(Sample("part/1", measured, metric=True), **more)


def _inside(place=BOX):
    mask = np.zeros(SHAPE, bool)
    mask[place] = True
    return mask


@pytest.mark.parametrize("noise", [0, 0.0004])
def test_heights_are_those_over_the_plane_of_least_squares(noise):
    cloud = _cloud() + np.random.default_rng(0).normal(0, noise, (*SHAPE, 3)).astype(np.float32)
    points = cloud[~_inside()].astype(np.float64)
    columns = np.stack([points[:, 0], points[:, 1], np.ones(len(points))], 1)
    a, b, c = np.linalg.lstsq(columns, points[:, 2], rcond=None)[0]
    x, y, z = np.moveaxis(cloud.astype(np.float64), -1, 0)
    expected = np.abs(a * x + b * y + c - z) / np.sqrt(a * a + b * b + 1)
    # Only the border is fitted here, so noise moves the plane by a fraction of itself.
    np.testing.assert_allclose(
        heights_over_plane(cloud, 0.004, ""), expected, atol=1e-6 + noise / 4
    )


def test_a_part_that_covers_nearly_half_of_the_border_does_not_become_the_plane():
    place = (slice(0, 24), slice(0, 90))
    heights = heights_over_plane(_cloud(place), 0.001, "")
    assert heights[24:].max() < 1e-6
    assert heights[:24].min() > 0.011


def test_only_the_part_is_left_in_every_modality_on_a_square():
    sample = _sample()
    before = {name: values.copy() for name, values in sample.measured.items()}
    kept, mask = preprocessed(sample)
    side = slice(15, 75)
    np.testing.assert_array_equal(mask[side], _inside())
    assert mask.shape == kept.shape == (90, 90)
    assert not mask[:15].any()
    assert not mask[75:].any()
    for name, values in sample.measured.items():
        np.testing.assert_array_equal(values, before[name])
        np.testing.assert_array_equal(kept.measured[name][side][BOX], values[BOX])
    assert (kept.measured["rgb"][~mask] == 0).all()
    assert (kept.measured["infrared"][~mask] == 0).all()
    assert np.isnan(kept.measured["cloud"][~mask]).all()
    assert kept.measured["rgb"].dtype == np.float32


def test_the_same_part_gives_the_same_every_time():
    noisy = _cloud() + np.random.default_rng(0).normal(0, 0.001, (*SHAPE, 3)).astype(np.float32)
    first, second = (preprocessed(_sample(noisy)) for _ in range(2))
    np.testing.assert_array_equal(first[1], second[1])


def test_a_thing_beside_the_part_is_blanked():
    cloud = _cloud()
    cloud[45:52, 5:20, 2] -= 0.02
    _, mask = preprocessed(_sample(cloud))
    np.testing.assert_array_equal(mask[15:75], _inside())


def test_missing_points_in_the_part_belong_to_it_and_the_table_seen_through_it_does_not():
    cloud = _cloud()
    cloud[22:26, 35:40] = np.nan
    cloud[30:35, 50:60] = _table()[30:35, 50:60]
    # At the rim of the part, and on the table.
    cloud[20:24, 66:70] = np.nan
    cloud[5:9, 5:9] = np.nan
    kept, mask = preprocessed(_sample(cloud))
    expected = _inside()
    expected[30:35, 50:60] = expected[20:24, 66:70] = False
    np.testing.assert_array_equal(mask[15:75], expected)
    assert (kept.measured["rgb"][15:75][22:26, 35:40] > 0).all()


def test_distances_decide_what_is_thin_and_what_is_one_part():
    thin = _sample(_cloud(height=0.003))
    with pytest.raises(InputError, match="smaller plane distance"):
        preprocessed(thin)
    _, mask = preprocessed(thin, Distances(plane=0.002, cluster=0.006))
    assert mask.sum() == _inside().sum()
    apart = _cloud()
    apart[20:40, 45:55] = _table()[20:40, 45:55]
    _, near = preprocessed(_sample(apart))
    _, far = preprocessed(_sample(apart), Distances(plane=0.005, cluster=0.016))
    assert (near.sum(), far.sum()) == (20 * 15, 2 * 20 * 15)


@pytest.mark.parametrize("seed", range(4))
def test_the_largest_cluster_is_that_of_plain_dbscan(seed):
    """Curved sheets and sprinkled points, against scikit-learn on every single point."""
    rng = np.random.default_rng(seed)
    u, v = rng.uniform(0, 1, (2, 3000))
    sheet = np.stack([0.03 * u, 0.03 * v, 0.004 * np.sin(6 * u)], 1)
    small = np.stack([0.05 + 0.01 * u[:900], 0.02 * v[:900], 0.002 * v[:900]], 1)
    noise = rng.uniform((-0.02, -0.02, -0.02), (0.09, 0.06, 0.03), (150, 3))
    points = np.concatenate([small, sheet, noise])
    labels = DBSCAN(eps=0.003, min_samples=30).fit(points).labels_
    expected = labels == np.argmax(np.bincount(labels[labels >= 0]))
    found = largest_cluster(points, 0.003)
    assert expected[900:3900].mean() > 0.99
    assert (found != expected).mean() < 0.005


def test_points_that_are_nowhere_dense_are_no_cluster():
    grid = np.stack(np.mgrid[:9, :9, :1], -1).reshape(-1, 3) * 0.01
    assert not largest_cluster(grid, 0.006).any()
    with pytest.raises(InputError, match="larger cluster distance"):
        preprocessed(_sample(_cloud() * 5))


def _rubble():
    cloud = _table()
    cloud[..., 2] += np.random.default_rng(0).uniform(0, 0.4, SHAPE)
    return cloud


def _without_border():
    cloud = _cloud()
    cloud[~_inside((slice(10, -10), slice(10, -10)))] = np.nan
    return cloud


@pytest.mark.parametrize(
    ("cloud", "words"),
    [
        (_table(), "nothing that is 5 mm or more off"),
        (np.full((*SHAPE, 3), np.nan), "no points along its border"),
        (_without_border(), "no points along its border"),
        (np.tile([0.1, 0.2, 0.5], (*SHAPE, 1)), "no plane|nothing"),
        (_rubble(), "shows no plane"),
    ],
    ids=["all on the plane", "all missing", "border missing", "one point", "no plane"],
)
def test_a_cloud_without_plane_or_part_is_one_sentence(cloud, words):
    sample = _sample(cloud.astype(np.float32), files={"cloud": "scan.tiff"})
    with pytest.raises(InputError, match=rf"^scan.tiff: .*({words})") as caught:
        preprocessed(sample)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (3, 3), (21, 4)])
def test_clouds_of_a_few_points_are_refused(shape):
    rng = np.random.default_rng(0)
    cloud = rng.uniform(0.1, 0.2, (*shape, 3)).astype(np.float32)
    with pytest.raises(InputError):
        preprocessed(Sample("x", {"cloud": cloud}, metric=True))


def test_what_the_cloud_cannot_tell_is_not_guessed():
    with pytest.raises(InputError, match=r"^part/1: has no cloud"):
        preprocessed(_sample().using(("rgb",)))
    with pytest.raises(InputError, match="not in metres"):
        preprocessed(_sample(metric=False))
    with pytest.raises(InputError, match="not registered"):
        preprocessed(_sample(registered=False))


@pytest.mark.parametrize("shape", [(3, 8), (8, 3, 3), (5, 5), (4, 5)])
def test_a_square_has_its_content_in_the_middle(shape):
    values = np.arange(np.prod(shape), dtype=np.float32).reshape(shape) + 1
    square = squared(values, empty=0.0)
    side = max(shape[:2])
    assert square.shape == (side, side, *shape[2:])
    top, left = ((side - length) // 2 for length in shape[:2])
    inner = square[top : top + shape[0], left : left + shape[1]]
    np.testing.assert_array_equal(inner, values)
    assert np.count_nonzero(square) == values.size
