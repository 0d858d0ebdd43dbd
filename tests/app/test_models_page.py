"""The registry through the window's own widgets."""

import base64
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from fake_detector import FakeDetector
from part_files import WAIT
from PIL import Image
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QPushButton

from app import actions
from app.dialogs.decision import Decision
from app.panels.models.gate_fields import GateFields
from app.panels.models.model import COLUMNS
from app.registered import Registered
from cmdiad_core.metrics.paired import Difference
from cmdiad_core.models import ModelFacts
from cmdiad_core.people import Role, User
from cmdiad_core.store import Store
from cmdiad_core.store.model_files import folder_digest
from cmdiad_core.store.models import Models
from cmdiad_core.store.users import Users
from cmdiad_core.workflows.comparison import (
    ChangedVerdict,
    Comparison,
    Gate,
    Group,
    Metrics,
    Model,
)

# Imported before the fake detector stands in for the real one.
from cmdiad_core.workflows.models import to_keep


@pytest.fixture
def store(tmp_path):
    """Return the store of the window, as another window would open it."""
    store = Store(tmp_path / "data" / "store.sqlite")
    yield store
    store.close()


@pytest.fixture
def models(store):
    return Models(store.database)


@pytest.fixture
def three(models, tmp_path):
    """Register three models of the fake detector and take the first one into use."""
    made = []
    for place, name in enumerate(("first", "second", "third")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "model.json").write_text(name)
        (folder / "model.safetensors").write_text("arrays")
        limits = FakeDetector.operating_point
        facts = ModelFacts(
            digest=folder_digest(folder),
            id=FakeDetector.id,
            name=name,
            folder=folder,
            parent="",
            accept_below=limits.accept_below + place,
            reject_from=limits.reject_from,
            megabytes=6.0,
            parts={"train": 3, "confirmed good": 2},
        )
        models.add(facts, "ann")
        made.append(facts)
    models.promote(made[0].digest, "ann", "the first one")
    return made


@pytest.fixture
def page(window, detector, three, qtbot):
    """Return the controller of the registry, its window shown and filled."""
    page = window.menus.models
    window.menus.show_models.trigger()
    qtbot.waitUntil(lambda: page.view.table.model().rowCount() == 3, timeout=WAIT)
    return page


@pytest.fixture
def decide(page, qtbot):
    """Return a function that gives a reason in the dialogue that a button opens."""

    def go(deed: str, reason: str, *, override: bool = False) -> Decision:
        page.view.buttons[deed].click()
        qtbot.waitUntil(lambda: _decision(page) is not None, timeout=WAIT)
        dialog = _decision(page)
        assert not dialog.decide.isEnabled()
        dialog.reason.setText(reason)
        if override:
            assert not dialog.decide.isEnabled()
            dialog.override.setChecked(True)
        dialog.decide.click()
        return dialog

    return go


def _decision(page):
    return next((one for one in page.view.findChildren(Decision) if one.isVisible()), None)


def _choose(page, *names):
    known = page.view.table.model().known.models
    page.view.table.clearSelection()
    selection = page.view.table.selectionModel()
    for row, one in enumerate(known):
        if one.name in names:
            index = page.view.table.model().index(row, 0)
            flags = selection.SelectionFlag
            selection.select(index, flags.Select | flags.Rows)


def _cells(page):
    model = page.view.table.model()
    return {
        model.index(row, 1).data(): {
            column.key: model.index(row, place).data() for place, column in enumerate(COLUMNS)
        }
        for row in range(model.rowCount())
    }


def _enabled(page):
    return {deed for deed, button in page.view.buttons.items() if button.isEnabled()}


def _jpeg(colour):
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(stream, "JPEG")
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def _comparison(champion, candidate, *, passed=True, tested=True):
    def side(facts):
        return Model(
            id=facts.id,
            name=facts.name,
            accept_below=facts.accept_below,
            reject_from=facts.reject_from,
            megabytes=6.0,
            seconds_per_part=0.04,
        )

    values = {"aupro_30": None, "false_rejects": 1}
    group = Group(
        name="all that was measured",
        n_good=4,
        n_defective=9,
        champion=Metrics(image_auroc=0.8, escapes=3, **values),
        candidate=Metrics(image_auroc=0.9, escapes=2, **values),
        image_auroc=Difference(value=0.1, low=0.02, high=0.18),
        aupro_30=None,
        escapes=None,
        false_rejects=None,
    )
    changed = ChangedVerdict(
        part="test/dent/007",
        corrected=False,
        defective=True,
        defect_type="dent",
        champion="reject",
        candidate="accept",
        champion_score=7.0,
        candidate_score=1.0,
        pictures=(_jpeg("red"), _jpeg("blue")),
    )
    return Comparison(
        data="cells",
        champion=side(champion),
        candidate=side(candidate),
        n_validation=13,
        n_corrected=0,
        n_left_out=2,
        patterns=(group,),
        defect_types=(),
        changed=(changed,),
        gates=(
            Gate(
                name="at most 0 new escapes on known defects",
                passed=passed and tested,
                found="test/dent/007" if tested else "no defective parts in the validation set",
                kind="new_escapes",
                limit=0,
                tested=tested,
            ),
        ),
    )


