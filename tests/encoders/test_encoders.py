import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial.transform import Rotation

from cmdiad_core.encoders import encoder, patch_grid
from cmdiad_core.errors import InputError

SIZES = [(1, 40), (40, 1), (1, 1), (7, 5), (160, 160), (600, 800)]


def _image(shape, channels=3, seed=0):
    rng = np.random.default_rng(seed)
    size = (*shape, channels) if channels > 1 else shape
    return rng.random(size, np.float32)


def _cloud(shape, seed=0):
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: shape[0], : shape[1]] * 0.001
    relief = ndimage.gaussian_filter(rng.normal(size=shape), 2) * 0.004
    return np.stack([columns, rows, 0.6 + relief], -1).astype(np.float32)


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("modality", ["rgb", "infrared", "cloud"])
def test_features_are_finite_and_on_the_patch_grid_whatever_the_size(modality, shape):
    values = {
        "rgb": _image(shape),
        "infrared": _image(shape, 1),
        "cloud": _cloud(shape),
    }[modality]
    name = "surface" if modality == "cloud" else "filter_bank"
    features = encoder(name, modality, "cpu").encode(values)
    assert features.shape[:2] == patch_grid(shape)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()


def test_the_patch_grid_keeps_the_proportions_and_is_never_empty():
    assert patch_grid((600, 800)) == (48, 64)
    assert patch_grid((800, 600)) == (64, 48)
    assert patch_grid((160, 160)) == (64, 64)
    assert patch_grid((1, 500)) == (1, 64)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_flat_image_has_finite_features_that_are_alike_everywhere(value):
    features = encoder("filter_bank", "rgb", "cpu").encode(np.full((50, 60, 3), value, np.float32))
    assert np.isfinite(features).all()
    assert np.ptp(features, axis=(0, 1)).max() < 1e-3


def test_a_spot_changes_the_features_there_and_not_far_away():
    image = np.full((128, 128, 3), 0.5, np.float32) + 0.05 * _image((128, 128, 3)[:2])
    marked = image.copy()
    marked[96:102, 30:36] = (0.9, 0.1, 0.1)
    chosen = encoder("filter_bank", "rgb", "cpu")
    change = np.linalg.norm(chosen.encode(marked) - chosen.encode(image), axis=-1)
    row, column = np.unravel_index(change.argmax(), change.shape)
    assert 45 <= row <= 53
    assert 12 <= column <= 20
    assert change[:20].max() < 0.05 * change.max()


@pytest.mark.parametrize("degrees", [(0, 0, 0), (6, -4, 0), (0, 0, 8), (-5, 3, 5)])
def test_surface_features_do_not_depend_on_the_pose(degrees):
    cloud = _cloud((96, 128))
    turn = Rotation.from_euler("xyz", degrees, degrees=True).as_matrix()
    moved = (cloud @ turn.T + np.array([0.02, -0.03, 0.1])).astype(np.float32)
    chosen = encoder("surface", "cloud", "cpu")
    before, after = chosen.encode(cloud), chosen.encode(moved)
    assert before.std(axis=(0, 1)).max() > 0.1
    np.testing.assert_allclose(after, before, atol=0.02)


def test_surface_features_do_not_depend_on_the_unit_of_length():
    cloud = _cloud((96, 128))
    chosen = encoder("surface", "cloud", "cpu")
    np.testing.assert_allclose(chosen.encode(cloud * 1000), chosen.encode(cloud), atol=0.02)


def test_a_dent_and_a_bump_of_the_same_shape_differ():
    flat = np.zeros((96, 128), np.float32)
    flat[40:56, 50:70] = 0.004
    chosen = encoder("surface", "cloud", "cpu")
    base = _cloud((96, 128))
    bump, dent = base.copy(), base.copy()
    bump[..., 2] -= flat
    dent[..., 2] += flat
    height_of_bump, height_of_dent = (chosen.encode(one)[24, 30, 0] for one in (bump, dent))
    assert height_of_bump > 0.3
    assert height_of_dent < -0.3


def test_holes_raise_the_share_of_missing_points_there_only():
    cloud = _cloud((128, 128))
    cloud[40:72, 40:72] = np.nan
    features = encoder("surface", "cloud", "cpu").encode(cloud)
    assert np.isfinite(features).all()
    missing = features[..., 11]  # the last of twelve on the finest level
    assert missing[22:34, 22:34].min() > 0.99
    assert missing[:18].max() < 0.01
    assert missing[40:].max() < 0.01


def test_a_cloud_without_a_point_says_nothing_anywhere():
    features = encoder("surface", "cloud", "cpu").encode(np.full((30, 40, 3), np.nan, np.float32))
    assert features.shape[:2] == patch_grid((30, 40))
    assert np.isnan(features).all()


def test_an_unknown_encoder_is_bad_input_that_names_those_there_are():
    with pytest.raises(InputError, match=r"encoder resnet: .*filter_bank.*surface"):
        encoder("resnet", "rgb", "cpu")


@pytest.mark.parametrize(
    ("name", "modality"), [("surface", "rgb"), ("surface", "infrared"), ("filter_bank", "cloud")]
)
def test_an_encoder_for_another_kind_of_measurement_is_bad_input(name, modality):
    with pytest.raises(InputError, match=f"encoder {name}: does not read {modality}"):
        encoder(name, modality, "cpu")


def test_an_object_over_nearly_half_of_the_view_does_not_tilt_the_plane_of_the_rest():
    table = _cloud((128, 128))
    covered = table.copy()
    # A slanted box from the lower edge up, as high as a tenth of the picture's width.
    lift = np.linspace(0.04, 0.08, 58)[:, None]
    covered[70:, :, 2] -= lift
    chosen = encoder("surface", "cloud", "cpu")
    before, after = chosen.encode(table), chosen.encode(covered)
    height, slopes = 0, slice(1, 3)
    # Height 0 is a quantile: covering half of a rough table moves it within the roughness.
    np.testing.assert_allclose(after[:28, :, height], before[:28, :, height], atol=0.6)
    np.testing.assert_allclose(after[:28, :, slopes], before[:28, :, slopes], atol=0.05)
    assert after[40:60, :, height].mean() > 4
