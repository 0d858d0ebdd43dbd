import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.linear_model import Ridge

from cmdiad_core.memory_bank import MemoryBank


@pytest.fixture
def patches():
    return np.random.default_rng(3).standard_normal((300, 12)).astype(np.float32)


def _fitted(patches, size=1000):
    """The bank of one part that has these patches."""
    return MemoryBank.fit({0: patches[None]}, size, len(patches), np.random.default_rng(0))


def _from_plane(query, entries):
    """Slow and obvious: what ridge regression on the neighbours of the nearest entry leaves."""
    nearest = entries[cdist(query[None], entries)[0].argmin()]
    neighbours = entries[cdist(nearest[None], entries)[0].argsort()[1:25]] - nearest
    ridge = Ridge(0.3 * np.square(neighbours).sum(1).mean(), fit_intercept=False, solver="svd")
    ridge.fit(neighbours.T.astype(np.float64), query - nearest)
    return np.linalg.norm(query - nearest - ridge.coef_ @ neighbours)


def test_distance_is_what_ridge_regression_on_the_neighbours_of_an_entry_leaves():
    rng = np.random.default_rng(4)
    # Normal patches lie in 6 of 12 dimensions, so that a plane has all of their directions.
    within = np.linalg.qr(rng.standard_normal((12, 6)))[0].T.astype(np.float32)
    patches = rng.standard_normal((300, 6)).astype(np.float32) @ within
    queries = (patches[:20] + 0.3 * rng.standard_normal((20, 12))).astype(np.float32)
    expected = [_from_plane(query, patches) for query in queries]
    found = _fitted(patches).distance(queries.reshape(4, 5, 12))
    np.testing.assert_allclose(found, np.reshape(expected, (4, 5)), rtol=2e-3)


@pytest.mark.parametrize(("channels", "directions"), [(40, 12), (12, 6), (5, 2), (1, 0)])
def test_a_plane_has_the_longest_directions_and_never_all(channels, directions):
    rng = np.random.default_rng(5)
    spread = np.geomspace(1, 0.02, channels)
    patches = (rng.standard_normal((25, channels)) * spread).astype(np.float32)
    planes = _fitted(patches).planes.astype(np.float64)
    assert planes.shape == (25, directions, channels)
    for entry, plane in zip(_fitted(patches).entries, planes, strict=True):
        apart = (patches - entry).astype(np.float64)
        _, _, axes = np.linalg.svd(apart[np.abs(apart).sum(1) > 0])
        lengths = np.linalg.norm(plane, axis=1)
        assert (np.diff(lengths) <= 1e-3).all()
        assert (lengths <= 1.001).all()
        np.testing.assert_allclose(np.abs(plane @ axes[:directions].T), np.diag(lengths), atol=5e-3)


def test_a_patch_between_entries_is_nearer_than_to_any_of_them():
    corners = np.array([[x, y, 0, 0] for x in range(9) for y in range(9)], np.float32)
    inside = np.array([[3.5, 4.5, 0, 0]], np.float32)
    off = inside + np.float32([0, 0, 0.4, 0])
    bank = _fitted(corners)
    nearest = cdist(inside, corners).min()
    assert bank.distance(inside)[0] < 0.4 * nearest
    assert 0.4 <= bank.distance(off)[0] < np.hypot(0.4, 0.4 * nearest)


def test_a_patch_in_the_bank_is_at_distance_0(patches):
    np.testing.assert_allclose(_fitted(patches).distance(patches), 0, atol=2e-3)
    np.testing.assert_array_equal(
        _fitted(patches[:3]).joined(_fitted(patches)).distance(patches), 0
    )


@pytest.mark.parametrize("count", [1, 30])
def test_without_other_entries_the_plane_is_a_point(patches, count):
    same = np.repeat(patches[:1], count, axis=0)
    expected = cdist(patches[1:9], patches[:1])[:, 0]
    np.testing.assert_allclose(_fitted(same).distance(patches[1:9]), expected, rtol=1e-5)


def test_to_a_taught_patch_counts_the_plain_distance_and_the_smaller_of_both(patches):
    fitted = _fitted(patches[:200])
    taught = MemoryBank(patches[200:], np.zeros((100, 3), np.int32))
    queries = patches[150:250] + np.random.default_rng(6).normal(0, 0.3, (100, 12))
    queries = queries.astype(np.float32)
    plain = cdist(queries, patches[200:]).min(1)
    np.testing.assert_allclose(taught.distance(queries), plain, rtol=1e-4)
    both = fitted.joined(taught).distance(queries)
    np.testing.assert_allclose(both, np.minimum(plain, fitted.distance(queries)), rtol=1e-4)
    assert 45 < (both < fitted.distance(queries)).sum() < 70


def _slow_extension(known, patches, radius, most):
    """Every round, take the patch farthest from what is known and from all that were taken."""
    picked = []
    while len(picked) < most:
        distance = known
        if picked:
            distance = np.minimum(known, cdist(patches, patches[picked]).min(1))
        if distance.max() <= radius:
            break
        picked.append(int(distance.argmax()))
    return picked


@pytest.mark.parametrize("most", [5, 1000])
def test_a_coreset_is_extended_by_what_lies_farther_than_its_radius(patches, most):
    bank = _fitted(patches, 120)
    known = bank.distance(patches)
    assert bank.radius == pytest.approx(np.quantile(known, 0.99))
    assert (known == 0).sum() < 150
    assert (known > bank.radius).sum() == 3

    new = patches[:100] * np.float32(1.3) + 0.2
    expected = _slow_extension(bank.distance(new), new, bank.radius, most)
    added = bank.uncovered({7: new.reshape(10, 10, -1)}, most)
    assert 0 < len(expected) < 100
    np.testing.assert_array_equal(added.entries, new[expected])
    places = [(7, pick // 10, pick % 10) for pick in expected]
    np.testing.assert_array_equal(added.origins, places)


def test_known_patches_add_nothing_and_nothing_is_forgotten(patches):
    bank = _fitted(patches, 120)
    covered = patches[bank.distance(patches) <= bank.radius]
    assert bank.uncovered({0: covered[None]}, 1000) is None
    strange = np.full((2, 2, 12), np.nan, np.float32)
    assert bank.uncovered({0: strange}, 10) is None
    strange[0, 1] = 9
    added = bank.uncovered({3: strange}, 10)
    assert added.origins.tolist() == [[3, 0, 1]]
    larger = bank.joined(added)
    np.testing.assert_array_equal(larger.origins[:-1], bank.origins)
    assert larger.radius == bank.radius
    assert (larger.distance(patches) <= bank.distance(patches)).all()
    assert larger.distance(strange)[0, 1] == 0 < bank.distance(strange)[0, 1]
