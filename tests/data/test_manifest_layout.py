import json
from pathlib import Path

import pytest
from layout_files import image, mesh, text

from cmdiad_core.data.layouts import open_dataset, parts_from_paths
from cmdiad_core.data.loading import load_sample
from cmdiad_core.errors import InputError

HEAD = "id,split,label,rgb,infrared,mask,serial\n"
ROWS = (
    "a,train,good,bilder/a.png,ir/a.png,,SN-1\n"
    "Zelle ä,test,Delle,bilder/ä b.png,,truth/1.png,SN-2\n"
    "c,,,bilder/c.png,,,\n"
)


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    for name in ("bilder/a", "bilder/ä b", "bilder/c", "ir/a", "truth/1"):
        image(tmp_path / f"{name}.png")
    text(tmp_path / "manifest.csv", HEAD + ROWS)
    return tmp_path


def test_a_row_is_a_part(cells: Path) -> None:
    dataset = open_dataset(cells)
    assert dataset.layout == "manifest"
    first, second, third = dataset.parts
    assert (first.split, first.defective, first.defect_type) == ("train", False, "")
    assert first.files == {"rgb": cells / "bilder/a.png", "infrared": cells / "ir/a.png"}
    assert (second.id, second.defective, second.defect_type) == ("Zelle ä", True, "Delle")
    assert (second.mask, second.serial) == (cells / "truth/1.png", "SN-2")
    assert (third.split, third.defective, third.mask) == ("", None, None)
    assert all(part.registered for part in dataset.parts)
    assert dataset.missing() == {"Zelle ä": ("infrared",), "c": ("infrared",)}
    assert set(load_sample(first).measured) == {"rgb", "infrared"}


