"""Every state of the window, with a real model on demo parts, as a picture to look at.

CMDIAD_TEST_SCREENSHOTS=docs/screens pytest tests/app/test_screens.py renews those of the documents.
"""

import shutil

import numpy as np
import pytest
from part_files import WAIT
from PySide6.QtCore import Qt

from app import actions, theme
from app.annotating import Tool
from cmdiad_core.data.demo import generate
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.data.loading import load_sample
from cmdiad_core.detector import Detector, Recipe

NAMES = ("rgb", "cloud", "infrared")


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """Return a lot of demo cells, of which some lack modalities, and a model of all three."""
    root = tmp_path_factory.mktemp("cells")
    generate(root / "made", 0, train=12, validation=12, test_good=2, test_defective=9)
    dataset = open_dataset(root / "made")
    encoders = {"rgb": "filter_bank", "cloud": "surface", "infrared": "filter_bank"}
    recipe = Recipe(encoders=encoders, bank_size=1500, bank_candidates=6000, steps=60)
    train, checks = (map(load_sample, dataset.split(name)) for name in ("train", "validation"))
    Detector.fit(train, checks, recipe=recipe, device="cpu").save(root / "model")
    lot = {
        "bent_tab": NAMES,
        "dent": ("rgb",),
        "swelling": ("cloud",),
        "scratch": NAMES,
        "electrolyte_stain": NAMES,
        "good": NAMES,
    }
    for part in dataset.split("test"):
        kind, number = part.id.split("/")[1:]
        for name in lot.get(kind, ()):
            source = part.files[name]
            target = root / "lot" / name / f"{kind}-{number}{source.suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return root


@pytest.fixture
def at_work(cells, window, bench, qtbot):
    """Return the window with every part of the lot inspected by the real model."""
    window.resize(1480, 920)
    window.start()
    actions.open_model(bench, cells / "model")
    actions.open_parts(bench, [cells / "lot"])
    session = bench.session
    qtbot.waitUntil(
        lambda: bool(session.entries) and not session.remaining and window.cloud.is_ready,
        timeout=6 * WAIT,
    )
    return window


@pytest.fixture
def shown(at_work, show, bench, qtbot):
    """Return a function that shows a part and waits until its content was recognised too."""

    def go(words: str) -> None:
        show(words)
        part = bench.session.current
        qtbot.waitUntil(lambda: bench.session.reviews.hash(part) is not None, timeout=WAIT)

    return go


@pytest.fixture
def standard(qapp):
    yield
    theme.choose(qapp, theme.Look())


def test_parts_of_every_kind(at_work, shown, bench, picture, qtbot, qapp, standard):
    session = bench.session
    shown("bent_tab-000")
    assert set(session.inspection.using) == set(NAMES)
    actions.select_region(bench, session.inspection.regions[0])
    picture("all-modalities")

    at_work.tabs.setCurrentIndex(1)
    qtbot.wait(1500)  # thumbnails and points arrive one after the other
    picture("features")
    at_work.tabs.setCurrentIndex(0)

    shown("dent-000")
    assert at_work.cloud.view.badge.words == "Predicted"
    picture("rgb-only")

    shown("swelling-000")
    assert "Not measured" in at_work.image.view.note.text()
    picture("cloud-only")

    shown("electrolyte_stain-000")
    theme.choose(qapp, theme.Look(theme.Scheme.LIGHT))
    picture("light")
    assert np.isfinite(at_work.devicePixelRatioF())
    theme.choose(qapp, theme.Look())

    score = session.inspection.score
    actions.set_operating_point(bench, score - 0.1, score + 0.1)
    assert session.inspection.verdict == "undecided"
    picture("undecided")


def test_annotated(at_work, shown, bench, picture, qtbot):
    shown("electrolyte_stain-000")
    session = bench.session
    qtbot.waitUntil(lambda: bool(session.annotating.annotations), timeout=WAIT)
    actions.choose_tool(bench, Tool.REGION)
    qtbot.keyClick(at_work.image.view, Qt.Key.Key_3)  # contamination
    row, column = session.inspection.regions[0].peak
    actions.select_region(bench, session.inspection.regions[0])
    canvas = at_work.image.view.canvas
    place = canvas.viewport.mapFrom(canvas, canvas.scene_position(row, column).toPoint())
    qtbot.mouseClick(canvas.viewport, Qt.MouseButton.LeftButton, pos=place)
    assert session.annotating.annotations[""].mask[row, column]
    picture("annotated")


def test_german(language, at_work, shown, picture):
    shown("bent_tab-000")
    assert "Punktwolke" in at_work.cloud.view.title.text()
    picture("german")


def test_presentation(at_work, shown, picture, qtbot, qapp):
    shown("bent_tab-000")
    at_work.menus.present.trigger()
    presentation = at_work.menus.presentation
    presentation.chooser.begin.click()
    guide = presentation.guide
    guide.view.next.click()
    qtbot.waitUntil(lambda: guide.view.part.score.text() != "", timeout=WAIT)
    picture("presentation", guide.view)
    guide.step(guide.total)
    qtbot.waitUntil(lambda: guide.survey.done == guide.survey.total, timeout=6 * WAIT)
    picture("presentation-savings", guide.view)
    presentation.leave()
