import csv
import threading

import numpy as np
import pypdf
import pytest
from matplotlib import colormaps
from part_files import WAIT
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QMessageBox

from app import actions
from cmdiad_core.edits import PersonVerdict


@pytest.fixture
def save_as(qtbot):
    """Return a function that triggers an action and names the file in the dialog it opens."""

    def go(action, name, *, filter_number=0, overwrite=None):
        seen = {}

        def answer():
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QFileDialog)
            dialog.findChild(QComboBox, "fileTypeCombo").setFocus()
            chosen = dialog.nameFilters()[filter_number]
            dialog.selectNameFilter(chosen)
            dialog.filterSelected.emit(chosen)
            seen["folder"] = dialog.directory().absolutePath()
            seen["name"] = dialog.selectedFiles()[0].rsplit("/", 1)[-1]
            dialog.findChild(QLineEdit, "fileNameEdit").setText(str(name))
            if overwrite is not None:
                QTimer.singleShot(100, lambda: confirm(dialog))
            dialog.accept()

        def confirm(dialog):
            box = QApplication.activeModalWidget()
            seen["asked"] = isinstance(box, QMessageBox)
            box.button(QMessageBox.StandardButton.No).click()
            dialog.reject()

        QTimer.singleShot(100, answer)
        action.trigger()
        return seen

    return go


@pytest.fixture
def told(inspected, qtbot):
    """Return a function that waits for a message that holds some words."""

    def wait(words):
        shown = lambda: any(words in said for said in inspected.messages.sentences)  # noqa: E731
        qtbot.waitUntil(shown, timeout=WAIT)

    return wait


def words(path):
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def test_nothing_can_be_exported_before_there_is_something(window, parts, bench, qtbot):
    menu = window.menus.export
    menu.aboutToShow.emit()
    assert not any(action.isEnabled() for action in menu.actions())
    actions.open_parts(bench, [parts])
    qtbot.waitUntil(lambda: bench.session.sample is not None, timeout=WAIT)
    menu.aboutToShow.emit()
    assert not any(action.isEnabled() for action in menu.actions())


def test_the_report_of_a_part_has_the_limits_of_now(inspected, bench, save_as, told, tmp_path):
    menu = inspected.menus.export
    menu.aboutToShow.emit()
    assert all(action.isEnabled() for action in menu.actions())
    actions.set_operating_point(bench, 2.5, 9.5)
    seen = save_as(menu.part, tmp_path / "Prüfung")
    assert seen["name"] == "part_reject.pdf"
    told("Prüfung.pdf")
    said = words(tmp_path / "Prüfung.pdf")
    assert "Accept below 2.50, reject from 9.50" in said
    assert "Score 9.00 lies between the accept limit 2.50 and the reject limit 9.50" in said
    assert "fake-cells" in said


def test_the_name_says_whether_it_is_a_page_or_a_pdf(inspected, bench, save_as, told, tmp_path):
    export = inspected.menus.export.part
    assert save_as(export, tmp_path / "page", filter_number=1)["name"] == "part_reject.html"
    told("page.html")
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")
    # The folder of the last export is where the next one begins.
    assert save_as(export, tmp_path / "page.docx")["folder"] == str(tmp_path)
    told("page.docx: is neither a .pdf nor an .html file")
    assert not (tmp_path / "page.docx").exists()


def test_overwriting_asks(inspected, save_as, tmp_path):
    old = tmp_path / "old.pdf"
    old.write_text("the old one")
    assert save_as(inspected.menus.export.part, old, overwrite=False)["asked"]
    assert old.read_text() == "the old one"


def test_the_report_of_the_queue_has_every_part(
    inspected, bench, detector, parts, save_as, told, tmp_path
):
    jobs = []
    bench.session.job_changed.connect(lambda: jobs.append(bench.session.job))
    (parts / "rgb" / "part_rgb_only.png").write_bytes(b"\x89PNG broken")
    # What is no longer at hand is inspected again.
    bench.session.shelf.clear()
    before = len(detector.calls)
    save_as(inspected.menus.export.queue, tmp_path / "lot.pdf")
    told("lot.pdf")
    said = words(tmp_path / "lot.pdf")
    assert "4 parts inspected, 1 could not be read" in said
    assert "part_rgb_only.png" in said
    assert len(detector.calls) == before + 4
    assert "Preparing lot.pdf: part 1 of 5" in jobs
    assert "Preparing lot.pdf: part 5 of 5" in jobs


def test_the_table_of_the_queue_follows_the_limits(inspected, bench, save_as, told, tmp_path):
    actions.set_operating_point(bench, 0.75, 9.5)
    save_as(inspected.menus.export.regions, tmp_path / "found.csv")
    told("found.csv")
    with (tmp_path / "found.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["part"], row["verdict"]) for row in rows[:2]] == [
        ("part_reject", "undecided"),
        ("part_infrared_undecided", "undecided"),
    ]
    # All but the one that scores 0.5 reach this limit.
    assert [float(row["score"]) for row in rows] == [9.0, 4.0, 1.0, 1.0]
    assert {row["area_px"] for row in rows} == {"120"}