def test_a_table_goes_before_folders_that_look_like_a_layout(cells: Path) -> None:
    image(cells / "train" / "good" / "rgb" / "1.png")
    assert open_dataset(cells).layout == "manifest"
    assert [part.id for part in parts_from_paths([cells / "truth" / "1.png"])] == ["Zelle ä"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_write(cells: Path, encoding: str, separator: str, end: str) -> None:
    expected = open_dataset(cells).parts
    table = (HEAD + ROWS).replace(",", separator).replace("\n", end)
    text(cells / "manifest.csv", table, encoding)
    assert open_dataset(cells).parts == expected


def test_titles_empty_rows_own_columns_and_backslashes(cells: Path) -> None:
    rows = ' ID ,Split,LABEL,"RGB",ir,remark\n,,,,,\na,Train,Good,bilder\\a.png,ir/a.png,"x, y"\n'
    text(cells / "manifest.csv", rows)
    (part,) = open_dataset(cells).parts
    assert (part.id, part.split, part.defective) == ("a", "train", False)
    assert part.files == {"rgb": cells / "bilder/a.png", "infrared": cells / "ir/a.png"}


def test_a_column_that_is_called_like_a_folder_of_a_modality_is_the_user_s(cells: Path) -> None:
    rows = "id,split,label,rgb,infrared,Thermal\na,train,good,bilder/a.png,ir/a.png,31.5\n"
    text(cells / "manifest.csv", rows)
    (part,) = open_dataset(cells).parts
    assert part.files == {"rgb": cells / "bilder/a.png", "infrared": cells / "ir/a.png"}
    (cells / "manifest.csv").unlink()
    one = {"id": "a", "split": "", "label": "", "IR": "", "infrared": "ir/a.png", "Thermal": 31.5}
    text(cells / "manifest.json", json.dumps([one]))
    assert open_dataset(cells).parts[0].files == {"infrared": cells / "ir/a.png"}


def test_json_says_the_same(cells: Path) -> None:
    expected = open_dataset(cells).parts
    columns, *rows = (line.split(",") for line in (HEAD + ROWS).splitlines())
    entries = [dict(zip(columns, row, strict=True)) for row in rows]
    entries[2]["label"] = None
    (cells / "manifest.csv").unlink()
    text(cells / "manifest.json", json.dumps(entries, ensure_ascii=False))
    assert open_dataset(cells).parts == expected


def test_modalities_that_are_not_registered(cells: Path) -> None:
    mesh(cells / "scan" / "a.stl")
    head = "id,split,label,rgb,xyz,registered\n"
    text(cells / "manifest.csv", f"{head}a,train,good,bilder/a.png,scan/a.stl,no\n")
    (part,) = open_dataset(cells).parts
    assert (part.registered, list(part.files)) == (False, ["rgb", "cloud"])


def test_a_file_that_is_not_there_is_reported_when_its_part_is_read(cells: Path) -> None:
    (cells / "bilder" / "c.png").unlink()
    with pytest.raises(InputError, match=r"c\.png: cannot be opened"):
        load_sample(open_dataset(cells).parts[2])


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("id,split,rgb\na,train,bilder/a.png\n", "lacks the column label"),
        ("name,rgb\na,bilder/a.png\n", "lacks the column id and split and label"),
        ("id,split,label\na,train,good\n", "no column rgb or cloud or infrared"),
        (HEAD + ROWS + ROWS, "id 'a' in line 5"),
        (HEAD + ",train,good,bilder/a.png,,,\n", "no id in line 2"),
        (HEAD + "a,train,good,,,,\n", "no file of a modality in line 2"),
        (HEAD + "a,training,good,bilder/a.png,,,\n", "split 'training' in line 2"),
        (HEAD + "a,train,good,../a.png,,,\n", "'../a.png', which does not lie below"),
        (HEAD + "a,train,good,/etc/hostname,,,\n", "does not lie below"),
        (HEAD + "a,test,dent,bilder/a.png,,..\\..\\m.png,\n", "does not lie below"),
        (HEAD + "a,train,good,.,,,\n", "does not lie below"),
        (HEAD + "a,train,good,bilder/a.png,,,,,,\n", "line 2 has more cells"),
        (HEAD + 'a,train,good,"bilder/a.png,,,\n', "cannot be read as a table"),
        ("id,split,label,rgb,registered\na,,,bilder/a.png,perhaps\n", "'perhaps' under registered"),
        (
            "id,split,label,rgb,ir,mask,registered\na,,dent,bilder/a.png,ir/a.png,truth/1.png,no\n",
            "one mask in line 2",
        ),
        ("", r"holds no part that can be read; expected: manifest\.csv"),
        (HEAD, "holds no part that can be read"),
        (f"{HEAD.strip()},RGB\n{ROWS}", "several columns for rgb"),
        ("id,split,label,xyz,pcd\na,train,good,a.tiff,b.pcd\n", "several columns for cloud"),
    ],
)
def test_spoilt_tables(cells: Path, table: str, problem: str) -> None:
    text(cells / "manifest.csv", table)
    with pytest.raises(InputError, match=problem):
        open_dataset(cells)


def test_a_table_in_another_encoding(cells: Path) -> None:
    text(cells / "manifest.csv", HEAD + ROWS, "latin-1")
    with pytest.raises(InputError, match="not in UTF-8"):
        open_dataset(cells)


@pytest.mark.parametrize("content", ["", "{}", "[1]", "[" * 100_000, '[{"id": 1}]'])
def test_spoilt_json(cells: Path, content: str) -> None:
    (cells / "manifest.csv").unlink()
    text(cells / "manifest.json", content)
    with pytest.raises(InputError, match=r"manifest\.json: (cannot be read as a table|lacks)"):
        open_dataset(cells)


def test_a_table_named_by_a_relative_path(cells: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(cells)
    assert [part.id for part in open_dataset(Path()).parts] == ["a", "Zelle ä", "c"]
    text(cells / "manifest.csv", HEAD + "a,train,good,../a.png,,,\n")
    with pytest.raises(InputError, match="does not lie below"):
        open_dataset(Path())
