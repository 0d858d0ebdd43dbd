"""The loop from confirmed parts to a candidate and its comparison, on demo parts."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from cmdiad_core.cli import app
from cmdiad_core.content import content_hash, file_digest
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_sample
from cmdiad_core.detector import Detector
from cmdiad_core.detector.lineage import Depth, Use
from cmdiad_core.edits import Opinion, PersonVerdict
from cmdiad_core.errors import InputError
from cmdiad_core.inspection import OperatingPoint, Verdict
from cmdiad_core.progress import silent
from cmdiad_core.scoring import limit_known_defects
from cmdiad_core.store import Store
from cmdiad_core.workflows.compare import Gates, compare
from cmdiad_core.workflows.comparison import Comparison
from cmdiad_core.workflows.comparison_page import comparison_page
from cmdiad_core.workflows.labels import confirmed_parts
from cmdiad_core.workflows.nearline import Match, take_in
from cmdiad_core.workflows.retrain import retrain


@pytest.fixture(scope="module", autouse=True)
def _few_draws():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cmdiad_core.metrics.paired.DRAWS", 20)
        yield


def _content(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _labels(root: Path, data: Path, names) -> Path:
    """A data set of some of the test parts, copied."""
    for part in open_dataset(data).split("test"):
        if part.id in names:
            for path in part.files.values():
                target = root / path.relative_to(data)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)
    return root


@pytest.fixture(scope="module")
def scores(demo_model, demo_data):
    champion = Detector.load(demo_model, "cpu")
    return {
        part.id: (bool(part.defective), champion.inspect(load_sample(part)).score)
        for part in open_dataset(demo_data).split("test")
    }


@pytest.fixture(scope="module")
def strict(demo_model, demo_data, scores, tmp_path_factory):
    """The quick model with limits at which a good test part is a false alarm."""
    from cmdiad_core.detector.saving import load_held_out

    highest = max(score for defective, score in scores.values() if not defective)
    champion = Detector.load(demo_model, "cpu")
    point = OperatingPoint(highest, highest)
    folder = tmp_path_factory.mktemp("strict") / "model"
    replace(champion, operating_point=point, held_out=load_held_out(demo_model)).save(folder)
    return folder


@pytest.fixture(scope="module")
def labels(demo_data, scores, tmp_path_factory):
    """One good part and all the defects."""
    good = max((score, name) for name, (defective, score) in scores.items() if not defective)[1]
    names = {good} | {name for name, (defective, _) in scores.items() if defective}
    return _labels(tmp_path_factory.mktemp("labels") / "parts", demo_data, names)


@pytest.fixture(scope="module")
def candidate(strict, labels, tmp_path_factory):
    out = tmp_path_factory.mktemp("candidate") / "model"
    return retrain(
        strict, out, depth=Depth.TEACH, labels=labels, progress=silent, skipped=pytest.fail
    ), out


def test_a_false_alarm_taught_once_passes_and_no_known_defect_is_accepted(
    candidate, strict, labels
):
    champion = Detector.load(strict, "cpu")
    taught = Detector.load(candidate[1], "cpu")
    for part in open_dataset(labels).parts:
        sample = load_sample(part)
        before, after = champion.inspect(sample).verdict, taught.inspect(sample).verdict
        if part.defective:
            assert before is Verdict.ACCEPT or after is not Verdict.ACCEPT, part.id
        else:
            assert (before, after) == (Verdict.REJECT, Verdict.ACCEPT)
    said = {one.part: one for one in taught.lineage.confirmed}
    assert len(said) == len(open_dataset(labels).parts)
    assert not any(one.is_new_escape or one.is_still_refused for one in said.values())


def test_the_candidate_names_its_parent_its_data_and_leaves_the_model_alone(
    strict, labels, tmp_path
):
    before = _content(strict)
    out = tmp_path / "candidate"
    retrain(strict, out, depth=Depth.TEACH, labels=labels, progress=silent, skipped=pytest.fail)
    assert _content(strict) == before
    card = json.loads((out / "model.json").read_text("utf-8"))
    lineage = card["lineage"]
    assert lineage["parent"] == json.loads(before["model.json"])["id"] != card["id"]
    assert lineage["depth"] == "teach"
    assert lineage["made_at"].endswith("Z")
    uses = [one["use"] for one in lineage["snapshot"]]
    assert [uses.count(use) for use in Use] == [6, 4, 1, 9]
    good = next(one for one in lineage["snapshot"] if one["use"] == Use.GOOD)
    expected = {name: file_digest(Path(path)) for name, path in good["files"].items()}
    assert good["content"] == content_hash(expected)


def test_what_was_learned_is_not_learned_twice_and_calibration_is_not_learned(
    candidate, labels, demo_data, tmp_path
):
    both = shutil.copytree(labels, tmp_path / "labels")
    (both / "test" / "good" / "rgb").mkdir(exist_ok=True)
    for name in ("rgb", "xyz", "infrared"):
        source = next((demo_data / "validation" / "good" / name).glob("000.*"))
        shutil.copy(source, both / "test" / "good" / name / f"900{source.suffix}")
    said = []
    out = tmp_path / "again"
    again = retrain(
        candidate[1], out, depth=Depth.TEACH, labels=both, progress=silent, skipped=said.append
    )
    assert [error.problem for error in said] == ["calibrates the model and is not learned from"]
    assert len(again.training_parts) == len(candidate[0].training_parts)
    assert len(again.lineage.snapshot) == len(candidate[0].lineage.snapshot)


def test_verdicts_in_the_store_are_labels(strict, demo_data, tmp_path):
    store = Store(tmp_path / "store.sqlite")
    parts = open_dataset(demo_data).split("test")
    for part, verdict in zip(parts, ("accept", "unsure", "reject"), strict=False):
        known = store.identify(part)
        store.review(known, "Ada", Opinion(), verdict=PersonVerdict(verdict))
    store.close()
    made = retrain(
        strict,
        tmp_path / "out",
        depth=Depth.TEACH,
        labels=None,
        store=str(tmp_path / "store.sqlite"),
        data=demo_data,
        progress=silent,
        skipped=pytest.fail,
    )
    said = {one.part: one.defective for one in made.lineage.confirmed}
    assert said == {parts[0].id: False, parts[2].id: True}


def test_a_calibration_part_that_was_measured_again_near_line_is_still_one(
    strict, demo_data, tmp_path
):
    store, said = Store(tmp_path / "store.sqlite"), []
    part = open_dataset(demo_data).split("validation")[0]
    near = replace(part, files={"infrared": demo_data / "validation/good/infrared/000.png"})
    line = replace(part, files={name: part.files[name] for name in ("rgb", "cloud")})
    for one in (line, near):
        for name, path in one.files.items():
            target = tmp_path / ("near" if one is near else "line") / name / f"SN{path.suffix}"
            target.parent.mkdir(parents=True)
            shutil.copy(path, target)
    line, near = (open_dataset(tmp_path / name).parts[0] for name in ("line", "near"))
    near = replace(near, defective=False)
    take = partial(take_in, person="Ada", source="CT", origin=tmp_path, skipped=pytest.fail)
    assert take([Match(near, line, "SN")], store).taken[0].added == ("infrared",)
    store.close()
    options = {"depth": Depth.TEACH, "labels": None, "data": tmp_path / "line", "progress": silent}
    address = str(tmp_path / "store.sqlite")
    with pytest.raises(InputError, match="no confirmed part"):
        retrain(strict, tmp_path / "out", store=address, skipped=said.append, **options)
    assert [error.problem for error in said] == ["calibrates the model and is not learned from"]


def test_the_store_knows_where_parts_lie_and_which_are_gone_or_changed(demo_data, tmp_path):
    names = [part.id for part in open_dataset(demo_data).split("test")][:3]
    root = _labels(tmp_path / "parts", demo_data, names)
    store = Store(tmp_path / "store.sqlite")
    kept, changed, gone = open_dataset(root).parts
    for part in (kept, changed, gone):
        store.review(store.identify(part), "Ada", Opinion(), verdict=PersonVerdict.ACCEPT)
    store.close()
    with changed.files["rgb"].open("ab") as file:
        file.write(b"more")
    gone.files["rgb"].unlink()
    said = []
    (found,) = confirmed_parts(
        None, str(tmp_path / "store.sqlite"), None, said.append, on_one_grid=True
    )
    assert (found.part.id, found.part.defective) == (kept.id, False)
    assert found.part.files == kept.files
    told = sorted(error.problem.split(" (")[0] for error in said)
    assert told == ["cannot be read", "is not what it was when its verdict was given"]


def test_rebuild_leaves_out_a_training_part_that_turned_out_defective(
    strict, demo_data, labels, tmp_path
):
    root = shutil.copytree(labels, tmp_path / "labels")
    for path in (demo_data / "train" / "good").glob("*/000.*"):
        target = root / "test" / "leak" / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    said = []
    options = {"labels": root, "progress": silent, "skipped": said.append}
    retrain(strict, tmp_path / "taught", depth=Depth.TEACH, **options)
    assert "learned it as good; only rebuild" in said.pop().problem
    rebuilt = retrain(strict, tmp_path / "rebuilt", depth=Depth.REBUILD, **options)
    assert said == []
    names = [part.id for part in rebuilt.training_parts]
    assert "train/good/000" not in names
    assert len(names) == 6
    uses = {one.id: one.use for one in rebuilt.lineage.snapshot}
    assert "train/good/000" not in uses
    assert uses["test/leak/000"] is Use.DEFECTIVE


def test_bad_places_are_one_sentence(strict, labels, tmp_path):
    options = {"depth": Depth.TEACH, "progress": silent, "skipped": pytest.fail}
    with pytest.raises(InputError, match="a candidate needs a new folder"):
        retrain(strict, strict, labels=labels, **options)
    with pytest.raises(InputError, match="give --labels"):
        retrain(strict, tmp_path / "out", labels=None, **options)
    with pytest.raises(InputError, match="needs --store"):
        retrain(strict, tmp_path / "out", labels=None, data=tmp_path, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("delay", [0.0, 0.02])
def test_killed_while_writing_leaves_no_half_model(strict, labels, tmp_path, delay):
    """The process is killed as soon as something appears beside the place of the candidate."""
    script = (
        "from cmdiad_core.detector import saving\n"
        "write = saving.write_settled\n"
        "def slow(path, content):\n"
        "    print('writing', flush=True); import time; time.sleep(0.05)\n"
        "    write(path, content)\n"
        "saving.write_settled = slow\n"
        "from cmdiad_core.cli import main; main()\n"
    )
    out = tmp_path / "candidate"
    command = ["retrain", str(strict), "--out", str(out), "--labels", str(labels)]
    before = _content(strict)
    process = subprocess.Popen(
        [sys.executable, "-c", script, *command, "--depth", "teach"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    try:
        assert process.stdout.readline() == b"writing\n"
        import time

        time.sleep(delay)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not out.exists()
    assert _content(strict) == before


@pytest.fixture(scope="module")
def comparison(strict, candidate, demo_data):
    return compare(
        strict, candidate[1], demo_data, gates=Gates(), progress=silent, skipped=pytest.fail
    )


def test_a_comparison_keeps_to_parts_that_neither_model_learned_from(comparison):
    # 2 good test parts, one of which was taught; the 9 defects were confirmed.
    assert (comparison.n_validation, comparison.n_corrected) == (1, 10)
    assert comparison.n_left_out == 10


def test_gates_decide_the_exit_status(strict, candidate, demo_data, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    def run(champion, other, *more):
        paths = [str(champion), str(other), str(demo_data)]
        files = ["--json", str(tmp_path / "c.json"), "--html", str(tmp_path / "c.html")]
        return CliRunner().invoke(app, ["compare", *paths, *files, *more])

    # All defects were confirmed: the candidate learned from them, and none is left to test it on.
    ended = run(strict, candidate[1], "--auroc-loss", "0.1", "--new-false-rejects", "0")
    assert ended.exit_code == 3, ended.output
    lacking = "there are no defective parts in the validation set"
    assert f"NOT TESTED: at most 0 new escapes on known defects; {lacking}" in ended.output
    assert "passed: at most 0 new false rejects; found none" in ended.output
    assert "NOT TESTED: image AUROC falls by 0.1 at most" in ended.output
    found = json.loads((tmp_path / "c.json").read_text("utf-8"))
    assert "pictures" not in found["changed"][0]
    kept = [(one["kind"], one["limit"], one["tested"], one["passed"]) for one in found["gates"]]
    assert kept == [
        ("new_escapes", 0, False, False),
        ("new_false_rejects", 0, True, True),
        ("auroc_loss", 0.1, False, False),
    ]
    page = (tmp_path / "c.html").read_text("utf-8")
    assert "A gate was not tested" in page
    assert f"Not tested: at most 0 new escapes on known defects. {lacking.capitalize()}" in page
    assert page.count('src="data:image/jpeg;base64,') == 2 * len(found["changed"])
    changed = [one for one in found["changed"] if one["corrected"]]
    assert {(one["champion"], one["candidate"]) for one in changed} >= {("reject", "accept")}

    lax = tmp_path / "lax"
    shutil.copytree(candidate[1], lax)
    card = json.loads((lax / "model.json").read_text("utf-8"))
    card["operating_point"] = {"accept_below": 99.0, "reject_from": 99.0}
    (lax / "model.json").write_text(json.dumps(card), "utf-8")
    monkeypatch.setattr("cmdiad_core.workflows.compare.MOST_PICTURED", 1)
    ended = run(strict, lax, "--progress", "json")
    assert ended.exit_code == 3, ended.output
    *steps, result = map(json.loads, ended.stdout.splitlines())
    assert {one["event"] for one in steps} == {"progress"}
    assert (result["event"], result["passed"]) == ("result", False)
    found = json.loads((tmp_path / "c.json").read_text("utf-8"))
    told = result["comparison"]["changed"]
    assert [bool(one.pop("pictures")) for one in told] == [True] + [False] * (len(told) - 1)
    assert told == found["changed"]
    escapes = [one["part"] for one in found["changed"] if one["defective"]]
    assert len(escapes) >= 1
    assert all(name in found["gates"][0]["found"] for name in escapes)
    page = (tmp_path / "c.html").read_text("utf-8")
    assert "A gate failed" in page
    assert page.count('src="data:image/jpeg;base64,') == 2
    assert f"Changed verdicts: {len(found['changed'])}" in page
    assert "Shown with pictures: 1;" in page
    assert found["changed"][0]["defective"]
    # A page made from the numbers alone has the table instead.
    page = comparison_page(Comparison.model_validate(found))
    assert "<img" not in page
    assert all(name in page for name in escapes)
    assert all(name in page for name in escapes)


def test_metrics_are_those_of_the_inspections(strict, demo_model, demo_data, scores, tmp_path):
    from typer.testing import CliRunner

    # Neither model learned from a test part: nothing is left out.
    words = [str(one) for one in (strict, demo_model, demo_data, "--json", tmp_path / "c.json")]
    ended = CliRunner().invoke(app, ["compare", *words])
    assert ended.exit_code == 0, ended.output
    found = Comparison.model_validate_json((tmp_path / "c.json").read_text("utf-8"))
    assert [gate.outcome for gate in found.gates] == ["passed"]
    whole = found.patterns[0]
    truth, values = zip(*scores.values(), strict=True)
    assert whole.candidate.image_auroc == pytest.approx(roc_auc_score(truth, values))
    point = Detector.load(demo_model, "cpu").operating_point
    pairs = list(scores.values())
    assert whole.candidate.escapes == sum(s < point.accept_below for bad, s in pairs if bad)
    assert whole.candidate.false_rejects == sum(
        s >= point.reject_from for bad, s in pairs if not bad
    )
    # The models differ in their limits only.
    assert (whole.image_auroc.value, whole.image_auroc.low, whole.image_auroc.high) == (0, 0, 0)
    names = {group.name for group in found.patterns[1:]}
    assert names == {"cloud", "rgb", "cloud + rgb"}
    assert sum(group.n_defective for group in found.defect_types) == 9


@pytest.mark.parametrize(
    ("defective", "stopped", "expected"),
    [
        ([2.0, 3.0], [2.0, 3.0], 0.5),  # too few to raise the limit
        ([0.3, 3.0], [0.3, 3.0], 0.3),  # one that was stopped stays stopped
        ([0.3, 3.0], [3.0], 0.5),  # one that was accepted before changes nothing
        ([-0.4, 3.0], [-0.4, 3.0], 0.0),  # no limit tells it from good parts
        ([0.9] * 80, [0.9] * 80, 0.9),  # enough for the rate
    ],
)
def test_confirmed_defects_set_the_accept_limit(defective, stopped, expected):
    limits, guarantee = limit_known_defects(
        np.array(defective), np.array(stopped), 0.05, OperatingPoint(0.5, 1.0)
    )
    assert limits.accept_below == pytest.approx(expected)
    assert limits.reject_from == 1.0
    assert guarantee.parts == len(defective)
