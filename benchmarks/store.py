"""Time to load the verdicts of a queue, to commit one and to keep inspections, in a full store.

python benchmarks/store.py [--verdicts 100000] [--inspections 100000] [--parts 50000]
    [--folder FOLDER] [--store ADDRESS]

Where --store is an empty database on a PostgreSQL server, that is measured.
"""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from cmdiad_core.content import file_state
from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.inspection import Provenance, Verdict
from cmdiad_core.sample import PartFiles
from cmdiad_core.store import Store
from cmdiad_core.store.audit import Entry, entries, packed
from cmdiad_core.store.audit_pages import AuditPages, Wanted
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.inspections import Inspected, Inspections
from cmdiad_core.store.journal import said_with
from cmdiad_core.store.schema import audit_trail, edits, files, parts, reviews

RUNS = 5
COMMITS = 200
#: Inspections that are written together, two seconds of a fast model.
BATCH = 50


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--verdicts", type=int, default=100_000)
    parser.add_argument("--inspections", type=int, default=100_000)
    parser.add_argument("--parts", type=int, default=50_000)
    parser.add_argument("--folder", type=Path, help="where the store is made; its disk is measured")
    parser.add_argument("--store", help="address of an empty database")
    options = parser.parse_args()
    with TemporaryDirectory(dir=options.folder) as folder:
        place = options.store or Path(folder) / "store.sqlite"
        store = Store(place)
        hashes = fill(store, options.parts, options.verdicts)
        inspect(store, hashes, options.inspections)
        queue = parts_on_disk(store, Path(folder), options.parts)
        opening, loading, recognising = [], [], []
        for _ in range(RUNS):
            opening.append(seconds(lambda: Store(place).close()))
            loading.append(seconds(lambda: store.opinions(hashes)))
            recognising.append(seconds(lambda: store.recognise(queue)))
        print(
            f"{options.verdicts} verdicts and {options.inspections} inspections of "
            f"{options.parts} parts:"
        )
        print(f"open the store                      {median(opening) * 1e3:.1f} ms")
        print(f"load the latest verdicts of all     {median(loading):.2f} s")
        print(f"recognise all without reading them  {median(recognising):.2f} s")
        commits = []
        for part in hashes[:COMMITS]:
            seen = store.opinions([part])[part]
            commits.append(seconds(lambda p=part, s=seen: give(store, p, s)))
        worst = quantiles(commits, n=100)[98]
        print(f"commit one verdict, median          {median(commits) * 1e3:.1f} ms")
        print(f"                    99th percentile {worst * 1e3:.1f} ms")
        print(f"find what can be undone             {undoing(store) * 1e3:.1f} ms")
        print(f"ask whether others wrote            {asking(store) * 1e3:.2f} ms")
        print(f"keep one inspection of {BATCH}            {keeping(store, hashes, 'new'):.2f} ms")
        again = keeping(store, hashes, model_of(0))
        print(f"  of a part that was inspected before {again:.2f} ms")
        read = seconds(lambda: Inspections(store.database).all())
        print(f"read all inspections                {read:.2f} s")
        trail = AuditTrail(store.database)
        verified = seconds(lambda: verify(trail))
        print(f"verify the audit trail              {verified:.1f} s")
        pages = AuditPages(store.database)
        first = seconds(lambda: (pages.page(Wanted()), pages.count(Wanted())))
        print(f"newest page of the audit trail      {first * 1e3:.0f} ms")
        words = Wanted(words="in no entry")
        found = seconds(lambda: pages.page(words))
        print(f"search it for what is nowhere       {found * 1e3:.0f} ms")
        store.close()


