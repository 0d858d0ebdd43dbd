import csv
from dataclasses import replace

import pytest

from cmdiad_core.errors import InputError
from cmdiad_core.report import RegionTable


def rows(tmp_path, *inspections):
    table = RegionTable()
    for inspection in inspections:
        table.add(inspection)
    table.write(tmp_path / "regions.csv")
    with (tmp_path / "regions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_row_has_what_the_inspection_says_of_a_region(make, tmp_path):
    _, inspection = make(metric=True)
    (row,) = rows(tmp_path, inspection)
    (region,) = inspection.regions
    assert (row["part"], row["verdict"], row["region"]) == ("test/dent/003", "reject", "1")
    assert (row["modality"], row["provenance"]) == ("rgb", "measured")
    numbers = {name: float(row[name]) for name in [*list(row)[6:], "score"]}
    assert numbers == {
        "score": region.score,
        "area_px": 140,
        "area_mm2": region.area_mm2,
        "extent_mm": region.extent_mm,
        **dict(zip(("row", "column"), region.peak, strict=True)),
        **dict(zip(("x_mm", "y_mm", "z_mm"), region.position_mm, strict=True)),
    }


def test_without_a_metric_cloud_there_are_no_millimetres(make, tmp_path):
    (row,) = rows(tmp_path, make()[1])
    assert row["area_px"] == "140"
    assert {row[name] for name in row if "mm" in name} == {""}


def test_the_highest_scored_part_comes_first_and_good_ones_have_no_row(make, tmp_path):
    parts = [make("a", 1.5), make("good", 0.2), make("b", 3.0)]
    found = rows(tmp_path, *(inspection for _, inspection in parts))
    assert [row["part"] for row in found] == ["b", "a"]


@pytest.mark.parametrize(
    "name", ['Zelle 7, "rot" Größe Ω', "two\nlines", "a;b", "", "Zelle -3", "0012"]
)
def test_odd_names_survive(name, make, tmp_path):
    assert [row["part"] for row in rows(tmp_path, make(name)[1])] == [name]


@pytest.mark.parametrize(
    "name", ["=cmd|'/C calc'!A0", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"]
)
def test_no_name_is_a_formula(name, make, tmp_path):
    assert [row["part"] for row in rows(tmp_path, make(name)[1])] == [f"'{name}"]


def test_what_is_not_finite_or_of_no_encoding_is_left_out(make, tmp_path):
    _, inspection = make("part \udcff", metric=True)
    broken = replace(inspection.regions[0], area_mm2=float("nan"), score=float("inf"))
    (row,) = rows(tmp_path, replace(inspection, regions=(broken,)))
    assert (row["part"], row["area_mm2"], row["score"]) == ("part ?", "", "")


def test_a_folder_that_cannot_be_written_is_one_sentence(make, tmp_path):
    (tmp_path / "taken").write_text("a file", "utf-8")
    with pytest.raises(InputError, match=r"taken.*cannot be written \("):
        RegionTable().write(tmp_path / "taken" / "regions.csv")