def test_the_picture_is_that_of_the_image_shown(inspected, save_as, told, tmp_path):
    export = inspected.menus.export.picture
    assert save_as(export, tmp_path / "a.png")["name"] == "part_reject_rgb.png"
    told("a.png")
    inspected.image.view.source_chosen.emit("cloud")
    assert save_as(export, tmp_path / "b.png")["name"] == "part_reject_cloud.png"
    told("b.png")
    first, second = (np.asarray(Image.open(tmp_path / name)) for name in ("a.png", "b.png"))
    assert first.shape == second.shape
    assert (first != second).any()


def test_exports_carry_what_people_said(inspected, bench, save_as, show, told, tmp_path):
    bench.settings.reviewer = "Ann Lee"
    actions.review(bench, PersonVerdict.ACCEPT)
    bench.settings.reviewer = "Bo"
    show("part_reject")
    actions.comment(bench, "part_reject", "only a shadow")
    actions.comment(bench, "part_accept", "dust?")
    save_as(inspected.menus.export.part, tmp_path / "one.pdf")
    told("one.pdf")
    said = words(tmp_path / "one.pdf")
    assert "Person's verdict: Accept, by Ann Lee, 20" in said
    assert "only a shadow (comment by Bo)" in said
    # Also of parts that the window no longer has at hand.
    bench.session.shelf.clear()
    bench.session.reviews.clear()
    save_as(inspected.menus.export.queue, tmp_path / "lot.html", filter_number=1)
    told("lot.html")
    page = (tmp_path / "lot.html").read_text("utf-8")
    assert "Person&#39;s verdict: Accept, by Ann Lee" in page
    assert "only a shadow (comment by Bo)" in page


def test_exports_have_the_colours_of_the_window(inspected, bench, save_as, told, tmp_path):
    names = ("cividis", "viridis")
    for name in names:
        actions.choose_colours(bench, name)
        save_as(inspected.menus.export.picture, tmp_path / f"{name}.png")
        told(f"{name}.png")
        save_as(inspected.menus.export.part, tmp_path / f"{name}.html", filter_number=1)
        told(f"{name}.html")
    for name, other in (names, names[::-1]):
        end = np.array(colormaps[name](1.0, bytes=True)[:3])
        in_css = "#" + bytes(end).hex()
        for written, expected in ((name, True), (other, False)):
            pixels = np.asarray(Image.open(tmp_path / f"{written}.png").convert("RGB"))
            apart = np.abs(pixels.astype(int) - end).max(-1).min()
            assert (apart < 4) == expected
            assert (in_css in (tmp_path / f"{written}.html").read_text("utf-8")) == expected


def test_closing_the_window_asks_and_ends_an_export(
    inspected, bench, detector, save_as, answer, tmp_path, qtbot
):
    bench.session.shelf.clear()
    detector.may_go_on.clear()
    before = len(detector.calls)
    save_as(inspected.menus.export.queue, tmp_path / "lot.pdf")
    qtbot.waitUntil(lambda: len(detector.calls) > before, timeout=WAIT)
    answer("Go on")
    assert not inspected.close()
    answer("Cancel export")
    threading.Timer(0.2, detector.may_go_on.set).start()
    assert inspected.close()
    assert len(detector.calls) == before + 1
    assert not (tmp_path / "lot.pdf").exists()


@pytest.mark.parametrize("name", ["lot.pdf", "lot.txt"])
def test_nothing_is_asked_after_an_export(inspected, bench, told, tmp_path, name):
    actions.export_queue(bench, tmp_path / name)
    told(name)
    assert inspected.close()


def test_a_part_can_be_looked_at_while_a_report_is_prepared(
    inspected, bench, detector, save_as, show, told, tmp_path, qtbot
):
    bench.session.shelf.clear()
    detector.may_go_on.clear()
    before = len(detector.calls)
    save_as(inspected.menus.export.queue, tmp_path / "lot.html")
    qtbot.waitUntil(lambda: len(detector.calls) > before, timeout=WAIT)
    actions.show_part(bench, "part_accept")
    detector.may_go_on.set()
    qtbot.waitUntil(lambda: bench.session.inspection is not None, timeout=WAIT)
    # Second, before the other parts of the report.
    assert detector.calls[before + 1] == "part_accept"
    told("lot.html")


def test_a_read_only_folder_is_one_sentence(inspected, save_as, told, closed_folder):
    save_as(inspected.menus.export.queue, closed_folder / "lot.pdf")
    told("cannot be written")


def test_a_folder_that_went_away_is_one_sentence(inspected, bench, detector, told, tmp_path):
    (tmp_path / "taken").write_text("a file")
    before = len(detector.calls)
    bench.session.shelf.clear()
    actions.export_queue(bench, tmp_path / "taken" / "lot.pdf")
    told("cannot be written")
    # It is said before the work, not after it.
    assert len(detector.calls) == before
