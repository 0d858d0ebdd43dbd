"""Rows of the tables as objects, and the queries that fetch them."""

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cmdiad_core import __version__
from cmdiad_core.content import FileState, storable
from cmdiad_core.edits import (
    Box,
    Edit,
    Finding,
    NearLineResult,
    Opinion,
    PersonVerdict,
    Review,
    Stroke,
)
from cmdiad_core.inspection import Verdict
from cmdiad_core.people import Right
from cmdiad_core.sample import PartFiles
from cmdiad_core.store import audit
from cmdiad_core.store.journal import said_with
from cmdiad_core.store.schema import (
    edits,
    files,
    nearline_results,
    parts,
    places,
    reviews,
    strokes,
)
from cmdiad_core.store.users import require

_MADE = (edits.c.id, edits.c.part, edits.c.person, edits.c.made_at, edits.c.software)
#: Content hashes, or a query for them.
Hashes = Collection[str] | sa.Select[tuple[str]]
#: Kinds of edits that can be taken back.
UNDOABLE = ("review", "stroke")
#: Values in one statement; SQLite takes 32,766.
_BATCH = 20_000
_FEW = 100
# Looking a member up is several times as fast as calling its class, and a queue has thousands.
_PERSON_VERDICTS: dict[str | None, PersonVerdict | None] = {
    None: None,
    **{one.value: one for one in PersonVerdict},
}
_VERDICTS: dict[str | None, Verdict | None] = {None: None, **{one.value: one for one in Verdict}}

REVIEWS = sa.select(
    *_MADE,
    reviews.c.verdict,
    reviews.c.comment,
    reviews.c.model_id,
    reviews.c.score,
    reviews.c.model_verdict,
    reviews.c.provenance,
).select_from(edits.join(reviews))
STROKES = sa.select(
    *_MADE,
    strokes.c.defect_type,
    strokes.c.top,
    strokes.c.left,
    strokes.c.bottom,
    strokes.c.right,
    strokes.c.changes,
    strokes.c.grid,
).select_from(edits.join(strokes))
_RESULTS = edits.join(nearline_results, edits.c.id == nearline_results.c.edit)
NEARLINE = sa.select(
    *_MADE,
    nearline_results.c.source,
    nearline_results.c.verdict,
    nearline_results.c.defect_type,
    nearline_results.c.merged,
    nearline_results.c.mask_digest,
    nearline_results.c.origin,
    nearline_results.c.files,
    nearline_results.c.mask,
    nearline_results.c.stroke,
    nearline_results.c.batch,
    nearline_results.c.last,
).select_from(_RESULTS)

_changes = edits.alias("changes")
#: Of every edit that was ever taken back, the undo, redo or withdrawal that came last.
LATEST_CHANGES = (
    sa.select(sa.func.max(_changes.c.id))
    .where(_changes.c.target.is_not(None))
    .group_by(_changes.c.target)
)
_undos = edits.alias("undos")
#: The edit stands.
STANDS = edits.c.id.not_in(
    sa.select(_undos.c.target).where(
        _undos.c.kind.in_(("undo", "withdraw")), _undos.c.id.in_(LATEST_CHANGES)
    )
)


def add_edit(
    connection: sa.Connection,
    kind: str,
    part: str,
    person: str,
    content: Mapping[str, Any],
    *,
    before: Mapping[str, Any] | None = None,
    target: int | None = None,
    reason: str = "",
) -> int:
    """Add a row to the journal and tell the audit trail of it; return the row's id."""
    require(connection, person, Right.LABEL)
    made_at = datetime.now(UTC)
    values = {
        "kind": kind,
        "part": part,
        "person": storable(person),
        "made_at": made_at,
        "software": __version__,
        "target": target,
    }
    added = connection.execute(edits.insert().values(values).returning(edits.c.id))
    edit = int(added.scalar_one())
    after = {"edit": edit, **said_with(made_at, __version__), **content}
    audit.record(
        connection,
        person=person,
        action=kind,
        subject=part,
        reason=reason,
        before=before,
        after=after,
    )
    return edit


def add_stroke(
    connection: sa.Connection,
    part: str,
    person: str,
    defect_type: int,
    box: Box,
    changes: bytes,
    grid: str = "",
) -> int:
    """Add a stroke to the journal; return the id of the edit."""
    sides = dict(zip(("top", "left", "bottom", "right"), map(int, box), strict=True))
    digest = hashlib.sha256(changes).hexdigest()
    content = {"defect_type": defect_type, **sides, "sha256": digest}
    if grid:
        content["grid"] = grid
    edit = add_edit(connection, "stroke", part, person, content)
    values = {"edit": edit, "defect_type": defect_type, "changes": changes, "grid": grid}
    values |= sides
    connection.execute(strokes.insert().values(values))
    return edit


