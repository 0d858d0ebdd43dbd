"""Parts that came back from a near-line station: matched to their in-line parts and taken in."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cmdiad_core.annotation import Annotation, Area, StrokeJournal
from cmdiad_core.annotation.changes import Changes
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_mask, read_measured
from cmdiad_core.edits import Box, Finding, Opinion, PersonVerdict, Stroke
from cmdiad_core.errors import InputError
from cmdiad_core.modalities import Kind, modality
from cmdiad_core.people import Right
from cmdiad_core.progress import Progress, silent
from cmdiad_core.sample import PartFiles
from cmdiad_core.workflows.reading import Skipped

if TYPE_CHECKING:
    from cmdiad_core.store import Store
    from cmdiad_core.store.nearline import Mark, NearLine

#: Raised whenever a field of `Report.to_json` changes its meaning or goes.
SCHEMA = 1
#: The station where nobody says which.
SOURCE = "near-line"
_VERDICTS = {None: None, False: PersonVerdict.ACCEPT, True: PersonVerdict.REJECT}
_TABLES = ("manifest.csv", "manifest.json")


@dataclass(frozen=True)
class Match:
    """A part that came back, and the in-line part it is.

    Parameters
    ----------
    near, inline : PartFiles
        As the station and as the line measured it.
    serial : str
        The serial number that both have.
    """

    near: PartFiles
    inline: PartFiles
    serial: str

    @property
    def brings_something(self) -> bool:
        """Whether there is a result, or a modality that the line lacks."""
        return self.near.defective is not None or bool(
            self.near.files.keys() - self.inline.files.keys()
        )


@dataclass(frozen=True)
class Taken:
    """What was taken in of one part.

    Parameters
    ----------
    part : str
        Name of the in-line part.
    serial : str
        By which it was found.
    verdict : PersonVerdict or None
        What the station says; None where nothing.
    defect_type : str
        Name of the defect; empty where there is none.
    added : tuple of str
        Modalities that the line had not measured.
    registered : bool
        Whether all modalities of the part lie on one pixel grid now.
    marked : bool or None
        Whether the station's mask became a stroke; None where there is no mask.
    conflict : bool
        Whether a person's verdict says otherwise.
    """

    part: str
    serial: str
    verdict: PersonVerdict | None
    defect_type: str
    added: tuple[str, ...]
    registered: bool
    marked: bool | None
    conflict: bool


@dataclass(frozen=True)
class Report:
    """What an import did.

    Parameters
    ----------
    source : str
        The station.
    taken : tuple of Taken
        New results.
    unchanged : tuple of str
        Names of in-line parts of which the station said the same before.
    number : int or None
        By which it can be withdrawn; None where nothing was taken in.
    """

    source: str
    taken: tuple[Taken, ...]
    unchanged: tuple[str, ...]
    number: int | None

    def to_json(self, left_out: Iterable[InputError]) -> str:
        """Return it as JSON text, with what was left out."""
        content = {"schema": SCHEMA, **asdict(self)}
        content["left_out"] = [{"part": str(e.where), "problem": e.problem} for e in left_out]
        return json.dumps(content, indent=2, ensure_ascii=False)


def read_results(path: Path) -> tuple[PartFiles, ...]:
    """Return the parts in a folder, or in the folder of a table; `InputError` if there are none."""
    return open_dataset(path.parent if path.name in _TABLES else path).parts


def serial_rule(text: str | None) -> re.Pattern[str] | None:
    """Return a regular expression for serial numbers; it needs one group."""
    if text is None:
        return None
    try:
        rule = re.compile(text)
    except re.error as error:
        raise InputError(text, f"is no regular expression ({error})") from error
    if rule.groups != 1:
        raise InputError(text, "needs one group in brackets, around the serial number")
    return rule


def serial_of(part: PartFiles, rule: re.Pattern[str] | None = None) -> str:
    """Return the serial number of a part; empty where there is none.

    The one its table gives; else what `rule` finds in its name; without a rule the last piece of
    the name, which in most layouts is the stem of its files.
    """
    if part.serial:
        return part.serial
    if rule is None:
        return part.id.rpartition("/")[2]
    found = rule.search(part.id)
    return found[1] or "" if found else ""


def match(
    near: Sequence[PartFiles],
    inline: Iterable[PartFiles],
    skipped: Skipped,
    rule: re.Pattern[str] | None = None,
) -> list[Match]:
    """Return the in-line part of each part that came back, by serial number; guess nothing.

    Parameters
    ----------
    near, inline : of PartFiles
        What came back; among which its in-line parts are looked for.
    skipped : callable
        Told of each part that has no in-line part, or several, or that is not the only one with
        its serial number.
    rule : pattern or None
        As in `serial_of`.
    """
    there: dict[str, list[PartFiles]] = {}
    for part in inline:
        there.setdefault(serial_of(part, rule), []).append(part)
    back: dict[str, list[PartFiles]] = {}
    for part in near:
        back.setdefault(serial_of(part, rule), []).append(part)
    matches = []
    for serial, several in back.items():
        found = there.get(serial, [])
        problem = ""
        if not serial:
            problem = "has no serial number; give it in a manifest or by --serial"
        elif len(several) > 1:
            problem = f"has the serial number {serial}, as {len(several) - 1} more that came back"
        elif not found:
            problem = f"has the serial number {serial}, which no in-line part has"
        elif len(found) > 1:
            names = ", ".join(sorted(part.id for part in found))
            problem = f"has the serial number {serial}, as several in-line parts have: {names}"
        for part in several:
            if problem:
                skipped(InputError(part.id, problem))
            else:
                matches.append(Match(part, found[0], serial))
    return matches


def foreseen_conflicts(matches: Sequence[Match], store: "Store") -> int:
    """Return of how many parts a person says otherwise, as far as no file must be read for it."""
    hashes = store.recognise([one.inline for one in matches])
    opinions = store.opinions(set(hashes.values()))
    count = 0
    for one in matches:
        said = opinions.get(hashes.get(one.inline.id, ""), Opinion())
        known = said.nearline is not None and said.nearline.defective == one.near.defective
        verdict = said.verdict.verdict if said.verdict else None
        differs = verdict is not None and {verdict.defective, one.near.defective} == {True, False}
        count += said.in_conflict if known else differs
    return count


def take_in(
    matches: Sequence[Match],
    store: "Store",
    person: str,
    *,
    source: str,
    origin: Path,
    progress: Progress = silent,
    skipped: Skipped,
) -> Report:
    """Add modalities, verdicts and masks to in-line parts; each part whole or not at all.

    Files are referenced where they lie. What a person said of a part stays; where it contradicts
    the station, the conflict stands until a person gives another verdict.

    Parameters
    ----------
    matches : sequence of Match
        From `match`.
    store : Store
        Gets the results.
    person : str
        Who takes them in.
    source : str
        The station.
    origin : Path
        From where they are taken.
    progress : Progress
        Called after every part, stage ``"nearline"``.
    skipped : callable
        Told of each part that cannot be read.

    Raises
    ------
    InputError
        The person may not label parts.
    """
    from cmdiad_core.store.nearline import NearLine
    from cmdiad_core.store.users import require

    with store.database.reading() as connection:
        require(connection, person, Right.LABEL)
    station = _Station(store, NearLine(store.database), person, source, origin)
    taken, unchanged = [], []
    progress("nearline", 0, len(matches))
    for done, one in enumerate(matches, start=1):
        try:
            found = station.take(one)
        except InputError as error:
            skipped(error)
        else:
            if found is None:
                unchanged.append(one.inline.id)
            else:
                taken.append(found)
        progress("nearline", done, len(matches))
    return Report(source, tuple(taken), tuple(unchanged), station.batch)


@dataclass
class _Station:
    """Takes in one part after the other."""

    store: "Store"
    nearline: "NearLine"
    person: str
    source: str
    origin: Path
    batch: int | None = None

    def take(self, one: Match) -> Taken | None:
        """Add what came back of a part; None where it was said before."""
        from cmdiad_core.content import file_digest

        near, content = one.near, self.store.identify(one.inline)
        own = self.store.files_of([content])[content]
        before = self.nearline.merged([content])
        part, shape = _merge(own, before[content].part if content in before else own, near)
        added = tuple(name for name in part.files if name not in own.files)
        if near.defective is None and not added:
            raise InputError(near.id, "brings neither a result nor a modality that the line lacks")
        found = Finding(
            self.source,
            _VERDICTS[near.defective],
            near.defect_type,
            mask_digest="" if near.mask is None else file_digest(near.mask),
            origin=str(self.origin.absolute()),
            files={name: str(path.absolute()) for name, path in near.files.items()},
            mask="" if near.mask is None else str(near.mask.absolute()),
        )
        has_mask = near.mask is not None and near.defective is True
        mask = load_mask(near, shape) if has_mask and part.registered else None
        marks = self._marks(content, shape, mask, near.defect_type or "defective")
        made = self.nearline.add(content, self.person, part, found, *marks, self.batch)
        if made is None:
            return None
        self.batch = made.batch
        return Taken(
            own.id,
            one.serial,
            found.verdict,
            found.defect_type,
            added,
            part.registered,
            mask is not None if has_mask else None,
            self.store.opinions([content]).get(content, Opinion()).in_conflict,
        )

    def _marks(
        self,
        content: str,
        shape: tuple[int, int],
        mask: NDArray[np.bool_] | None,
        defect_type: str,
    ) -> tuple[list["Mark"], list["Mark"]]:
        """Return strokes that take back the mask of before, and those that draw the new one.

        What people marked stays as it is.
        """
        said = [r for r in self.nearline.standing(content) if r.found.source == self.source]
        drawn = [one.stroke for one in said if one.stroke]
        strokes = {one.id: one for one in self.store.strokes(content)}
        old = strokes.get(drawn[-1]) if drawn else None
        if mask is None and old is None:
            return [], []
        journal = _Draft(self.store, content)
        annotation = Annotation(shape, journal)
        if old is not None:
            gone = _area(old, shape) & (annotation.mask == old.defect_type)
            annotation.stroke(old.defect_type, [Area.of_mask(gone)], erase=True)
        erased, journal.marks = journal.marks, []
        if mask is not None:
            value = self.store.add_defect_type(defect_type, self.person).id
            annotation.stroke(value, [Area.of_mask(mask & (annotation.mask == 0))])
        return erased, journal.marks


def _merge(own: PartFiles, before: PartFiles, near: PartFiles) -> tuple[PartFiles, tuple[int, int]]:
    """Return the in-line part with what was measured near-line, and its pixel grid.

    What the line measured stays; what a station measured again replaces what one measured before.
    """
    layers = (own, near, before)
    files = {**own.files, **before.files, **near.files, **own.files}
    cameras = (one.camera for one in layers if any(map(_is_cloud, one.files)))
    part = PartFiles(
        own.id, files, camera=next(cameras, own.camera), registered=False, serial=own.serial
    )
    measured, problems = read_measured(part)
    if problems:
        raise problems[0]
    shapes = [values.shape[:2] for values in measured.values()]
    kept = before.files.keys() - own.files.keys() - near.files.keys()
    from_near = near.files.keys() - own.files.keys()
    registered = own.registered and (near.registered or not from_near)
    registered = registered and (before.registered or not kept) and len(set(shapes)) == 1
    return replace(part, registered=registered), (shapes[0][0], shapes[0][1])


def _is_cloud(name: str) -> bool:
    return modality(name).kind is Kind.CLOUD


def _area(stroke: Stroke, shape: tuple[int, int]) -> NDArray[np.bool_]:
    painted = np.zeros(shape, np.uint8)
    Changes.unpacked(stroke.box, stroke.changes).apply(painted)
    return painted > 0


class _Draft(StrokeJournal):
    """Keeps new strokes back, to be written with the result they belong to."""

    def __init__(self, store: "Store", part: str) -> None:
        super().__init__(store, part, "")
        self.marks: list[Mark] = []

    def add(self, defect_type: int, box: Box, content: bytes) -> int:
        """Take a stroke."""
        from cmdiad_core.store.nearline import Mark

        self.marks.append(Mark(defect_type, box, content))
        return 0
