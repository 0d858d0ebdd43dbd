"""The networks against numbers of the published implementation (see `parity`)."""

import json

import numpy as np
import pytest
import torch

from cmdiad_core.encoders._point_groups import _farthest_on_gpu, farthest_points, nearest_points
from cmdiad_core.encoders._point_mae import PointMAE
from cmdiad_core.encoders._vision_transformer import VisionTransformer

SKIP = 1e-3  # the published sampling never picks points nearer to the origin (squared)


def _differ(found, wanted):
    """Return the largest difference in units of the spread of what is wanted."""
    return np.abs(np.asarray(found) - wanted).max() / wanted.std()


@pytest.fixture(scope="module")
def wanted(parity):
    return np.load(parity / "modules.npz")


@pytest.fixture(scope="module")
def inputs(parity):
    return np.load(parity / "inputs.npz")


@pytest.fixture(scope="module")
def cloud(inputs):
    """Return the valid points of the part (n, 3) and where they lie among its pixels (H, W)."""
    xyz = torch.from_numpy(inputs["test1_xyz"]).permute(1, 2, 0)
    valid = (xyz != 0).all(-1)
    return xyz[valid], valid


@pytest.fixture(scope="module")
def groups(cloud):
    points, _ = cloud
    index = farthest_points(points, 1024, SKIP)
    centres = points[index]
    _, members = nearest_points(points, centres, 128)
    return index, centres, members


@pytest.mark.parametrize(
    ("module", "prefix"), [(VisionTransformer, "dino"), (PointMAE, "point_mae")]
)
def test_entries_have_the_published_names_and_shapes(parity, module, prefix):
    published = json.loads((parity / "state_dict_shapes.json").read_text("utf-8"))[prefix]
    with torch.device("meta"):
        entries = {name: list(value.shape) for name, value in module().state_dict().items()}
    assert entries == published


def test_the_vision_transformer_gives_the_published_features(inputs, wanted, reproducible):
    network = reproducible(VisionTransformer, "dino")
    with torch.inference_mode():
        features = network(torch.from_numpy(inputs["test1_rgb"])[None])
    assert _differ(features[0], wanted["rgb_features_28"]) < 1e-3
    doubled = features[0].repeat_interleave(2, 1).repeat_interleave(2, 2)
    assert _differ(doubled.flatten(1).T[::7], wanted["rgb_patch_56_rows_every7"]) < 1e-3


def test_sampling_and_grouping_give_the_published_points(groups, wanted):
    index, centres, members = groups
    np.testing.assert_array_equal(index, wanted["fps_index"])
    np.testing.assert_array_equal(centres, wanted["centers"])
    np.testing.assert_array_equal(members[:8], wanted["knn_index_first8_groups"])


@pytest.mark.parametrize(
    ("batch_statistics", "file"), [(False, "modules"), (True, "point_mae_batch_statistics")]
)
def test_point_mae_gives_the_published_tokens(
    cloud, groups, parity, reproducible, batch_statistics, file
):
    points, _ = cloud
    _, centres, members = groups
    network = reproducible(PointMAE, "point_mae", batch_statistics)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    with torch.inference_mode():
        tokens = network(points[members] - centres[:, None], centres)
    assert _differ(tokens.T, np.load(parity / f"{file}.npz")["point_tokens"]) < 1e-3
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name]), name


@pytest.mark.parametrize("sample", [farthest_points, _farthest_on_gpu])
def test_farthest_points_are_those_of_the_definition(sample):
    points = torch.from_numpy(np.random.default_rng(0).normal(size=(300, 3)).astype(np.float32))
    chosen = [0]
    for _ in range(49):
        chosen.append(int(torch.cdist(points, points[chosen]).amin(1).argmax()))
    assert sample(points, 50, 0).tolist() == chosen


@pytest.mark.parametrize("sample", [farthest_points, _farthest_on_gpu])
def test_points_near_the_origin_are_skipped_only_where_asked(sample):
    points = torch.tensor([[1.0, 0, 0], [0, 0, 0.01], [1.1, 0, 0]])
    assert sample(points, 2, 0).tolist() == [0, 1]
    assert sample(points, 2, SKIP).tolist() == [0, 2]


def test_nearest_points_are_those_of_all_distances():
    rng = np.random.default_rng(1)
    points, queries = (torch.from_numpy(rng.normal(size=(n, 3)).astype("f")) for n in (200, 20))
    distance, index = nearest_points(points, queries, 5)
    expected = torch.cdist(queries, points, compute_mode="donot_use_mm_for_euclid_dist")
    torch.testing.assert_close(distance, expected.sort(1).values[:, :5])
    np.testing.assert_array_equal(index, expected.argsort(1)[:, :5])
