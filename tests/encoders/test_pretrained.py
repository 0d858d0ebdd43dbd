"""Pretrained encoders on parts as they come, with reproducible random weights."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from cmdiad_core.encoders import encoder, fast_type, patch_grid
from cmdiad_core.encoders._image_network import network_input
from cmdiad_core.encoders._point_groups import farthest_points, interpolation, nearest_points
from cmdiad_core.encoders._point_mae import PointMAE
from cmdiad_core.encoders._valid_points import valid_points
from cmdiad_core.encoders._vision_transformer import VisionTransformer
from cmdiad_core.errors import InputError

IMAGENET = np.array([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]], np.float32)


@pytest.fixture(scope="module")
def checkpoints(reproducible, tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoints")
    for module, prefix in ((VisionTransformer, "dino"), (PointMAE, "point_mae")):
        save_file(reproducible(module, prefix).state_dict(), folder / f"{prefix}.safetensors")
    return folder


@pytest.fixture(scope="module")
def dino(checkpoints):
    return encoder(f"dino_vitb8:{checkpoints / 'dino.safetensors'}", "rgb", "cpu")


@pytest.fixture(scope="module")
def point_mae(checkpoints):
    return encoder(f"point_mae:{checkpoints / 'point_mae.safetensors'}", "cloud", "cpu")


def _cloud(shape, seed=0):
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: shape[0], : shape[1]] * 0.001
    relief = rng.normal(size=shape) * 0.001 + 0.003 * np.sin(columns * 200)
    return np.stack([columns, rows, 0.6 + relief], -1).astype(np.float32)


def test_dino_encodes_the_published_image_as_published(dino, parity):
    colours = np.load(parity / "inputs.npz")["test1_rgb"].transpose(1, 2, 0)
    features = dino.encode(colours * IMAGENET[1] + IMAGENET[0])
    published = torch.from_numpy(np.load(parity / "modules.npz")["rgb_features_28"])[None]
    wanted = torch.nn.functional.interpolate(published, (64, 64), mode="bilinear")[0]
    wanted = wanted.permute(1, 2, 0).numpy()
    assert features.shape == (64, 64, 768)
    # bfloat16, where the processor has it, rounds to about 1 % of the spread.
    assert np.sqrt(np.square(features - wanted).mean()) < 0.03 * wanted.std()


@pytest.mark.parametrize("shape", [(90, 120), (120, 30), (1, 40)])
def test_an_image_keeps_its_proportions_in_whole_patches(shape):
    image = network_input(np.zeros((*shape, 3), np.float32), 8, *IMAGENET.tolist())
    height, width = (side / 8 for side in image.shape[2:])
    assert max(height, width) == 28
    assert (height, width) == tuple(max(1, round(28 * side / max(shape))) for side in shape)


def test_an_infrared_image_is_read_as_grey():
    grey = np.random.default_rng(0).random((30, 40), np.float32)
    both = (network_input(one, 8, *IMAGENET.tolist()) for one in (grey, np.stack([grey] * 3, 2)))
    torch.testing.assert_close(*both)


def test_a_spot_changes_the_features_there_most(dino):
    image = np.full((24, 96, 3), 0.5, np.float32)
    marked = image.copy()
    marked[14:22, 72:80] = (0.9, 0.1, 0.1)
    change = np.linalg.norm(dino.encode(marked) - dino.encode(image), axis=-1)
    row, column = np.unravel_index(change.argmax(), change.shape)
    assert change.shape == patch_grid((24, 96)) == (16, 64)
    assert 14 <= (row + 0.5) * 1.5 <= 22
    assert 72 <= (column + 0.5) * 1.5 <= 80


def test_interpolated_tokens_give_the_published_cloud_patches(parity):
    xyz = torch.from_numpy(np.load(parity / "inputs.npz")["test1_xyz"])
    wanted = np.load(parity / "modules.npz")
    valid = (xyz != 0).all(0)
    points = xyz[:, valid].T
    index, weight = interpolation(torch.from_numpy(wanted["centers"]), points)
    tokens = torch.from_numpy(wanted["point_tokens"]).T
    plane = torch.zeros(768, *valid.shape)
    plane[:, valid] = (tokens[index] * weight[..., None]).sum(1).T
    pooled = torch.nn.functional.avg_pool2d(plane, 3, 1)
    pooled = torch.nn.functional.adaptive_avg_pool2d(pooled, 56).flatten(1).T[::7].numpy()
    published = wanted["xyz_patch_56_rows_every7"]
    assert np.abs(pooled - published).max() < 1e-3 * published.std()


def test_point_mae_averages_what_the_points_of_a_cell_take_from_the_groups(point_mae, reproducible):
    cloud = _cloud((48, 48))
    cloud[:12] = np.nan
    features = point_mae.encode(cloud * 1000 + 7)  # neither unit nor place matter
    assert np.isnan(features[:16]).all()
    found, cell = valid_points(cloud, 224)
    points = torch.from_numpy(found) - torch.from_numpy(found).mean(0)
    points /= points.norm(dim=1).max()
    centres = points[farthest_points(points, 1024)]
    _, members = nearest_points(points, centres, 128)
    with torch.inference_mode():
        tokens = reproducible(PointMAE, "point_mae")(points[members] - centres[:, None], centres)
    index, weight = interpolation(centres, points)
    wanted = np.full((48 * 48, 768), np.nan, np.float32)
    wanted[cell] = (tokens[index] * weight[..., None]).sum(1)  # one point a cell
    spread = (np.arange(64) + 0.5) * 48 / 64
    wanted = wanted.reshape(48, 48, 768)[np.ix_(spread.astype(int), spread.astype(int))]
    error = np.sqrt(np.nanmean(np.square(features - wanted)))
    assert error < 0.03 * np.nanstd(wanted)


def test_fpfh_does_not_depend_on_the_unit_of_length():
    chosen = encoder("fpfh", "cloud", "cpu")
    cloud = _cloud((40, 40))
    np.testing.assert_allclose(chosen.encode(cloud), chosen.encode(cloud * 1000), atol=2)


@pytest.mark.parametrize("name", ["point_mae", "fpfh"])
@pytest.mark.parametrize("points", [0, 1, 5])
def test_a_cloud_of_few_points_says_nothing_anywhere(name, points, point_mae):
    chosen = point_mae if name == "point_mae" else encoder(name, "cloud", "cpu")
    cloud = np.full((30, 40, 3), np.nan, np.float32)
    cloud.reshape(-1, 3)[:points] = _cloud((30, 40)).reshape(-1, 3)[:points]
    features = chosen.encode(cloud)
    assert features.shape[:2] == patch_grid((30, 40))
    assert np.isnan(features).all()


def test_fpfh_knows_an_edge_from_a_plane_and_leaves_holes_open():
    cloud = _cloud((128, 128)) * (1, 1, 0) + (0, 0, 0.6)
    cloud[:, 64:, 2] += np.arange(64) * 0.001
    cloud[100:110, 20:30] = np.nan
    features = encoder("fpfh", "cloud", "cpu").encode(cloud.astype(np.float32))
    assert np.isnan(features[51:54, 11:14]).all()
    assert np.isfinite(features[:50]).all()
    np.testing.assert_allclose(features[:50].reshape(50, 64, 3, 11).sum(-1), 100, rtol=1e-3)
    change = np.linalg.norm(features[20:40] - features[20:40, 16:17], axis=-1).mean(0)
    assert change[30:34].min() > 10 * change[10:22].max()


def test_points_are_thinned_evenly_without_being_changed():
    cloud = _cloud((300, 400))
    cloud[:, :100] = np.nan
    points, cell = valid_points(cloud, 200)
    assert len(points) == 150 * 150
    assert {tuple(p) for p in points} == {tuple(p) for p in cloud[1::2, 101::2].reshape(-1, 3)}
    np.testing.assert_array_equal(np.unique(cell % 64), np.arange(16, 64))
    row = np.rint(points[:, 1] * 1000) * 48 // 300
    np.testing.assert_array_equal(cell // 64, row)


@pytest.mark.parametrize("name", ["dino_vitb8", "point_mae"])
def test_absent_weights_are_bad_input_that_says_how_to_get_them(name, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda _: tmp_path)
    modality = "rgb" if name == "dino_vitb8" else "cloud"
    with pytest.raises(InputError, match=f'run "cmdiad weights get {name}"'):
        encoder(name, modality, "cpu")


def test_a_file_for_an_encoder_without_weights_is_bad_input():
    with pytest.raises(InputError, match="filter_bank has no weights"):
        encoder("filter_bank:weights.pth", "rgb", "cpu")


@pytest.mark.parametrize(("generation", "wanted"), [(7, torch.float32), (8, torch.bfloat16)])
def test_a_gpu_that_emulates_bfloat16_computes_without_it(generation, wanted, monkeypatch):
    properties = SimpleNamespace(major=generation)
    monkeypatch.setattr("torch.version.hip", None)
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.current_device", lambda: 0)
    monkeypatch.setattr("torch.cuda.get_device_properties", lambda _: properties)
    monkeypatch.setattr("torch.cuda._check_bf16_tensor_supported", lambda _: True)
    assert fast_type.__wrapped__("cuda") is wanted
