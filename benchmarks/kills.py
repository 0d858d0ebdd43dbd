"""Kill -9 at random moments of labelling, teaching a model and promoting; then look what is left.

python benchmarks/kills.py [--labelling 50] [--teaching 50] [--promoting 50] [--seed 0]
                           [--folder FOLDER]

A program that labels or promotes says on its standard output what it did after the store has
answered; each of these verdicts, strokes, undos and promotions must be there afterwards. A
candidate that was being made must be there whole or not at all, the model it was made from must not
change, and the audit trail must be whole after every kill.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from cmdiad_core.data.demo import generate
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_sample
from cmdiad_core.detector import Detector, Recipe
from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.sample import PartFiles
from cmdiad_core.store import Store
from cmdiad_core.store.audit_trail import AuditTrail
from cmdiad_core.store.database import Database
from cmdiad_core.store.journal import journal_rows
from cmdiad_core.store.models import Models
from cmdiad_core.workflows.models import facts_of

#: Seconds of labelling or promoting within which the moment lies.
WORKING_S = 0.5
PARTS = 5


def main() -> None:
    """Kill, look and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--labelling", type=int, default=50)
    parser.add_argument("--teaching", type=int, default=50)
    parser.add_argument("--promoting", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where all is made; its disk counts")
    parser.add_argument("--label", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--promote", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.label:
        label(*options.label)
    if options.promote:
        promote(*options.promote)
    chance = random.Random(options.seed)
    with TemporaryDirectory(dir=options.folder) as folder:
        store = Path(folder) / "store.sqlite"
        kill_labelling(store, options.labelling, chance)
        kill_teaching(Path(folder), store, options.teaching, chance)
        kill_promoting(Path(folder), store, options.promoting, chance)


def label(store: str, turn: str, *parts: str) -> None:
    """Give verdicts, mark and take back until somebody ends this; say each that was kept."""
    opened, chance, person = Store(store), random.Random(turn), f"person {turn}"
    print("ready", flush=True)
    while True:
        part = chance.choice(parts)
        action = chance.choice(("review", "stroke", "undo"))
        if action == "review":
            seen = opened.opinions([part]).get(part, Opinion())
            verdict = chance.choice(list(PersonVerdict))
            given = opened.review(part, person, seen, verdict=verdict).verdict
            assert given is not None
            kept = {"edit": given.id, "verdict": given.verdict}
        elif action == "stroke":
            edit = opened.add_stroke(part, person, 1, (0, 0, 9, 9), chance.randbytes(200))
            kept = {"edit": edit}
        else:
            undoable = opened.undoable(person)
            if undoable is None:
                continue
            opened.undo(undoable)
            kept = {"edit": opened.latest_edit(), "target": undoable.id}
        print(json.dumps({"action": action, **kept}), flush=True)


def promote(store: str, *digests: str) -> None:
    """Promote models in turn until somebody ends this; say each promotion that was kept."""
    models = Models(Database(store))
    print("ready", flush=True)
    for digest in cycle(digests):
        champion = models.champion()
        if champion is None or champion.digest != digest:
            models.promote(digest, "ann", "in turn", override=True)
            print(json.dumps({"model": digest}), flush=True)


def kill_labelling(place: Path, kills: int, chance: random.Random) -> None:
    """Kill labelling programs, and count what they were told and what is there."""
    store = Store(place)
    parts = [store.identify(part_on_disk(place.parent, number)) for number in range(PARTS)]
    told, lost, broken = 0, 0, 0
    for turn in range(kills):
        words = ["--label", str(place), str(turn), *parts]
        said = killed(words, chance.uniform(0, WORKING_S))
        with store.database.reading() as connection:
            there = {row.id: (row.action, row.after) for row in journal_rows(connection)}
        for one in said:
            action, after = there.get(one["edit"], ("", {}))
            same = all(after.get(name) == one[name] for name in one if name != "action")
            lost += not (action == one["action"] and same)
        told += len(said)
        broken += bool(AuditTrail(store.database).verify().problems)
    store.close()
    print(f"labelling, {kills} kills: {told} edits were acknowledged, {lost} of them lost;")
    print(f"  the audit trail was broken after {broken} kills")


def killed(words: list[str], seconds: float) -> list[dict[str, object]]:
    """Return what a program said before it was killed."""
    command = [sys.executable, __file__, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        threading.Timer(seconds, process.kill).start()
        lines = process.stdout.readlines()
    return [json.loads(line) for line in lines if line.endswith("\n")]


def kill_teaching(folder: Path, store: Path, kills: int, chance: random.Random) -> None:
    """Kill programs that teach a model, and count what they left."""
    data, model, labels = folder / "parts", folder / "model", folder / "labels"
    generate(data, 0, train=6, validation=4, test_good=3, test_defective=2)
    small_model(data, model)
    for part in open_dataset(data).split("test"):
        for path in part.files.values():
            target = labels / path.relative_to(data)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    untouched, opened = content(model), Store(store)

    def teach(out: Path) -> subprocess.Popen[bytes]:
        words = ["retrain", model, "--out", out, "--depth", "teach", "--labels", labels]
        command = [sys.executable, "-m", "cmdiad_core", *map(str, words)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    whole_s = seconds(lambda: teach(folder / "candidate").wait())
    assert Detector.load(folder / "candidate", "cpu").lineage is not None
    finished, halves, changed, broken = 0, 0, 0, 0
    for turn in range(kills):
        out = folder / f"candidate {turn}"
        process = teach(out)
        # The first third starts the program and touches nothing.
        time.sleep(chance.uniform(0.3, 1.05) * whole_s)
        process.kill()
        process.wait()
        if out.exists():
            try:
                Detector.load(out, "cpu")
                finished += 1
            except Exception:
                halves += 1
        changed += content(model) != untouched
        broken += bool(AuditTrail(opened.database).verify().problems)
    opened.close()
    print(f"teaching, {kills} kills of runs of {whole_s:.1f} s: {finished} candidates are whole,")
    print(f"  {halves} are halves, the model they were made from changed {changed} times;")
    print(f"  the audit trail was broken after {broken} kills")


def kill_promoting(folder: Path, place: Path, kills: int, chance: random.Random) -> None:
    """Kill programs that promote, and count what they were told and what is there."""
    models = Models(Database(place))
    for name in ("model", "candidate"):
        models.add(facts_of(folder / name), "ann")
    digests = [model.digest for model in models.all()]
    told, lost, broken, seen = 0, 0, 0, 0
    for _ in range(kills):
        said = killed(["--promote", str(place), *digests], chance.uniform(0, WORKING_S))
        new = [one.model for one in models.promotions()][seen:]
        seen += len(new)
        told += len(said)
        # The one under way may have been kept without being acknowledged.
        lost += new[: len(said)] != [one["model"] for one in said] or len(new) > len(said) + 1
        champion = models.champion()
        lost += bool(new) and (champion is None or champion.digest != new[-1])
        broken += bool(AuditTrail(models.database).verify().problems)
    models.database.close()
    print(f"promoting, {kills} kills: {told} promotions were acknowledged; after {lost} kills one")
    print(f"  was lost; the audit trail was broken after {broken} kills")


def part_on_disk(folder: Path, number: int) -> PartFiles:
    """Return a part with one small file."""
    path = folder / f"{number}.bin"
    path.write_bytes(b"%d" % number)
    return PartFiles(str(number), {"rgb": path})


def small_model(data: Path, folder: Path) -> None:
    """Train a model that is quick to teach."""
    dataset = open_dataset(data)
    recipe = Recipe(
        encoders={"rgb": "filter_bank", "cloud": "surface"},
        bank_size=400,
        bank_candidates=2000,
        steps=30,
    )
    train, checks = (map(load_sample, dataset.split(name)) for name in ("train", "validation"))
    Detector.fit(train, checks, recipe=recipe, device="cpu").save(folder)


def content(folder: Path) -> dict[str, str]:
    """Return the digests of the files of a folder."""
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def seconds(call: Callable[[], object]) -> float:
    """Return the wall time of a call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
