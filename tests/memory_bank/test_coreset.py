import numpy as np
import pytest
from scipy.spatial.distance import cdist

from cmdiad_core.memory_bank import MemoryBank, greedy_k_centre


@pytest.fixture
def patches():
    return np.random.default_rng(3).standard_normal((300, 12)).astype(np.float32)


def test_picks_those_of_the_published_implementation(parity):
    with np.load(parity / "utilities.npz") as known:
        picks = greedy_k_centre(known["coreset_input"], 200, start=0)
        np.testing.assert_array_equal(picks, known["coreset_index"])


@pytest.mark.parametrize("start", [0, 17])
def test_every_pick_is_the_farthest_from_those_before(patches, start):
    picks = greedy_k_centre(patches, 40, start)
    distance = cdist(patches, patches)
    assert picks[0] == start
    for step in range(1, 40):
        assert picks[step] == distance[:, picks[:step]].min(1).argmax()


def test_all_patches_are_picked_once_where_there_are_few(patches):
    assert sorted(greedy_k_centre(patches[:7], 40)) == list(range(7))
    same = np.ones((5, 3), np.float32)
    assert sorted(greedy_k_centre(same, 5)) == list(range(5))
    assert greedy_k_centre(patches[:0], 3).shape == (0,)


def _taught(patches):
    return MemoryBank(patches, np.zeros((len(patches), 3), np.int32))


def _maps(patches):
    """The same patches as two parts."""
    half = len(patches) // 2
    return {0: patches[None, :half], 1: patches[None, half:]}


def test_where_nothing_was_measured_there_is_no_distance(patches):
    queries = patches[:4] + 1
    queries[2] = np.nan
    distance = _taught(patches).distance(queries)
    assert np.isnan(distance).tolist() == [False, False, True, False]
    assert np.isnan(_taught(patches).distance(np.full((3, 12), np.nan, np.float32))).all()


def test_fit_keeps_the_size_asked_for_and_no_patch_without_a_measurement(patches):
    patches[::3] = np.nan
    rng = np.random.default_rng(0)
    bank = MemoryBank.fit(_maps(patches), size=50, candidates=120, rng=rng)
    assert bank.entries.shape == (50, 12)
    assert np.isfinite(bank.entries).all()
    known = {row.tobytes() for row in patches}
    assert all(row.tobytes() in known for row in bank.entries)


def test_fit_gives_the_same_bank_for_the_same_seed(patches):
    first, second = (
        MemoryBank.fit(_maps(patches), 30, 100, np.random.default_rng(5)) for _ in range(2)
    )
    np.testing.assert_array_equal(first.entries, second.entries)
    np.testing.assert_array_equal(first.origins, second.origins)


def test_every_entry_of_a_fitted_bank_is_found_at_its_origin():
    rng = np.random.default_rng(2)
    shapes = {2: (7, 5), 3: (1, 9), 7: (4, 11)}  # parts of different grids, some left out
    maps = {n: rng.normal(size=(*shape, 6)).astype(np.float32) for n, shape in shapes.items()}
    maps[2][1:3] = np.nan
    bank = MemoryBank.fit(maps, size=60, candidates=70, rng=rng)
    assert bank.origins.shape == (60, 3)
    assert set(bank.origins[:, 0]) == set(shapes)
    found = [maps[part][row, column] for part, row, column in bank.origins]
    np.testing.assert_array_equal(found, bank.entries)


def test_the_nearest_entries_are_those_of_a_search_through_all(patches):
    query = np.random.default_rng(6).standard_normal(12).astype(np.float32)
    distances, numbers = _taught(patches).nearest(query, 5)
    slow = cdist(query[None], patches)[0]
    assert numbers.tolist() == np.argsort(slow)[:5].tolist()
    np.testing.assert_allclose(distances, np.sort(slow)[:5], rtol=1e-5)
    assert len(_taught(patches[:3]).nearest(query, 5)[0]) == 3
