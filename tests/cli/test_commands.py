import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from time import perf_counter

import pytest

from cmdiad_core import __version__
from cmdiad_core.detector import Detector
from cmdiad_core.workflows import demo as workflow

ROOT = Path(__file__).parents[2]


def in_a_process(*arguments: object) -> subprocess.CompletedProcess[str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-m", "cmdiad_core", *map(str, arguments)],
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=200,
        check=False,
    )


def test_real_processes(demo_model, part, tmp_path):
    done = in_a_process("inspect", demo_model, part, "--json", tmp_path / "found.json")
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == ["Inspecting …"]
    opened = in_a_process("open")
    assert opened.returncode == 2
    assert len(opened.stderr.splitlines()) == 1


def test_a_fault_is_one_sentence_and_kept(tmp_path):
    code = """if True:
        import cmdiad_core.workflows.check
        from cmdiad_core.cli import main
        def check(*_, **__):
            raise ZeroDivisionError("division\\nby zero")
        cmdiad_core.workflows.check.check = check
        main()
    """
    done = subprocess.run(
        [sys.executable, "-c", code, "data", "check", tmp_path],
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
        | dict.fromkeys(("XDG_STATE_HOME", "LOCALAPPDATA"), str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert "ZeroDivisionError: division by zero" in sentence
    (log,) = tmp_path.rglob("fault-*.log")
    assert str(log) in sentence
    assert "Traceback" in log.read_text("utf-8")


def test_help_is_quick():
    code = (
        "import json, sys; from cmdiad_core.cli import main; print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not {"torch", "numpy", "open3d", "PySide6"} & set(json.loads(done.stdout))


def test_version(cmdiad):
    assert cmdiad("--version").out == f"cmdiad {__version__}\n"


def test_help_names_every_command(cmdiad):
    shown = cmdiad("--help").out
    for command in ("open", "demo", "train", "evaluate", "inspect", "study", "doctor", "data"):
        assert f" {command} " in shown
        assert cmdiad(command, "--help").status == 0


def test_train(cmdiad, demo_data, tmp_path, monkeypatch):
    seen = {}
    fit = Detector.fit

    def quick(*arguments, recipe, **options):
        seen.update(recipe)
        small = {"bank_size": 200, "bank_candidates": 500, "steps": 5}
        return fit(*arguments, recipe=recipe.model_copy(update=small), **options)

    monkeypatch.setattr(Detector, "fit", quick)
    options = ["--modalities", "rgb,cloud", "--encoder", "rgb=filter_bank", "--seed", "3"]
    out = tmp_path / "new" / "modell ä"
    ended = cmdiad("train", demo_data, "--out", out, *options)
    assert ended.status == 0, ended.err
    assert (seen["seed"], seen["encoders"]) == (3, {"rgb": "filter_bank", "cloud": "surface"})
    assert ended.err.splitlines()[0] == "Reading parts …"
    assert Detector.load(out).modalities == ("rgb", "cloud")
    again = cmdiad("train", demo_data, "--out", out, *options)
    assert (again.status, again.err.splitlines()) == (
        2,
        [f"{out}: holds a model; choose another folder, or add --replace"],
    )
    assert cmdiad("train", demo_data, "--out", out, "--replace", *options).status == 0


@pytest.fixture
def few_parts(demo_data, tmp_path):
    """Return the demo parts with 2 of the 9 kinds of defect only."""
    root = tmp_path / "few parts"
    (root / "test").mkdir(parents=True)
    for name in ("train", "validation", "test/good", "test/dent", "test/scratch"):
        (root / name).symlink_to(demo_data / name)
    return root


def test_evaluate(cmdiad, demo_model, few_parts, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    file = tmp_path / "new" / "numbers.json"
    started = perf_counter()
    ended = cmdiad("evaluate", demo_model, few_parts, "--json", file)
    taken = perf_counter() - started
    assert ended.status == 0, ended.err
    for words in ("AUROC", "Predicting", "Defective", "cloud + rgb"):
        assert words in ended.out
    assert "…" not in ended.out
    numbers = json.loads(file.read_text("utf-8"))
    assert list(numbers) == ["schema", "model", "data", "device", "patterns"]
    assert (numbers["schema"], numbers["data"]) == (1, str(few_parts))
    asked = [(entry["using"], entry["predicting"]) for entry in numbers["patterns"]]
    assert asked == [
        (["cloud"], []),
        (["cloud"], ["rgb"]),
        (["cloud", "rgb"], []),
        (["rgb"], []),
        (["rgb"], ["cloud"]),
    ]
    metrics = ("image_auroc", "pixel_auroc", "aupro_30", "aupro_01")
    for entry in numbers["patterns"]:
        assert list(entry) == [
            *("using", "predicting", "n_good", "n_defective"),
            *(*metrics, "median_seconds"),
        ]
        assert (entry["n_good"], entry["n_defective"]) == (2, 2)
        assert all(0 <= entry[name] <= 1 for name in metrics)
        assert 0 < entry["median_seconds"] < taken


def test_evaluate_gives_null_for_what_the_data_does_not_allow(
    cmdiad, demo_model, demo_data, tmp_path
):
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "good").symlink_to(demo_data / "test" / "good")
    file = tmp_path / "numbers.json"
    assert cmdiad("evaluate", demo_model, tmp_path, "--json", file).status == 0
    for entry in json.loads(file.read_text("utf-8"))["patterns"]:
        assert (entry["n_good"], entry["n_defective"]) == (2, 0)
        assert entry["image_auroc"] is entry["pixel_auroc"] is entry["aupro_30"] is None


def test_doctor(cmdiad, monkeypatch):
    monkeypatch.setattr("cmdiad_core.doctor.opengl_problem", lambda: "the driver crashed")
    ended = cmdiad("doctor")
    assert ended.status == 0
    assert "the driver crashed" in ended.out
    assert "Install the graphics driver" in ended.out


def test_demo_without_a_display(few_parts, demo_model, tmp_path):
    # Parts and model are put in place as a demo leaves them: making them takes a minute.
    folder = tmp_path / "my demo"
    workflow._claim(folder, 0)
    (folder / "parts").symlink_to(few_parts)
    (folder / "model").symlink_to(demo_model)
    done = in_a_process("demo", "--out", folder)
    assert done.returncode == 0, done.stderr
    assert "earlier demo" in done.stdout
    for name in ("report.html", "workbench-part.png", "workbench-features.png"):
        path = folder / "report" / name
        assert str(path) in done.stdout
        assert path.stat().st_size > 10_000


@pytest.fixture
def made(monkeypatch):
    """Return the stages that preparing a demo goes through, which do nothing."""
    stages = []

    def make(name, place):
        def stage(*arguments, **_):
            stages.append(name)
            arguments[place].mkdir(parents=True)

        return stage

    monkeypatch.setattr(workflow, "generate", make("generate", 0))
    monkeypatch.setattr(workflow, "train", make("train", 1))
    return stages


def prepare(folder: Path, seed: int) -> workflow.Demo:
    return workflow.prepare_demo(folder, seed, progress=lambda *_: None, skipped=print)


def test_a_complete_demo_is_used_again(made, tmp_path):
    assert not prepare(tmp_path / "demo", 1).reused
    assert prepare(tmp_path / "demo", 1).reused
    assert made == ["generate", "train"]


def test_an_interrupted_demo_is_continued(made, tmp_path):
    prepare(tmp_path / "demo", 1)
    (tmp_path / "demo" / "model").rmdir()
    assert not prepare(tmp_path / "demo", 1).reused
    assert made == ["generate", "train", "train"]


@pytest.mark.parametrize("version", ["__version__", "SCHEMA"])
def test_a_demo_of_another_seed_or_version_is_made_anew(made, tmp_path, monkeypatch, version):
    prepare(tmp_path / "demo", 1)
    prepare(tmp_path / "demo", 2)
    monkeypatch.setattr(workflow, version, "99")
    prepare(tmp_path / "demo", 2)
    assert made == 3 * ["generate", "train"]


def test_the_wheel_holds_the_resources(tmp_path):
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*command, str(tmp_path), str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    shipped = [path for path in (ROOT / "resources").rglob("*") if path.is_file()]
    assert held >= {
        f"cmdiad_core/_resources/{path.relative_to(ROOT / 'resources').as_posix()}"
        for path in shipped
    }
    assert {"app/py.typed", "cmdiad_core/cli/demo.py"} <= held
