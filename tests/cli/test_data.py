import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def test_a_data_set_in_order(cmdiad, demo_data, tmp_path):
    ended = cmdiad("data", "check", demo_data, "--json", tmp_path / "found.json")
    assert ended.status == 0
    assert "layout mvtec3d" in ended.out
    assert all(word in ended.out for word in ("train", "validation", "rgb readable", "pixels"))
    content = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert content["unreadable"] == []
    assert sum(group["parts"] for group in content["groups"]) == 21


def test_grey_images_in_the_place_of_coloured_ones_are_counted(cmdiad, tmp_path):
    (tmp_path / "cells" / "rgb").mkdir(parents=True)
    pixels = np.random.default_rng(0).integers(0, 255, (8, 9, 3), np.uint8)
    for name, content in (("a", pixels), ("b", pixels[..., 0]), ("c", pixels[..., :1] * [1, 1, 1])):
        Image.fromarray(content.astype(np.uint8)).save(tmp_path / "cells" / "rgb" / f"{name}.png")
    assert "2 of 3 grey" in cmdiad("data", "check", tmp_path / "cells").out


def test_what_cannot_be_read_is_named_and_the_rest_shown(cmdiad, part, tmp_path):
    (part / "rgb" / "Größe [7].png").write_bytes(b"rubbish")
    ended = cmdiad("data", "check", part, "--json", tmp_path / "found.json")
    assert ended.status == 2
    lines = [line for line in ended.err.splitlines() if not line.endswith("…")]
    assert len(lines) == 1
    assert str(part / "rgb" / "Größe [7].png") in lines[0]
    assert "layout folder" in ended.out
    assert "1; without: Größe [7]" in ended.out
    assert len(json.loads((tmp_path / "found.json").read_text("utf-8"))["unreadable"]) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_that_are_no_text(part, tmp_path):
    odd = os.fsencode(part / "rgb") + b"/\xff.png"
    shutil.copy(part / "rgb" / "Größe 7.png", odd)
    command = [sys.executable, "-m", "cmdiad_core", "data", "check", part]
    ended = subprocess.run(
        [*command, "--json", tmp_path / "found.json"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended
    assert b"\\udcff" in ended.stdout
    assert b"\xff" in (tmp_path / "found.json").read_bytes()


def test_bad_input(refused, demo_data, below_a_file, tmp_path):
    refused("data", "check", tmp_path / "gone", naming="gone")
    refused("data", "check", tmp_path, naming="holds no measurement")
    assert str(demo_data) in refused("data", "check", demo_data / "train", naming="inside")
    refused("data", "check", demo_data, "--json", below_a_file, naming=below_a_file)
