"""What near-line stations found of parts, and the parts with what was measured there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import sqlalchemy as sa

from cmdiad_core.content import storable
from cmdiad_core.edits import Box, Finding, NearLineResult, Opinion
from cmdiad_core.errors import InputError
from cmdiad_core.sample import PartFiles
from cmdiad_core.store import _rows
from cmdiad_core.store._reading import read_content
from cmdiad_core.store.database import Database
from cmdiad_core.store.schema import edits, nearline_results, parts


@dataclass(frozen=True)
class Mark:
    """A stroke that is not in the journal yet.

    Parameters
    ----------
    defect_type : int
        Id of its type.
    box : tuple of int
        Row and column of the first pixel, row and column after the last one.
    changes : bytes
        As in `cmdiad_core.edits.Stroke`.
    """

    defect_type: int
    box: Box
    changes: bytes


@dataclass(frozen=True)
class Merged:
    """An in-line part with what was measured near-line.

    Parameters
    ----------
    content : str
        Content hash of all its files.
    part : PartFiles
        The files, where they were last seen; those of the line first.
    """

    content: str
    part: PartFiles

    def joined_to(self, inline: PartFiles, *, on_one_grid: bool) -> PartFiles:
        """Return the in-line part with all files.

        Parameters
        ----------
        inline : PartFiles
            As the line measured it.
        on_one_grid : bool
            Whether what will look at it needs all modalities on one pixel grid. Then the part
            stays as it is where its pixels do not correspond to those of the station.
        """
        own = self.part
        if on_one_grid and inline.registered and not own.registered:
            return inline
        return replace(inline, files=own.files, camera=own.camera, registered=own.registered)


class NearLine:
    """Results of near-line stations; they are added and never changed.

    What was withdrawn (`cmdiad_core.store.nearline_imports`) no longer stands.

    Parameters
    ----------
    database : Database
        Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def parts(self) -> dict[str, PartFiles]:
        """Return the parts to which a result may belong, by content hash."""
        pairs = sa.select(nearline_results.c.merged).where(
            nearline_results.c.merged != edits.c.part, nearline_results.c.edit == edits.c.id
        )
        inline = sa.select(parts.c.hash).where(parts.c.hash.not_in(pairs))
        with self._database.reading() as connection:
            return _rows.part_files(connection, inline)

    def merged(self, hashes: Iterable[str]) -> dict[str, Merged]:
        """Return the parts that gained a modality near-line, by content hash of the in-line part.

        Whether the files still lie where they were last seen is not looked at.
        """
        found: dict[str, Merged] = {}
        with self._database.reading() as connection:
            for batch in _rows.batches(hashes):
                pairs = _rows.merged_parts(connection, batch)
                files = _rows.part_files(connection, {*pairs, *pairs.values()})
                found |= {
                    part: Merged(merged, _joined(files[part], files[merged]))
                    for part, merged in pairs.items()
                    if part != merged
                }
        return found

    def history(self, part: str) -> list[NearLineResult]:
        """Return every result of a part, withdrawn ones too, oldest first."""
        with self._database.reading() as connection:
            return _results(connection, edits.c.part == part)

    def standing(self, part: str) -> list[NearLineResult]:
        """Return the results of a part that were not withdrawn, oldest first."""
        with self._database.reading() as connection:
            return _results(connection, edits.c.part == part, _rows.STANDS)

    def add(
        self,
        part: str,
        person: str,
        merged: PartFiles,
        found: Finding,
        erased: Sequence[Mark] = (),
        drawn: Sequence[Mark] = (),
        batch: int | None = None,
    ) -> NearLineResult | None:
        """Add a result and its marks to the journal; None where the station said the same before.

        Parameters
        ----------
        part : str
            Content hash of the in-line part.
        person : str
            Who takes it in.
        merged : PartFiles
            The in-line part with what was measured near-line.
        found : Finding
            What the station says; `merged` is filled in.
        erased, drawn : sequence of Mark
            Strokes that take back its mask of before, and those that its mask becomes.
        batch : int or None
            Id of the first result that is taken in with it; None where it is the first.

        Raises
        ------
        InputError
            Also where the merged files were judged before as a part of its own.
        """
        content, digests = read_content(self._database, merged)
        values = {name: _storable(value) for name, value in asdict(found).items()}
        values["merged"] = content
        with self._database.writing() as connection:
            _require_free(connection, part, merged, content)
            if content != part:
                _rows.remember(connection, merged, content, digests)
            earlier = _results(connection, edits.c.part == part, _rows.STANDS)
            source = storable(found.source)
            latest = next((one for one in reversed(earlier) if one.found.source == source), None)
            if latest is not None and latest.found == replace(found, source=source, merged=content):
                return None
            before = asdict(earlier[-1].found) if earlier else None
            edit = _rows.add_edit(connection, "nearline", part, person, values, before=before)
            gone = [_add_mark(connection, part, person, mark) for mark in erased]
            strokes = [_add_mark(connection, part, person, mark) for mark in drawn]
            belonging = {
                "stroke": strokes[-1] if strokes else None,
                "batch": batch or edit,
                "last": [edit, *gone, *strokes][-1],
            }
            row = {"edit": edit, **belonging, **values}
            connection.execute(nearline_results.insert().values(row))
            return _results(connection, edits.c.id == edit)[0]

    def conflicts(self) -> dict[str, Opinion]:
        """Return what is said of the parts on which near-line and person disagree, by hash."""
        judged = (
            sa.select(edits.c.part)
            .join(nearline_results, nearline_results.c.edit == edits.c.id)
            .where(nearline_results.c.verdict.is_not(None))
            .distinct()
        )
        with self._database.reading() as connection:
            said = _rows.opinions(connection, judged)
        return {part: opinion for part, opinion in said.items() if opinion.in_conflict}


def _add_mark(connection: sa.Connection, part: str, person: str, mark: Mark) -> int:
    return _rows.add_stroke(connection, part, person, mark.defect_type, mark.box, mark.changes)


def _results(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> list[NearLineResult]:
    query = _rows.NEARLINE.where(*which).order_by(edits.c.id)
    return [_rows.to_result(row) for row in connection.execute(query)]


def _require_free(connection: sa.Connection, part: str, merged: PartFiles, content: str) -> None:
    # What was said of it would no longer be found.
    own = sa.select(edits.c.id).where(edits.c.part == content).limit(1)
    if content != part and connection.scalar(own) is not None:
        problem = "was judged with these near-line files as a part of its own before"
        raise InputError(merged.id, problem)


def _joined(inline: PartFiles, merged: PartFiles) -> PartFiles:
    # Files of the line may have moved since.
    return replace(merged, id=inline.id, files={**inline.files, **merged.files, **inline.files})


def _storable(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {name: storable(path) for name, path in value.items()}
    return value