def opinions(connection: sa.Connection, hashes: Hashes) -> dict[str, Opinion]:
    """Return what stands of parts, as far as anything does."""
    newest = (
        sa.select(_newest(reviews.c.verdict, "verdict"), _newest(reviews.c.comment, "comment"))
        .select_from(edits.join(reviews))
        .where(edits.c.part.in_(hashes), STANDS)
        .group_by(edits.c.part)
        .subquery()
    )
    both = newest.c.verdict, newest.c.comment
    query = REVIEWS.add_columns(*both).join(newest, edits.c.id.in_(both))
    found: dict[str, Opinion] = {}
    for row in connection.execute(query).all():
        review, (verdict, comment) = to_review(row[:-2]), row[-2:]
        stands = found.get(review.part, Opinion())
        found[review.part] = Opinion(
            review if review.id == verdict else stands.verdict,
            review if review.id == comment else stands.comment,
        )
    judged = _few(connection, hashes, edits.c.part)
    for result in connection.execute(_newest_results(judged, nearline_results.c.verdict)):
        part = result.part
        found[part] = replace(found.get(part, Opinion()), nearline=to_result(result))
    return found


def _newest_results(hashes: Hashes, saying: sa.Column[Any]) -> sa.Select[Any]:
    """Return a query for the newest standing result of each part whose `saying` is not null."""
    newest = (
        sa.select(sa.func.max(edits.c.id))
        .select_from(_RESULTS)
        .where(edits.c.part.in_(hashes), saying.is_not(None), STANDS)
        .group_by(edits.c.part)
    )
    return NEARLINE.where(edits.c.id.in_(newest))


def _few(connection: sa.Connection, hashes: Hashes, column: sa.Column[str]) -> Hashes:
    """Return those of many parts that results speak of; naming all in a statement takes longer."""
    if isinstance(hashes, sa.Select) or len(hashes) <= _FEW:
        return hashes
    spoken_of = sa.select(column).select_from(_RESULTS).distinct()
    return set(connection.scalars(spoken_of)).intersection(hashes)


def merged_parts(connection: sa.Connection, hashes: Collection[str]) -> dict[str, str]:
    """Return, by in-line part, the content hash of the part with near-line modalities."""
    few = _few(connection, hashes, edits.c.part)
    found = connection.execute(_newest_results(few, nearline_results.c.merged))
    return {row.part: row.merged for row in found}


def inline_parts(connection: sa.Connection, merged: Collection[str]) -> dict[str, str]:
    """Return, by the content hash of a merged part, its in-line part."""
    few = _few(connection, merged, nearline_results.c.merged)
    query = (
        sa.select(nearline_results.c.merged, edits.c.part)
        .select_from(_RESULTS)
        .where(nearline_results.c.merged.in_(few), STANDS)
        .order_by(edits.c.id.desc())
    )
    return {row.merged: row.part for row in connection.execute(query)}


def _newest(said: sa.Column[Any], name: str) -> sa.Label[int | None]:
    return sa.func.max(sa.case((said.is_not(None), edits.c.id))).label(name)


def find_edit(connection: sa.Connection, which: sa.Select[Any]) -> Edit | None:
    """Return the review or stroke whose id a query gives."""
    wanted = connection.scalar(which)
    if (row := connection.execute(REVIEWS.where(edits.c.id == wanted)).first()) is not None:
        return to_review(row)
    if (row := connection.execute(STROKES.where(edits.c.id == wanted)).first()) is not None:
        return to_stroke(row)
    return None


def to_review(row: Sequence[Any]) -> Review:
    """Return a row of `REVIEWS` as an object."""
    (edit, part, person, made_at, software), said = row[:5], row[5:]
    verdict, comment, model_id, score, model_verdict, provenance = said
    return Review(
        edit,
        part,
        person,
        made_at,
        software,
        _PERSON_VERDICTS[verdict],
        comment,
        model_id,
        score,
        _VERDICTS[model_verdict],
        provenance,
    )


def to_stroke(row: Sequence[Any]) -> Stroke:
    """Return a row of `STROKES` as an object."""
    (edit, part, person, made_at, software), made = row[:5], row[5:]
    defect_type, top, left, bottom, right, changes, grid = made
    box = top, left, bottom, right
    return Stroke(edit, part, person, made_at, software, defect_type, box, changes, grid)


