"""One's own data in any arrangement, with a table of the parts: manifest.csv or manifest.json.

A row is a part. Columns (in JSON: keys of the objects of one list):

- ``id``: its name, no two alike
- ``split``: train, validation, test, or empty
- ``label``: good, the name of the defect, or empty where nobody knows
- ``rgb``, ``cloud``, ``infrared``: a file for each modality, seen from the table; or empty
- ``mask``: image of the defect (optional)
- ``serial``: serial number (optional)
- ``registered``: no, where the pixels of the modalities do not correspond (optional)

Other columns are the user's own and are not read.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cmdiad_core.data.layouts._layout import Layout
from cmdiad_core.data.layouts._listed import listed_file
from cmdiad_core.data.layouts._pairing import modality_of_folder, with_held
from cmdiad_core.data.readers import find_camera
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import modalities
from cmdiad_core.sample import PartFiles

NAMES = ("manifest.csv", "manifest.json")
SPLITS = ("train", "validation", "test", "")
GOOD = "good"

#: Columns that are not the user's own, beside those of modalities.
_OWN = ("id", "split", "label", "mask", "serial", "registered")
_REGISTERED = {"": True, "yes": True, "true": True, "1": True}
_REGISTERED |= {"no": False, "false": False, "0": False}
_MAX_BYTES = 100_000_000

_Row = Mapping[str, str]


def recognise(root: Path) -> bool:
    """Tell whether there is such a table in `root`."""
    return any((root / name).is_file() for name in NAMES)


def read(root: Path) -> list[PartFiles]:
    """Return the parts in the table; `InputError` names the row that cannot be used."""
    table = next(root / name for name in NAMES if (root / name).is_file())
    try:
        if table.stat().st_size > _MAX_BYTES:
            raise InputError(table, "is too large for a table of parts")
        text = table.read_text(encoding="utf-8-sig")
        rows = list(_objects(text) if table.suffix == ".json" else _lines(text))
    except UnicodeDecodeError as error:
        raise InputError(table, "is not in UTF-8; save it as CSV in UTF-8") from error
    except (OSError, ValueError, RecursionError, csv.Error) as error:
        raise InputError(table, f"cannot be read as a table: {error}") from error
    if rows:
        _check_columns(table, rows)
    camera = find_camera(root)
    parts: dict[str, PartFiles] = {}
    for place, row in rows:
        part = _part(root, table, place, row, camera)
        if part.id in parts:
            raise InputError(table, f"has the id {part.id!r} in {place} and before it")
        parts[part.id] = part
    return list(parts.values())


def _lines(text: str) -> Iterator[tuple[str, _Row]]:
    """Yield where each row of a CSV file stands, and its cells by column."""
    lines = text.splitlines(keepends=True)
    # Which separator a spreadsheet writes depends on its language.
    separator = max(",;\t", key=(lines[0] if lines else "").count)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    columns = _columns(next(reader, []))
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if len(cells) > len(columns):
                raise ValueError(f"line {reader.line_num} has more cells than there are columns")
            yield (
                f"line {reader.line_num}",
                {column: cell.strip() for column, cell in zip(columns, cells, strict=False)},
            )


def _objects(text: str) -> Iterator[tuple[str, _Row]]:
    content: Any = json.loads(text)
    if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
        raise ValueError("it is not a list of objects")
    for number, entry in enumerate(content, start=1):
        cells = ["" if cell is None else str(cell).strip() for cell in entry.values()]
        yield f"part {number}", dict(zip(_columns(entry), cells, strict=True))


def _columns(titles: Iterable[str]) -> list[str]:
    """Return the columns that titles mean: a modality goes by the names of its folders too.

    Where a column has the modality's own name, one with that of a folder is the user's.
    """
    names = [title.strip().lower() for title in titles]
    found = []
    for name in names:
        meant = modality_of_folder(name)
        found.append(name if meant is None or meant in names else meant)
    twice = [name for name in (*_OWN, *modalities()) if found.count(name) > 1]
    if twice:
        raise ValueError(f"it has several columns for {twice[0]}; rename those that are yours")
    return found


def _check_columns(table: Path, rows: list[tuple[str, _Row]]) -> None:
    there = {column for _, row in rows for column in row}
    lacking = [column for column in ("id", "split", "label") if column not in there]
    if lacking:
        raise InputError(table, f"lacks the column {' and '.join(lacking)}; {LAYOUT.expects}")
    if not there & set(modalities()):
        raise InputError(table, f"has no column {' or '.join(modalities())}; {LAYOUT.expects}")


def _part(root: Path, table: Path, place: str, row: _Row, camera: Path | None) -> PartFiles:
    part_id, split, label = (row.get(column, "") for column in ("id", "split", "label"))
    if not part_id:
        raise InputError(table, f"has no id in {place}")
    if split.lower() not in SPLITS:
        raise InputError(
            table, f"has the split {split!r} in {place}; use train, validation, test or nothing"
        )
    registered = _REGISTERED.get(row.get("registered", "").lower())
    if registered is None:
        raise InputError(table, f"says {row['registered']!r} under registered in {place}; use no")
    files = {m: listed_file(root, row[m], table) for m in modalities() if row.get(m)}
    if not files:
        raise InputError(table, f"names no file of a modality in {place}")
    mask = listed_file(root, row["mask"], table) if row.get("mask") else None
    if mask is not None and not registered and len(files) > 1:
        raise InputError(
            table, f"has one mask in {place} for modalities that are not registered; leave it out"
        )
    good = label.lower() == GOOD
    return PartFiles(
        id=part_id,
        files=with_held(files) if registered else files,
        split=split.lower(),
        defective=None if not label else not good,
        defect_type="" if good else label,
        mask=mask,
        camera=camera,
        registered=registered,
        serial=row.get("serial", ""),
    )


LAYOUT = Layout(
    name="manifest",
    expects="manifest.csv or manifest.json with id, split, label and a column for each modality",
    recognise=recognise,
    read=read,
)