def inspect(store: Store, hashes: list[str], count: int) -> None:
    """Keep inspections of the parts by one model after the other."""
    for first in range(0, count, len(hashes)):
        model, wanted = model_of(first // len(hashes)), hashes[: count - first]
        Inspections(store.database).add([inspection(one, model) for one in wanted])


def model_of(number: int) -> str:
    """Return the digest of a model."""
    return sha256(b"model %d" % number).hexdigest()


def inspection(part: str, model: str) -> Inspected:
    """Return what a model says of a part."""
    rests_on = {"rgb": Provenance.MEASURED, "cloud": Provenance.PREDICTED}
    rests_on["infrared"] = Provenance.ABSENT
    now = datetime.now(UTC)
    return Inspected(part, model, model[:12], rests_on, 0.7, 0.05, Verdict.ACCEPT, now)


def keeping(store: Store, hashes: list[str], model: str) -> float:
    """Return the milliseconds that each inspection of a batch takes."""
    spent = []
    for first in range(0, COMMITS * BATCH, BATCH):
        found = [inspection(one, model) for one in hashes[first : first + BATCH]]
        spent.append(seconds(lambda f=found: Inspections(store.database).add(f)))
    return median(spent) * 1e3 / BATCH


def verify(trail: AuditTrail) -> None:
    """Verify the trail, which is whole."""
    assert trail.verify().problems == []


def fill(store: Store, part_count: int, verdict_count: int) -> list[str]:
    """Write parts and verdicts in bulk, with their audit trail; return the content hashes."""
    hashes = [sha256(b"%d" % number).hexdigest() for number in range(part_count)]
    now, rest = datetime.now(UTC), {"software": "0", "kind": "review", "person": "ann"}
    said = {
        "verdict": "reject",
        "comment": None,
        "model_id": "0123456789ab",
        "score": 0.7,
        "model_verdict": "undecided",
        "provenance": {"rgb": "measured", "cloud": "predicted", "infrared": "absent"},
    }
    with store.database.writing() as connection:
        known = [
            {"hash": one, "name": f"test/{place}", "serial": "", "first_read_at": now}
            for place, one in enumerate(hashes)
        ]
        # Whoever asks for something back is answered for many rows at once, which a server needs.
        connection.execute(parts.insert().returning(parts.c.hash), known)
        # The server counts the numbers that it gives itself.
        first = connection.scalar(sa.select(sa.func.coalesce(sa.func.max(edits.c.id), 0))) + 1
        made = [
            {"part": hashes[n % part_count], "made_at": now, **rest} for n in range(verdict_count)
        ]
        connection.execute(edits.insert().returning(edits.c.id), made)
        reviewed = [{"edit": first + n, **said} for n in range(verdict_count)]
        connection.execute(reviews.insert().returning(reviews.c.edit), reviewed)
        *_, newest = entries(connection)
        told, previous = [], newest.hash
        for row, review in zip(made, reviewed, strict=True):
            after = {**said_with(now, "0"), **review}
            entry = Entry(
                0, now, "ann", "review", row["part"], "", None, packed(after), previous, ""
            )
            previous = entry.chained()
            content = entry._replace(hash=previous)._asdict()
            del content["id"]
            told.append(content)
        connection.execute(audit_trail.insert().returning(audit_trail.c.id), told)
    return hashes


def parts_on_disk(store: Store, folder: Path, count: int) -> list[PartFiles]:
    """Write a small file for each of `count` parts, and its digest into the store."""
    found, known = [], []
    for number in range(count):
        path = folder / f"{number}.bin"
        path.write_bytes(b"%d" % number)
        found.append(PartFiles(str(number), {"rgb": path}))
        known.append({**file_state(path)._asdict(), "sha256": sha256(b"%d" % number).hexdigest()})
    with store.database.writing() as connection:
        connection.execute(files.insert().returning(files.c.path), known)
    return found


def give(store: Store, part: str, seen: Opinion) -> None:
    """Give a verdict as the window does."""
    store.review(part, "ann", seen, verdict=PersonVerdict.ACCEPT)


def undoing(store: Store) -> float:
    """Return the seconds to find the latest edit of a person."""
    return median(seconds(lambda: store.undoable("ann")) for _ in range(RUNS))


def asking(store: Store) -> float:
    """Return the seconds of the question that every window asks again and again."""
    return median(seconds(store.latest_edit) for _ in range(20))


def seconds(call: Callable[[], object]) -> float:
    """Return the wall time of a call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
