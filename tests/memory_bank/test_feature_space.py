import numpy as np
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from cmdiad_core.memory_bank import FeatureSpace


def _parts():
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(8, 8))
    parts = [(rng.normal(size=(300, 8)) @ mixing + 5).astype(np.float32) for _ in range(4)]
    parts[1][::7] = np.nan
    return parts


def test_components_are_those_of_standardised_channels():
    parts = _parts()
    rows = np.concatenate(parts)
    rows = rows[np.isfinite(rows[:, 0])]
    standard = StandardScaler().fit_transform(rows.astype(np.float64))
    expected = PCA(3).fit_transform(standard) / np.sqrt(8)
    found = FeatureSpace.fit(parts, components=3, floor=0.0)(rows)
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-4)


def test_normal_patches_have_a_mean_square_length_of_one():
    parts = _parts()
    lengths = np.square(FeatureSpace.fit(parts, components=8, floor=0.0)(parts[0])).sum(-1)
    assert abs(lengths.mean() - 1) < 0.1


def test_a_channel_that_hardly_varies_is_not_blown_up():
    parts = _parts()
    for part in parts:
        part[:, 0] = 1e-4 * part[:, 0]
    space = FeatureSpace.fit(parts, components=8, floor=0.5)
    moved = parts[0].copy()
    moved[:, 0] += 0.01
    assert np.abs(space(moved) - space(parts[0]))[::7].max() < 0.02


def test_places_where_nothing_was_measured_stay_so():
    parts = _parts()
    found = FeatureSpace.fit(parts, components=3, floor=0.1)(parts[1])
    assert np.isnan(found[::7]).all()
    assert np.isfinite(found[1:7]).all()
