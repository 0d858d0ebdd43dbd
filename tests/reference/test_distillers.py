"""The distillers against numbers of the published implementation (see `parity`)."""

import json

import numpy as np
import pytest
import torch

from cmdiad_core.distillation.networks import Level, distance, networks

FEATURES, INPUT = Level.FEATURES, Level.INPUT


@pytest.fixture(scope="module")
def wanted(parity):
    return np.load(parity / "modules.npz")


@pytest.fixture(scope="module")
def part(published_parts):
    return published_parts("test1")


def _differ(found, wanted):
    """Return the largest difference in units of the spread of what is wanted."""
    return np.abs(np.asarray(found) - wanted).max() / wanted.std()


def _predicted(network, part, source):
    with torch.inference_mode():
        return network(part.read(0, source, network.reads)[None], source)[0]


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("f2f", "HallucinationCrossModalityNetwork"),
        ("f2i", "HallucinationFeatureToInputConv"),
        ("i2f", "HRNet512"),
    ],
)
def test_entries_have_the_published_names_and_shapes(parity, name, prefix):
    published = json.loads((parity / "state_dict_shapes.json").read_text("utf-8"))
    with torch.device("meta"):
        entries = {n: list(v.shape) for n, v in networks()[name]().state_dict().items()}
    assert entries == published[prefix]


@pytest.mark.parametrize(
    ("source", "array"),
    [("rgb", "f2f_xyz_from_rgb_rows_every7"), ("cloud", "f2f_rgb_from_xyz_rows_every7")],
)
def test_features_from_features(distillers, part, wanted, source, array):
    rows = _predicted(distillers["f2f"], part, source).flatten(1).T
    assert _differ(rows[::7], wanted[array]) < 1e-3


def test_losses_of_both_directions(distillers, part, wanted):
    losses = [
        float(distance(_predicted(distillers["f2f"], part, s)[None], part.read(0, t, FEATURES)))
        for s, t in (("rgb", "cloud"), ("cloud", "rgb"))
    ]
    np.testing.assert_allclose(losses, wanted["f2f_loss_l2_xyz_rgb"], rtol=1e-3)


@pytest.mark.parametrize(
    ("source", "array"), [("rgb", "f2i_xyz_from_rgb"), ("cloud", "f2i_rgb_from_xyz")]
)
def test_inputs_from_features(distillers, part, wanted, source, array):
    assert _differ(_predicted(distillers["f2i"], part, source), wanted[array]) < 1e-3


def test_features_from_inputs(distillers, part, wanted):
    features = _predicted(distillers["i2f"], part, "rgb")
    assert _differ(features[:, ::4, ::4], wanted["i2f_c512_every4"]) < 1e-3


def test_cloud_patches(part, wanted):
    rows = part.read(0, "cloud", FEATURES).flatten(1).T
    assert _differ(rows[::7], wanted["xyz_patch_56_rows_every7"]) < 1e-3