def to_result(row: Sequence[Any]) -> NearLineResult:
    """Return a row of `NEARLINE` as an object."""
    (edit, part, person, made_at, software), said, belonging = row[:5], row[5:-3], row[-3:]
    source, verdict, *rest = said
    found = Finding(source, _PERSON_VERDICTS[verdict], *rest)
    return NearLineResult(edit, part, person, made_at, software, found, *belonging)


def known_digests(connection: sa.Connection, paths: Collection[str]) -> dict[FileState, str]:
    """Return the digests of files by the state in which they were read."""
    found = connection.execute(sa.select(files).where(files.c.path.in_(paths)))
    return {FileState(path, size, modified): digest for path, size, modified, digest in found}


def remember(
    connection: sa.Connection, part: PartFiles, content: str, digests: Mapping[FileState, str]
) -> None:
    """Keep a part, if it is a new one, and digests of its files."""
    if digests:
        paths = [state.path for state in digests]
        connection.execute(files.delete().where(files.c.path.in_(paths)))
        rows = [{**state._asdict(), "sha256": digest} for state, digest in digests.items()]
        connection.execute(files.insert(), rows)
    if not has_part(connection, content):
        values = {
            "hash": content,
            "name": storable(part.id),
            "serial": storable(part.serial),
            "first_read_at": datetime.now(UTC),
        }
        connection.execute(parts.insert().values(values))
    put_place(connection, content, part)


def put_place(connection: sa.Connection, content: str, part: PartFiles) -> None:
    """Keep where the files of a part lie."""
    connection.execute(places.delete().where(places.c.part == content))
    connection.execute(places.insert().values({"part": content, **place_of(part)}))


def with_more(connection: sa.Connection, hashes: Collection[str]) -> set[str]:
    """Return those of some parts that have more modalities than another of the same serial."""
    other, elsewhere = parts.alias("other"), places.alias("elsewhere")
    same = sa.and_(other.c.serial == parts.c.serial, other.c.hash != parts.c.hash)
    query = (
        sa.select(parts.c.hash, places.c.files, elsewhere.c.files)
        .join(places, places.c.part == parts.c.hash)
        .join(other, same)
        .join(elsewhere, elsewhere.c.part == other.c.hash)
        .where(parts.c.hash.in_(hashes), parts.c.serial != "")
    )
    return {part for part, here, there in connection.execute(query) if set(there) < set(here)}


def unplaced(connection: sa.Connection, hashes: Collection[str]) -> set[str]:
    """Return those of some parts that the store knows, but not where they lie."""
    query = sa.select(parts.c.hash).outerjoin(places).where(places.c.part.is_(None))
    return set(connection.scalars(query.where(parts.c.hash.in_(hashes))))


def place_of(part: PartFiles) -> dict[str, Any]:
    """Return where the files of a part lie, as the store keeps it."""
    paths = {name: storable(os.path.abspath(path)) for name, path in part.files.items()}  # noqa: PTH100
    camera = None if part.camera is None else storable(os.path.abspath(part.camera))  # noqa: PTH100
    return {"files": paths, "camera": camera, "registered": part.registered}


def known_place(connection: sa.Connection, part: str) -> dict[str, Any] | None:
    """Return where the files of a part were last seen."""
    found = connection.execute(sa.select(places).where(places.c.part == part)).mappings().first()
    return None if found is None else {name: found[name] for name in found if name != "part"}


def part_files(connection: sa.Connection, hashes: Hashes) -> dict[str, PartFiles]:
    """Return parts with their files where they were last seen."""
    query = sa.select(
        parts.c.hash,
        parts.c.name,
        parts.c.serial,
        places.c.files,
        places.c.camera,
        places.c.registered,
    ).select_from(parts.join(places))
    return {
        row.hash: PartFiles(
            row.name,
            {name: Path(path) for name, path in row.files.items()},
            camera=None if row.camera is None else Path(row.camera),
            registered=row.registered,
            serial=row.serial,
        )
        for row in connection.execute(query.where(parts.c.hash.in_(hashes)))
    }


def has_part(connection: sa.Connection, content: str) -> bool:
    """Return whether the store knows a part."""
    return connection.scalar(sa.select(parts.c.hash).where(parts.c.hash == content)) is not None


def batches(values: Iterable[str]) -> Iterator[list[str]]:
    """Yield values in lists that fit into one statement."""
    rest = iter(values)
    while batch := list(islice(rest, _BATCH)):
        yield batch
