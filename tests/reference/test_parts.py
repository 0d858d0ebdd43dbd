"""Inputs and features of parts, kept on disk."""

import json
import os

import numpy as np
import pytest
import torch
from PIL import Image

from cmdiad_core.array_cache import ArrayCache
from cmdiad_core.distillation.networks import Level
from cmdiad_core.reference import CachedParts
from cmdiad_core.sample import PartFiles


def test_another_camera_makes_another_cloud_of_the_same_depth_image(backbones, tmp_path):
    depth, camera = tmp_path / "depth.png", tmp_path / "camera.json"
    Image.fromarray(np.full((64, 64), 500, np.uint16)).save(depth)
    cache = ArrayCache(tmp_path / "features", 10**9, pytest.fail)

    def read(focal_length):
        seen = {"fx": focal_length, "fy": focal_length, "cx": 32, "cy": 32}
        camera.write_text(json.dumps(seen), "utf-8")
        os.utime(camera, (focal_length, focal_length))
        part = PartFiles("part", {"cloud": depth}, camera=camera)
        return CachedParts([part], backbones, cache).read(0, "cloud", Level.INPUT)

    first, other = read(100.0), read(200.0)
    torch.testing.assert_close(other[:2], first[:2] / 2)
    torch.testing.assert_close(other[2], first[2])