@pytest.fixture
def compare(page, qtbot, monkeypatch, tmp_path, bench):
    """Return a function that compares through the window; a script stands in for the work."""
    package = tmp_path / "fake" / "fakes"
    package.mkdir(parents=True)
    monkeypatch.setenv("PYTHONPATH", str(package.parent), prepend=":")
    bench.settings.validation_set = tmp_path

    def run(comparison, *, wait=False):
        result = {"event": "result", "passed": True, "comparison": comparison}
        script = [
            "import json, sys, time",
            'event = {"event": "progress", "stage": "judge", "done": 1, "total": 4}',
            "print(json.dumps(event), flush=True)",
            'print("part 3: cannot be read", file=sys.stderr, flush=True)',
            f"time.sleep({60 if wait else 0})",
            f"print({json.dumps(result)!r})",
        ]
        (package / "__main__.py").write_text("\n".join(script))
        import app.panels.models.controller as module

        class Fake(module.Command):
            def start(self):
                self.given = self._process.arguments()
                self._process.setArguments(["-P", "-m", "fakes"])
                super().start()

        monkeypatch.setattr(module, "Command", Fake)
        page.view.buttons["compare"].click()
        return page.command

    return run


def test_the_table_says_which_model_is_in_use_and_why(page):
    assert "In use: first" in page.view.headline.text()
    cells = _cells(page)
    assert list(cells) == ["first", "third", "second"]
    assert cells["first"]["state"] == "in use"
    assert cells["second"]["state"] == ""
    assert "ann: the first one" in cells["first"]["taken"]
    assert (cells["first"]["parts"], cells["first"]["auroc"]) == ("5", "–")
    # What there is to say of a folder that holds no real model is one sentence.
    assert "model.json" in page.view.about.problem.text() or not page.view.about.facts


def test_what_can_be_done_follows_what_is_chosen(page):
    _choose(page, "first")
    assert _enabled(page) == {"add", "import", "open", "export"}
    _choose(page, "second")
    assert _enabled(page) == {"add", "import", "open", "export", "promote", "forget", "compare"}
    _choose(page, "second", "third")
    assert _enabled(page) == {"add", "import", "compare"}


def test_a_promotion_without_comparison_needs_an_override_and_a_reason(page, models, decide, qtbot):
    _choose(page, "second")
    dialog = decide("promote", "a customer asked", override=True)
    assert not dialog.override.isHidden()
    qtbot.waitUntil(lambda: "In use: second" in page.view.headline.text(), timeout=WAIT)
    made = models.promotions()[-1]
    assert (made.reason, made.overridden) == ("a customer asked", True)
    assert "gates overridden" in _cells(page)["second"]["taken"]
    assert "second in the place of first" in page.view.history.item(0).text()
    decide("roll_back", "too many false alarms")
    qtbot.waitUntil(lambda: "In use: first" in page.view.headline.text(), timeout=WAIT)
    assert models.promotions()[-1].returns_to == 1


