"""Pages on quality, comparisons and benchmarks speak the chosen language throughout."""

import re

import pytest
from store_of_weeks import CALIBRATION, LIMITS, MEASURED, MODEL_ID, fill

from cmdiad_core import __version__
from cmdiad_core.inspection import Verdict
from cmdiad_core.metrics import Summary
from cmdiad_core.metrics.paired import Difference
from cmdiad_core.models import NOTHING, GateKind
from cmdiad_core.report.benchmark import METRICS, BenchmarkTable, Result
from cmdiad_core.report.quality import write_quality
from cmdiad_core.store import Store
from cmdiad_core.text import catalogue, speak
from cmdiad_core.workflows.comparison import (
    ChangedVerdict,
    Comparison,
    Gate,
    Group,
    Metrics,
    Model,
)
from cmdiad_core.workflows.comparison_page import comparison_page
from cmdiad_core.workflows.quality import Calibrated, measure_quality

SHORTEST = 6


@pytest.fixture
def german():
    speak("de")
    yield
    speak("en")


def require_german(page):
    """Ask that it says so, has no English phrase, and no share or score with a point."""
    assert '<html lang="de">' in page
    body = page.partition("</style>")[2].replace(__version__, "")
    english, said = catalogue("en"), catalogue("de")
    phrases = [
        words
        for key, words in english.items()
        if key.startswith(("report.", "quality.", "models.", "benchmark."))
        and words != said[key]
        and "{" not in words
        and len(words) >= SHORTEST
    ]
    assert [words for words in phrases if f">{words}" in body] == []
    assert re.findall(r">[^<]*\b0\.\d\d+[^<]*<", body) == []


def test_quality_is_german(german, tmp_path):
    store = Store(tmp_path / "store.sqlite")
    fill(store, per_week=60)
    found = measure_quality(
        store, Calibrated(MODEL_ID, {MEASURED: CALIBRATION}, LIMITS.accept_below)
    )
    store.close()
    write_quality(found, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    require_german(page)
    for said in (
        "Qualität über die Zeit",
        "Fehlalarme je Woche",
        "Punktwolke + RGB-Bild",
        "Außer ",
    ):
        assert said in page
    assert "Alarm seit 2026-" in page
    assert " UTC, " in page


def _group(name, difference):
    figures = Metrics(image_auroc=0.9, aupro_30=None, escapes=1, false_rejects=0)
    return Group(
        name=name,
        n_good=4,
        n_defective=3,
        champion=figures,
        candidate=figures,
        image_auroc=difference,
        aupro_30=None,
        escapes=difference,
        false_rejects=None,
    )


def test_a_comparison_is_german(german):
    difference = Difference(value=0.25, low=-0.125, high=0.5)
    model = Model(
        id="abc",
        name="m",
        accept_below=0.5,
        reject_from=1.0,
        megabytes=1.5,
        seconds_per_part=0.25,
    )
    change = {
        "corrected": True,
        "defect_type": "",
        "champion": Verdict.REJECT,
        "champion_score": 2.5,
        "candidate_score": 0.25,
        "candidate": Verdict.ACCEPT,
    }
    picture = "data:image/jpeg;base64,AAAA"
    gates = (
        Gate(name="one", passed=True, found=NOTHING, kind=GateKind.NEW_ESCAPES, limit=0),
        Gate(name="a", passed=False, found="no", kind=GateKind.AUROC_LOSS, limit=0.5, tested=False),
    )
    page = comparison_page(
        Comparison(
            data="cells",
            champion=model,
            candidate=model,
            n_validation=7,
            n_corrected=1,
            n_left_out=0,
            patterns=(_group("all that was measured", difference), _group("cloud", None)),
            defect_types=(_group("dent", difference),),
            changed=(
                ChangedVerdict(part="p", defective=True, pictures=(picture, picture), **change),
                ChangedVerdict(part="q", defective=False, **change),
            ),
            gates=gates,
        )
    )
    require_german(page)
    for said in (
        "Bestanden: höchstens 0-mal",
        "Nicht geprüft: Bild-AUROC",
        "alles Gemessene",
        ">Punktwolke<",
        "+0,250",
        "neuer Schlupf",
        "bestätigtes Teil",
        "fehlerhaft",
        ">gut<",
    ):
        assert said in page


def test_a_benchmark_is_german_and_its_numbers_for_programs_are_not(german):
    summary = Summary(n_good=1, n_defective=1, **dict.fromkeys(METRICS, 0.5))
    result = Result(
        class_name="bagel",
        method="dual",
        n_train=1,
        n_validation=1,
        seconds_per_part=0.5,
        summary=summary,
    )
    table = BenchmarkTable({"pipelines": "mended", "share": 0.1}, [result], ["dual"])
    require_german(table.html())
    for form in (table.html(), table.markdown()):
        assert "berichtigt" in form
        assert "0,500" in form
        assert "Veröffentlicht, Mittel über 10 Klassen" in form
    assert '"share": 0.1' in table.json()
    assert "dual,bagel,1,1,1,1,0.5" in table.csv()
