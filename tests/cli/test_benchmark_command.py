import csv

import numpy as np
import pytest
import torch


@pytest.fixture(autouse=True)
def no_weights(monkeypatch, tmp_path):
    monkeypatch.setattr("cmdiad_core.weights._cache.cache_folder", lambda: tmp_path / "no weights")


@pytest.fixture
def classes(demo_data, tmp_path):
    """Return a folder of classes, one of them demo cells."""
    (tmp_path / "classes").mkdir()
    (tmp_path / "classes" / "cells").symlink_to(demo_data, target_is_directory=True)
    return tmp_path / "classes"


def test_our_patterns_need_no_weights(cmdiad, classes, tmp_path, small_recipes):
    out = tmp_path / "out"
    command = ("benchmark", "mvtec3d", classes, "--out", out, "--limit", 4)
    ended = cmdiad(*command, "--pipelines", "ours_rgb,ours_dual")
    assert ended.status == 0, ended
    assert "ours_dual" in ended.out
    with (out / "benchmark.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert [(line["class"], line["method"]) for line in lines] == [
        ("cells", "ours_rgb"),
        ("cells", "ours_dual"),
    ]
    for line in lines:
        assert 0 <= float(line["image_auroc"]) <= 1


def test_without_weights_the_pipelines_that_need_none_are_measured(
    cmdiad, classes, tmp_path, small_recipes
):
    command = ("benchmark", "mvtec3d", classes, "--out", tmp_path / "out", "--limit", 4)
    ended = cmdiad(*command, "--pipelines", "dual,ours_rgb")
    assert ended.status == 2
    (sentence,) = [line for line in ended.err.splitlines() if not line.endswith("…")]
    assert "cmdiad weights get dino_vitb8" in sentence
    with (tmp_path / "out" / "benchmark.csv").open() as file:
        assert [line["method"] for line in csv.DictReader(file)] == ["ours_rgb"]


@pytest.mark.parametrize(
    ("options", "naming"),
    [
        (("--pipelines", "dual"), "cmdiad weights get dino_vitb8"),
        (("--image-weights", "no.pth"), "no.pth"),
        (("--pipelines", "tripel"), "pipeline tripel"),
        (("--classes", "bagel"), "it has cells"),
    ],
)
def test_options_that_cannot_be_followed(refused, classes, tmp_path, options, naming):
    out = tmp_path / "out"
    refused("benchmark", "mvtec3d", classes, "--out", out, *options, naming=naming)


def test_a_folder_without_classes(refused, tmp_path):
    refused("benchmark", "mvtec3d", tmp_path / "nowhere", naming="is not a folder")
    (tmp_path / "empty").mkdir()
    refused("benchmark", "mvtec3d", tmp_path / "empty", naming="holds no class")


def test_weights_of_another_network_are_refused(refused, classes, tmp_path):
    torch.save({"weight": torch.from_numpy(np.zeros(3))}, tmp_path / "other.pth")
    refused(
        *("distil", "f2f", classes / "cells", "--out", tmp_path / "out"),
        *("--image-weights", tmp_path / "other.pth"),
        naming="does not hold dino_vitb8",
    )