def test_two_models_are_compared_and_the_better_one_is_promoted(
    page, compare, three, models, decide, qtbot, monkeypatch
):
    _choose(page, "second")
    command = compare(_comparison(three[0], three[1]).model_dump(mode="json"))
    folders = [str(three[0].folder), str(three[1].folder)]
    assert command.given[3:6] == ["compare", *folders]
    assert command.given[7:] == ["--new-escapes", "0", "--progress", "json"]
    view = page.view.comparison
    qtbot.waitUntil(lambda: view.differences.rowCount() == 1, timeout=WAIT)
    assert "second" in view.headline.text()
    assert view.differences.item(0, 2).text() == "0.800 → 0.900\n+0.100 (+0.020 … +0.180)"
    row = [view.changes.item(0, column).text() for column in range(5)]
    assert row[:2] == ["test/dent/007", "dent"]
    assert row[4] == "new escape"
    assert not view.pictures.isHidden()
    colours = [label.pixmap().toImage().pixelColor(30, 20) for label in view.pictures.pictures]
    assert colours[0].red() > 200 > colours[0].blue()
    assert colours[1].blue() > 200 > colours[1].red()
    assert "cannot be read" in view.log.text()
    cells = _cells(page)
    assert (cells["second"]["auroc"], cells["first"]["auroc"]) == ("0.900", "0.800")
    assert (cells["second"]["escapes"], cells["second"]["speed"]) == ("2 / 9", "40")
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    view.page.click()
    qtbot.waitUntil(lambda: bool(opened), timeout=WAIT)
    assert "test/dent/007" in Path(opened[0]).read_text("utf-8")
    dialog = decide("promote", "fewer escapes")
    assert dialog.override.isHidden()
    qtbot.waitUntil(lambda: "In use: second" in page.view.headline.text(), timeout=WAIT)
    assert models.promotions()[-1].overridden is False


def test_a_failed_gate_has_to_be_overridden(page, compare, three, decide, qtbot, models):
    _choose(page, "second")
    compare(_comparison(three[0], three[1], passed=False).model_dump(mode="json"))
    qtbot.waitUntil(lambda: page.view.comparison.differences.rowCount() == 1, timeout=WAIT)
    decide("promote", "that part was relabelled", override=True)
    qtbot.waitUntil(lambda: len(models.promotions()) == 2, timeout=WAIT)
    made = models.promotions()[-1]
    assert [gate.passed for gate in made.gates] == [False]
    assert made.overridden


@pytest.mark.parametrize("language", ["de"], indirect=True)
def test_a_gate_that_was_not_tested_is_said_in_german_and_overridden(
    language, page, compare, three, qtbot
):
    _choose(page, "second")
    compare(_comparison(three[0], three[1], tested=False).model_dump(mode="json"))
    view = page.view.comparison
    qtbot.waitUntil(lambda: view.differences.rowCount() == 1, timeout=WAIT)
    said = [label.text() for label in view.gates.findChildren(QLabel) if label.text()]
    assert said == [
        "Nicht geprüft: höchstens 0-mal neuer Schlupf bei bekannten Fehlern. "
        "Im Prüfdatensatz sind keine fehlerhaften Teile"
    ]
    page.view.buttons["promote"].click()
    qtbot.waitUntil(lambda: _decision(page) is not None, timeout=WAIT)
    dialog = _decision(page)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("ließ sich im Vergleich" in one for one in words)
    dialog.reason.setText("Es gab noch nie einen Fehler")
    assert not dialog.decide.isEnabled()
    dialog.override.setChecked(True)
    assert dialog.decide.isEnabled()
    dialog.reject()


def test_models_that_differ_in_their_names_alone_are_told_apart(three):
    # One was taught defects that changed no limit: neither its id nor its limits are its own.
    known = [three[0], replace(three[1], accept_below=three[0].accept_below)]
    kept = to_keep(_comparison(*known), known)
    assert (kept.champion, kept.candidate) == (three[0].digest, three[1].digest)


def test_a_comparison_can_be_cancelled(page, compare, qtbot, models):
    _choose(page, "second")
    compare({}, wait=True)
    view = page.view.comparison
    qtbot.waitUntil(lambda: view.stage.text().startswith("Looking with both"), timeout=WAIT)
    assert (view.progress.value(), view.progress.maximum()) == (1, 4)
    assert not page.view.buttons["compare"].isEnabled()
    view.cancel.click()
    qtbot.waitUntil(lambda: page.command is None, timeout=WAIT)
    assert "cancelled" in view.headline.text()
    assert page.view.buttons["compare"].isEnabled()


def test_gates_are_set_in_the_page_and_remembered(page, compare, bench, qtbot):
    fields = page.gates.fields
    assert [field.text() for field in fields.values()] == ["0", "off", "off"]
    fields["new-escapes"].setValue(1)
    fields["auroc-loss"].setValue(0.02)
    _choose(page, "second")
    command = compare({}, wait=True)
    asked = ["--new-escapes", "1", "--auroc-loss", "0.020"]
    assert command.given[7:11] == asked
    page.view.comparison.cancel.click()
    qtbot.waitUntil(lambda: page.command is None, timeout=WAIT)
    again = GateFields(bench.settings)
    qtbot.addWidget(again)
    assert again.arguments == asked


