import numpy as np
import pytest
from scipy import ndimage

from cmdiad_core.encoders import foreground, has_background, patch_grid
from cmdiad_core.modalities import Kind

SHAPE = (120, 160)
#: Rows and columns of the part, in pixels.
PART = (slice(30, 90), slice(40, 120))


def _bench(seed=0, colour=True):
    """A dark bench, brighter to one side, with sensor noise."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]] / 160
    plane = 0.15 + 0.1 * columns - 0.05 * rows**2
    image = plane[..., None] + rng.normal(0, 0.01, (*SHAPE, 3))
    return np.clip(image if colour else image[..., 0], 0, 1).astype(np.float32)


def _with_part(seed=0, colour=True):
    image = _bench(seed, colour)
    texture = ndimage.gaussian_filter(np.random.default_rng(seed + 50).normal(size=SHAPE), 3)
    part = 0.45 + 0.1 * texture / texture.std()
    image[PART] = (part[..., None] if colour else part)[PART]
    return np.clip(image, 0, 1)


def _cloud(height=0.01, seed=0):
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]] * 0.001
    depth = 0.5 + 0.2 * columns + rng.normal(0, 0.0003, SHAPE)
    depth[PART] -= height
    return np.stack([columns, rows, depth], -1).astype(np.float32)


def _true_mask():
    grid = patch_grid(SHAPE)
    truth = np.zeros(SHAPE, np.float32)
    truth[PART] = 1
    rows, columns = SHAPE[0] / grid[0], SHAPE[1] / grid[1]
    sampled = ndimage.zoom(truth, (1 / rows, 1 / columns), order=1, grid_mode=True, mode="nearest")
    return sampled > 0.5


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (_with_part(), Kind.IMAGE),
        (_with_part(colour=False), Kind.IMAGE),
        (_cloud(), Kind.CLOUD),
    ],
    ids=["rgb", "infrared", "cloud"],
)
def test_a_part_on_an_uneven_bench_is_found_whole_in_every_modality(values, kind):
    mask, truth = foreground(values, kind), _true_mask()
    assert mask[truth].all()
    # A patch or two of margin is wanted, more than four are not.
    assert not mask[~ndimage.binary_dilation(truth, np.ones((9, 9)))].any()


def test_a_hole_inside_a_part_belongs_to_it():
    image = _with_part()
    bare = _bench()
    image[50:70, 70:90] = bare[50:70, 70:90]
    assert foreground(image, Kind.IMAGE)[_true_mask()].all()


def test_points_missing_in_the_corner_do_not_hide_the_part():
    cloud = _cloud()
    cloud[:25, :30] = np.nan
    assert foreground(cloud, Kind.CLOUD)[_true_mask()].all()


@pytest.mark.parametrize("value", [0.0, 0.5])
def test_where_nothing_differs_all_of_the_picture_is_looked_at(value):
    assert foreground(np.full((*SHAPE, 3), value, np.float32), Kind.IMAGE).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (7, 5)])
def test_the_smallest_pictures_have_a_mask_on_their_grid(shape):
    image = np.random.default_rng(0).random((*shape, 3), np.float32)
    assert foreground(image, Kind.IMAGE).shape == patch_grid(shape)


def test_a_background_is_believed_only_where_nearly_all_good_parts_show_one():
    lying = [foreground(_with_part(seed), Kind.IMAGE) for seed in range(4)]
    filling = [foreground(_bench(seed), Kind.IMAGE) for seed in range(4)]
    assert has_background(lying)
    assert not has_background(filling)
    assert not has_background([*lying, filling[0]])
