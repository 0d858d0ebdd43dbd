import json
import shutil

import pytest

from cmdiad_core.workflows.comparison import Comparison, Gate, Group, Metrics, Model


@pytest.fixture
def two(demo_model, tmp_path):
    """Return folders of two models that differ in their limits only, so that they share an id."""
    folders = [shutil.copytree(demo_model, tmp_path / name) for name in ("old", "new")]
    card = json.loads((folders[1] / "model.json").read_text("utf-8"))
    card["operating_point"]["accept_below"] -= 0.05
    (folders[1] / "model.json").write_text(json.dumps(card), "utf-8")
    return folders


@pytest.fixture
def comparison(two, tmp_path):
    """Return a function that writes what `cmdiad compare --json` writes of the two."""

    def side(folder):
        card = json.loads((folder / "model.json").read_text("utf-8"))
        limits, speed = card["operating_point"], {"megabytes": 1.0, "seconds_per_part": 0.05}
        return Model(id=card["id"], name=folder.name, **limits, **speed)

    def write(passed: bool):
        metrics = [
            Metrics(image_auroc=a, aupro_30=None, escapes=1, false_rejects=0) for a in (0.8, 0.9)
        ]
        whole = Group(
            name="all that was measured",
            n_good=4,
            n_defective=9,
            champion=metrics[0],
            candidate=metrics[1],
            image_auroc=None,
            aupro_30=None,
            escapes=None,
            false_rejects=None,
        )
        found = Comparison(
            data="cells",
            champion=side(two[0]),
            candidate=side(two[1]),
            n_validation=13,
            n_corrected=0,
            n_left_out=0,
            patterns=(whole,),
            defect_types=(),
            changed=(),
            gates=(Gate(name="at most 0 new escapes", passed=passed, found="cell 7"),),
        )
        path = tmp_path / "comparison.json"
        path.write_text(found.model_dump_json(), "utf-8")
        return path

    return write


@pytest.fixture
def store(tmp_path):
    return tmp_path / "s" / "store.sqlite"


@pytest.fixture
def models(cmdiad, store):
    """Return a function that runs `cmdiad models` on one store and expects it to work."""

    def run(*arguments):
        ended = cmdiad("models", *arguments, "--store", store)
        assert ended.status == 0, ended.err
        return ended.out

    return run


@pytest.fixture
def listed(models):
    """Return a function that gives what `cmdiad models list --json` says."""
    return lambda: json.loads(models("list", "--json"))


def test_from_a_candidate_to_the_model_in_use_and_back(
    models, listed, refused, two, comparison, store
):
    new = two[1]
    for folder in two:
        models("add", folder, "--person", "ann")
    models("promote", "old", "--reason", "the first one", "--person", "ann")
    failed = comparison(False)
    options = ("--reason", "better", "--store", store)
    refused("models", "promote", "new", *options, "--comparison", failed, naming="fails a gate")
    assert models("promote", new, *options[:2], "--override").startswith("new (")
    known = listed()
    assert [one["model"] for one in known["promotions"]] == [
        one["digest"] for one in known["models"]
    ]
    assert known["promotions"][1]["overridden"] is True
    by_name = {one["name"]: one for one in known["models"]}
    assert known["in_use"] == by_name["new"]["digest"]
    assert by_name["new"]["figures"]["image_auroc"] == 0.9
    assert by_name["new"]["parts"] == {"train": 6, "calibrate": 4}
    table = models("list")
    for words in ("in use", "AUROC 0.900", "1 of 9 escape", "50 ms a part", "gates overridden"):
        assert words in table
    assert models("rollback", "--reason", "false alarms").startswith("old (")
    assert listed()["in_use"] == by_name["old"]["digest"]
    refused("models", "forget", "old", "--reason", "x", "--store", store, naming="in use")
    models("forget", "new", "--reason", "not needed")
    assert [one["name"] for one in listed()["models"]] == ["old"]
    assert (new / "model.json").is_file()


def test_a_comparison_that_passes_lets_promote(models, listed, two, comparison):
    for folder in two:
        models("add", folder)
    models("promote", "old", "--reason", "begin")
    models("promote", "new", "--reason", "better", "--comparison", comparison(True))
    assert [one["overridden"] for one in listed()["promotions"]] == [False, False]


def test_to_another_machine(cmdiad, models, two, comparison, tmp_path, monkeypatch):
    models("add", two[1], "--comparison", comparison(True))
    file = tmp_path / "hand over" / "new.cmdiad"
    models("export", "new", file)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "there"))
    ended = cmdiad("models", "import", file)
    assert ended.status == 0, ended.err
    (known,) = json.loads(cmdiad("models", "list", "--json").out)["models"]
    assert known["figures"]["image_auroc"] == 0.9
    assert known["name"] == "new"
    assert str(tmp_path / "there") in known["folder"]
    again = cmdiad("models", "import", file)
    assert (again.status, again.out) == (2, "")
    assert "holds a model that is registered: new in" in again.err


@pytest.mark.parametrize(
    "spoilt",
    [
        {"patterns": []},
        {"changed": [{"pictures": ["https://example.org/a.jpg", "https://example.org/b.jpg"]}]},
    ],
)
def test_a_comparison_that_leads_elsewhere_is_not_kept(refused, comparison, store, two, spoilt):
    path = comparison(True)
    found = json.loads(path.read_text("utf-8"))
    part = {"part": "a", "corrected": False, "defective": True, "defect_type": ""}
    verdicts = {"champion": "accept", "candidate": "reject"}
    scores = {"champion_score": 0.0, "candidate_score": 2.0}
    changed = [{**part, **verdicts, **scores, **one} for one in spoilt.get("changed", [])]
    path.write_text(json.dumps({**found, **spoilt, "changed": changed}), "utf-8")
    options = ("--comparison", path, "--store", store)
    refused("models", "add", two[0], *options, naming="is not what cmdiad compare")


def test_bad_input_is_one_sentence(models, refused, two, tmp_path, store):
    options = ("--store", store)
    refused("models", "add", tmp_path, *options, naming="is no complete model")
    refused("models", "promote", "x", "--reason", "y", *options, naming="is no registered model")
    models("add", two[0])
    models("add", two[1])
    identity = json.loads((two[0] / "model.json").read_text("utf-8"))["id"]
    refused("models", "promote", identity, "--reason", "y", *options, naming="may be any of old")
    refused("models", "promote", "old", "--reason", " ", *options, naming="say in a few words why")
    wrong = two[0] / "model.json"
    refused("models", "add", two[0], "--comparison", wrong, *options, naming="cmdiad compare")
    refused("models", "import", wrong, *options, naming="is no exported model")
    (tmp_path / "file").touch()
    below = tmp_path / "file" / "out.cmdiad"
    refused("models", "export", "old", below, *options, naming="cannot be written")