def test_who_may_not_promote_is_told_in_the_page(page, store, bench, decide, qtbot):
    users = Users(store.database)
    users.put(User("ann", Role.ADMINISTRATOR), "ann")
    users.put(User("tim", Role.TECHNICIAN), "ann")
    bench.settings.reviewer = "tim"
    _choose(page, "second")
    decide("promote", "better", override=True)
    qtbot.waitUntil(lambda: bool(page.view.messages.sentences), timeout=WAIT)
    assert "may not promote models" in page.view.messages.sentences[0]
    assert "In use: first" in page.view.headline.text()


def test_a_model_goes_out_as_one_file_and_what_is_none_is_refused(
    page, three, tmp_path, qtbot, monkeypatch
):
    target = tmp_path / "out" / "second.cmdiad"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    _choose(page, "second")
    page.view.buttons["export"].click()
    qtbot.waitUntil(lambda: bool(page.view.messages.sentences), timeout=WAIT)
    assert target.is_file()
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_: (str(three[0].folder / "model.json"), "")
    )
    page.view.buttons["import"].click()
    qtbot.waitUntil(lambda: len(page.view.messages.sentences) == 2, timeout=WAIT)
    assert "is no exported model" in page.view.messages.sentences[0]


def test_a_promotion_in_another_window_is_told_and_its_model_offered(
    inspected, bench, three, models, qtbot
):
    watch = inspected.menus.models.watch
    watch.ask()
    assert inspected.messages.sentences == []  # this window inspects with the model in use
    models.promote(three[1].digest, "bob", "better", override=True)
    watch.ask()
    (sentence,) = inspected.messages.sentences
    assert "The model in use is second" in sentence
    watch.ask()
    assert len(inspected.messages.sentences) == 1
    (note,) = inspected.messages.findChildren(QFrame, "message")
    (button,) = note.findChildren(QPushButton)
    button.click()
    qtbot.waitUntil(lambda: bench.settings.recent("models")[0] == three[1].folder, timeout=WAIT)
    assert inspected.messages.sentences == []


def test_what_was_told_goes_once_the_window_inspects_with_the_model_in_use(
    inspected, bench, detector, three, models, qtbot
):
    watch, first = inspected.menus.models.watch, detector.operating_point
    watch.ask()
    models.promote(three[1].digest, "bob", "better", override=True)
    watch.ask()
    models.promote(three[2].digest, "bob", "still better", override=True)
    watch.ask()
    (sentence,) = inspected.messages.sentences
    assert "The model in use is third" in sentence
    models.promote(three[0].digest, "bob", "it was good enough", override=True)
    watch.ask()
    assert inspected.messages.sentences == []
    models.promote(three[1].digest, "bob", "better after all", override=True)
    watch.ask()
    actions.open_model(bench, three[0].folder)
    qtbot.waitUntil(lambda: bench.settings.recent("models")[0] == three[0].folder, timeout=WAIT)
    assert len(inspected.messages.sentences) == 1
    detector.operating_point = replace(first, accept_below=three[1].accept_below)
    actions.open_model(bench, three[1].folder)
    qtbot.waitUntil(lambda: inspected.messages.sentences == [], timeout=WAIT)


def test_a_model_whose_files_changed_is_not_opened(page, three, qtbot, bench):
    (three[1].folder / "model.json").write_text("other limits")
    _choose(page, "second")
    page.view.buttons["open"].click()
    qtbot.waitUntil(lambda: bool(page.view.messages.sentences), timeout=WAIT)
    assert "holds other files than the model second" in page.view.messages.sentences[0]
    assert bench.session.detector is None


def test_the_window_opens_the_model_in_use(window, bench, detector, three, qtbot):
    actions.open_champion(bench)
    qtbot.waitUntil(lambda: bench.session.detector is not None, timeout=WAIT)
    assert bench.settings.recent("models") == [three[0].folder]


def test_no_store_is_made_to_look_for_a_model(window, bench, qtbot, tmp_path):
    actions.open_champion(bench)
    qtbot.waitUntil(lambda: bench.worker.waiting("models") == 0, timeout=WAIT)
    bench.worker.stop()
    assert not (tmp_path / "data" / "store.sqlite").exists()


def test_the_page_says_what_to_do_until_a_model_is_in_use(page):
    known = page.view.table.model().known
    page.show(Registered(known.models))
    assert page.view.headline.text() == "No model is in use yet. Choose one, then promote it."
    page.show(Registered())
    assert page.view.headline.text() == "No model is in use yet. Add one, then promote it."
