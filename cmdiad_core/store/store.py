"""The door to the store."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from cmdiad_core.content import FileState, content_hash, file_state, storable
from cmdiad_core.edits import (
    MAX_TYPES,
    Box,
    ChangedMeanwhile,
    DefectType,
    Edit,
    Opinion,
    PersonVerdict,
    Review,
    Stroke,
)
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Provenance, Verdict
from cmdiad_core.people import Right
from cmdiad_core.sample import PartFiles
from cmdiad_core.store import _rows
from cmdiad_core.store._reading import read_content
from cmdiad_core.store._types import add_type, new_type
from cmdiad_core.store.database import Database, uncollected
from cmdiad_core.store.schema import defect_types, edits, parts, reviews, strokes
from cmdiad_core.store.users import require


class Store:
    """Parts by content and the journal of what people said of them.

    Every entry of the journal stands in the audit trail as well. Several programs may have one
    store open. Every method may be called from any thread, and what it has written is on the disk
    when it returns.

    Parameters
    ----------
    address : str or Path or None
        A file, made where there is none, or an SQLAlchemy URL; None for the user's own store.

    Attributes
    ----------
    database : Database
        What other doors, as `cmdiad_core.store.users.Users`, are opened with.

    Raises
    ------
    InputError
        By the constructor and by every method: the database cannot be read or written. Nothing
        is written by halves. By every method that adds to the journal: the person may not.
    """

    def __init__(self, address: str | Path | None = None) -> None:
        self.database = Database(address)

    def close(self) -> None:
        """Give all connections back."""
        self.database.close()

    # Parts

    def identify(self, part: PartFiles) -> str:
        """Return the content hash of a part, which the store knows from then on.

        Files whose path, size and time of change are known are not read again. Where a near-line
        import added some of the files, it is the hash of the in-line part.

        Raises
        ------
        InputError
            Also where a file of the part cannot be read.
        """
        found, unknown = read_content(self.database, part)
        with self.database.reading() as connection:
            place = _rows.known_place(connection, found)
            inline = _rows.inline_parts(connection, [found])
        if unknown or place != _rows.place_of(part):
            with self.database.writing() as connection:
                _rows.remember(connection, part, found, unknown)
        return inline.get(found, found)

    def recognise(self, queue: Iterable[PartFiles]) -> dict[str, str]:
        """Return what `identify` does, by part id, as far as no file must be read.

        Where the store does not know yet where one of them lies, it does from then on.
        """
        states, there = {}, {}
        for part in queue:
            there[part.id] = part
            try:
                states[part.id] = {name: file_state(path) for name, path in part.files.items()}
            except InputError:
                continue
        known: dict[FileState, str] = {}
        with self.database.reading() as connection:
            paths = (state.path for found in states.values() for state in found.values())
            for batch in _rows.batches(paths):
                known |= _rows.known_digests(connection, batch)
            hashes = {
                part_id: content_hash({name: known[state] for name, state in found.items()})
                for part_id, found in states.items()
                if all(state in known for state in found.values())
            }
            inline: dict[str, str] = {}
            for batch in _rows.batches(hashes.values()):
                inline |= _rows.inline_parts(connection, batch)
        self._place({content: there[part_id] for part_id, content in hashes.items()})
        return {part_id: inline.get(content, content) for part_id, content in hashes.items()}

    def name(self, part: str) -> str:
        """Return what a part was called when it was first read."""
        with self.database.reading() as connection:
            named = connection.execute(sa.select(parts.c.name).where(parts.c.hash == part))
            return str(named.scalar_one())

    def files_of(self, hashes: Iterable[str]) -> dict[str, PartFiles]:
        """Return parts, by content hash, with their files where `identify` last found them.

        Whether they still lie there is not looked at.
        """
        found: dict[str, PartFiles] = {}
        with self.database.reading() as connection:
            for batch in _rows.batches(hashes):
                found |= _rows.part_files(connection, batch)
        return found

    def _place(self, found: Mapping[str, PartFiles]) -> None:
        """Keep where parts lie of which that is not known; stores did not tell once."""
        unplaced: set[str] = set()
        with self.database.reading() as connection:
            for batch in _rows.batches(found):
                unplaced |= _rows.unplaced(connection, batch)
        if unplaced:
            with self.database.writing() as connection:
                for content in unplaced:
                    _rows.put_place(connection, content, found[content])

    def with_more(self, hashes: Iterable[str]) -> set[str]:
        """Return those of some parts that have more modalities than another of the same serial."""
        found: set[str] = set()
        with self.database.reading() as connection:
            for batch in _rows.batches(hashes):
                found |= _rows.with_more(connection, batch)
        return found

    # Reviews

    def reviewed(self) -> list[str]:
        """Return the content hashes of all parts that anybody or a near-line station judged."""
        query = sa.select(edits.c.part).where(edits.c.kind.in_(("review", "nearline"))).distinct()
        with self.database.reading() as connection:
            return list(connection.scalars(query))

    def opinions(self, hashes: Iterable[str]) -> dict[str, Opinion]:
        """Return what stands of parts, by content hash, as far as anything does."""
        found: dict[str, Opinion] = {}
        with self.database.reading() as connection, uncollected():
            for batch in _rows.batches(hashes):
                found |= _rows.opinions(connection, batch)
        return found

    def review(
        self,
        part: str,
        person: str,
        seen: Opinion,
        *,
        verdict: PersonVerdict | None = None,
        comment: str | None = None,
        model_id: str = "",
        score: float | None = None,
        model_verdict: Verdict | None = None,
        provenance: Mapping[str, Provenance] = MappingProxyType({}),
    ) -> Opinion:
        """Add a verdict, a comment or both to the journal; return what stands then.

        Parameters
        ----------
        part : str
            Content hash from `identify`.
        person : str
            Who says so.
        seen : Opinion
            What the person knew to stand.
        verdict : PersonVerdict or None
            None to leave the verdict that stands.
        comment : str or None
            None to leave the comment that stands, empty to take it back.
        model_id, score, model_verdict, provenance
            What the model says of the part, as in `Review`; nothing where none looked at it.

        Raises
        ------
        ChangedMeanwhile
            What is to be replaced is not what the person saw. Nothing was written.
        """
        with self.database.writing() as connection:
            stands = _rows.opinions(connection, [part]).get(part, Opinion())
            judged = stands.verdict != seen.verdict or stands.nearline != seen.nearline
            if (verdict is not None and judged) or (
                comment is not None and stands.comment != seen.comment
            ):
                raise ChangedMeanwhile(stands)
            values = {
                "verdict": verdict,
                "comment": None if comment is None else storable(comment),
                "model_id": model_id,
                "score": score,
                "model_verdict": model_verdict,
                "provenance": dict(provenance),
            }
            before = {
                "verdict": None if stands.verdict is None else stands.verdict.verdict,
                "comment": None if stands.comment is None else stands.comment.comment,
            }
            edit = _rows.add_edit(connection, "review", part, person, values, before=before)
            connection.execute(reviews.insert().values({"edit": edit, **values}))
            return _rows.opinions(connection, [part])[part]

    def history(self, part: str) -> list[Review]:
        """Return every review of a part, undone ones too, oldest first."""
        query = _rows.REVIEWS.where(edits.c.part == part).order_by(edits.c.id)
        with self.database.reading() as connection:
            return [_rows.to_review(row) for row in connection.execute(query)]

    def verdicts(self) -> list[Review]:
        """Return every review with a verdict that was not undone, oldest first."""
        query = _rows.REVIEWS.where(reviews.c.verdict.is_not(None), _rows.STANDS)
        with self.database.reading() as connection, uncollected():
            rows = connection.execute(query.order_by(edits.c.id)).all()
            return [_rows.to_review(row) for row in rows]

    # Strokes

    def add_stroke(
        self,
        part: str,
        person: str,
        defect_type: int,
        box: Box,
        changes: bytes,
        grid: str = "",
    ) -> int:
        """Add a change of the defect mask to the journal; return the id of the edit.

        Parameters
        ----------
        part, person : str
            Content hash from `identify`; who made it.
        defect_type : int
            Id of its type.
        box : tuple of int
            Row and column of the first pixel, row and column after the last one.
        changes : bytes
            As in `Stroke`.
        grid : str
            As in `Stroke`.
        """
        with self.database.writing() as connection:
            return _rows.add_stroke(connection, part, person, defect_type, box, changes, grid)

    def strokes(self, part: str, grid: str = "") -> list[Stroke]:
        """Return the strokes on a grid of a part that were not undone, oldest first."""
        made = edits.c.part == part, strokes.c.grid == grid
        query = _rows.STROKES.where(*made, _rows.STANDS).order_by(edits.c.id)
        with self.database.reading() as connection:
            return [_rows.to_stroke(row) for row in connection.execute(query)]

    def strokes_on(self, hashes: Iterable[str]) -> Iterator[Stroke]:
        """Give the strokes on parts that were not undone, part by part, oldest first."""
        query = _rows.STROKES.where(_rows.STANDS).order_by(edits.c.part, edits.c.id)
        with self.database.reading() as connection:
            for batch in _rows.batches(hashes):
                for row in connection.execute(query.where(edits.c.part.in_(batch))):
                    yield _rows.to_stroke(row)

    def undone_strokes(self, part: str, grid: str = "") -> list[Stroke]:
        """Return the strokes on a grid of a part that can be made again, the next one last.

        They were undone after the newest stroke there was made, and none that stands came after.
        """
        made = edits.c.part == part, edits.c.kind == "stroke", strokes.c.grid == grid
        last = sa.select(sa.func.max(edits.c.id)).select_from(edits.join(strokes)).where(*made)
        newest, standing = last.scalar_subquery(), last.where(_rows.STANDS).scalar_subquery()
        undo = edits.alias("undo")
        undone = sa.select(undo.c.target).where(
            undo.c.kind == "undo", undo.c.id.in_(_rows.LATEST_CHANGES), undo.c.id > newest
        )
        query = _rows.STROKES.where(
            *made, edits.c.id.in_(undone), edits.c.id > sa.func.coalesce(standing, 0)
        ).order_by(edits.c.id.desc())
        with self.database.reading() as connection:
            return [_rows.to_stroke(row) for row in connection.execute(query)]

    def defect_types(self) -> list[DefectType]:
        """Return the kinds of defects in the order of their digits."""
        query = sa.select(defect_types).order_by(defect_types.c.digit, defect_types.c.id)
        with self.database.reading() as connection:
            return [DefectType(*row) for row in connection.execute(query)]

    def add_defect_type(self, name: str, person: str) -> DefectType:
        """Add a kind of defect with a free digit and a colour of its own.

        One that is there already is returned as it is.

        Parameters
        ----------
        name : str
            As shown.
        person : str
            Who adds it.

        Raises
        ------
        InputError
            Also where there are `cmdiad_core.edits.MAX_TYPES` already.
        """
        with self.database.writing() as connection:
            known = [DefectType(*row) for row in connection.execute(sa.select(defect_types))]
            for one in known:
                if one.name == storable(name):
                    return one
            added = new_type(storable(name), known)
            if added.id > MAX_TYPES:
                raise InputError(
                    self.database.where, f"has no room for more than {MAX_TYPES} defect types"
                )
            require(connection, person, Right.LABEL)
            add_type(connection, added, person)
        return added

    # Undo

    def undoable(self, person: str) -> Edit | None:
        """Return the latest review or stroke of a person that stands."""
        query = sa.select(sa.func.max(edits.c.id)).where(
            edits.c.person == person, edits.c.kind.in_(_rows.UNDOABLE), _rows.STANDS
        )
        return self._find_edit(query)

    def redoable(self, person: str) -> Edit | None:
        """Return the edit of a person that was undone last, unless they made another since."""
        latest = sa.select(sa.func.max(edits.c.id)).where(
            edits.c.person == person, edits.c.kind.in_(_rows.UNDOABLE)
        )
        undo = sa.select(sa.func.max(edits.c.id)).where(
            edits.c.person == person,
            edits.c.kind == "undo",
            edits.c.id.in_(_rows.LATEST_CHANGES),
            edits.c.id > latest.scalar_subquery(),
        )
        return self._find_edit(
            sa.select(edits.c.target).where(edits.c.id == undo.scalar_subquery())
        )

    def undo(self, edit: Edit) -> None:
        """Add to the journal that a person takes back an edit of theirs."""
        self._change(edit, "undo")

    def redo(self, edit: Edit) -> None:
        """Add to the journal that an undone edit stands again."""
        self._change(edit, "redo")

    # Several windows

    def latest_edit(self) -> int:
        """Return the id of the newest entry of the journal, 0 where there is none."""
        with self.database.reading() as connection:
            return connection.scalar(sa.select(sa.func.max(edits.c.id))) or 0

    def parts_edited_since(self, edit: int) -> set[str]:
        """Return the content hashes of parts with journal entries newer than `edit`."""
        query = sa.select(edits.c.part).where(edits.c.id > edit).distinct()
        with self.database.reading() as connection:
            return set(connection.scalars(query))

    def _find_edit(self, which: sa.Select[Any]) -> Edit | None:
        with self.database.reading() as connection:
            return _rows.find_edit(connection, which)

    def _change(self, edit: Edit, kind: str) -> None:
        with self.database.writing() as connection:
            target = {"target": edit.id}
            _rows.add_edit(connection, kind, edit.part, edit.person, target, target=edit.id)
