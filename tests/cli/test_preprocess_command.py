import shutil

import pytest

from cmdiad_core.data.layouts import open_dataset


@pytest.fixture
def cells(demo_data, tmp_path):
    """Return a few demo cells: they are 5 mm thick and lie on a perforated plate."""
    root = tmp_path / "Zellen für Ähre"
    for place, stems in (("train/good", "012"), ("test/dent", "0")):
        for folder, suffix in (("rgb", "png"), ("xyz", "tiff")):
            (root / place / folder).mkdir(parents=True)
            for stem in stems:
                name = f"00{stem}.{suffix}"
                shutil.copy(demo_data / place / folder / name, root / place / folder / name)
    return root


def test_a_copy_is_written_and_continued_and_can_be_trained_on(
    cmdiad, cells, tmp_path, small_recipes
):
    out = tmp_path / "ohne Grund"
    (cells / "test" / "dent" / "xyz" / "000.tiff").unlink()
    command = ("preprocess", cells, "--out", out, "--plane-distance", "2")
    ended = cmdiad(*command)
    assert ended.status == 0, ended
    assert ended.out.splitlines()[0] == f"Parts written to {out}: 4"
    assert ended.out.splitlines()[1].startswith("Without a cloud, copied whole")
    assert ended.out.splitlines()[1].endswith(": test/dent/000")
    assert cmdiad(*command).out.splitlines()[0] == f"Parts written to {out}: 0; written before: 4"
    assert [part.id for part in open_dataset(out).parts] == [
        part.id for part in open_dataset(cells).parts
    ]
    assert cmdiad("train", out, "--out", tmp_path / "model").status == 0


def test_thin_parts_are_named_one_by_one_and_the_status_says_so(cmdiad, cells, tmp_path):
    ended = cmdiad("preprocess", cells, "--out", tmp_path / "copy")
    assert ended.status == 2
    problems = [line for line in ended.err.splitlines() if not line.endswith("…")]
    assert len(problems) + int(ended.out.split(": ")[1]) == 4
    assert all("smaller plane distance" in line for line in problems)


def test_the_data_set_itself_is_refused_as_the_place(refused, cells):
    refused("preprocess", cells, "--out", cells, naming="lies in the data set")
    refused("preprocess", cells, "--out", cells / "new", naming="lies in the data set")


def test_a_place_that_cannot_be_written_is_named(refused, cells, below_a_file):
    refused("preprocess", cells, "--out", below_a_file, naming=below_a_file)
