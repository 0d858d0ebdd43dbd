import re
from string import Formatter

import pytest
from PySide6.QtGui import QFontMetrics, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLabel,
    QMenu,
    QPushButton,
    QTabBar,
    QWidget,
)

from app import actions, text, theme
from app.annotating import Tool
from app.dialogs.crash_report import CrashReport
from app.dialogs.method import MethodHelp
from app.dialogs.preferences import Preferences
from app.dialogs.shortcuts import Shortcuts
from app.main_window import MainWindow
from app.panels.operating_point.chooser import Chooser
from app.panels.operating_point.methods import METHODS
from app.panels.queue.model import Column
from cmdiad_core.modalities import Kind, Modality, modalities

OTHERS = [language for language in text.LANGUAGES if language != "en"]
SIZES = [(1280, 800), (1920, 1080)]


@pytest.fixture
def window(language, bench, qtbot):
    """Return the window, made while the language is spoken."""
    window = MainWindow(bench)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


def fields(words):
    return sorted((n, s, c) for _, n, s, c in Formatter().parse(words) if n is not None)


@pytest.mark.parametrize("other", OTHERS)
def test_every_language_has_every_text(other):
    assert set(text.catalogue(other)) == set(text.catalogue("en"))


@pytest.mark.parametrize("other", text.LANGUAGES)
def test_every_text_says_something_and_is_filled_in_with_the_same_values(other):
    for key, english in text.catalogue("en").items():
        words = text.catalogue(other)[key]
        assert words.strip(), key
        assert fields(words) == fields(english), key
        # Of progress bars, which Qt fills in.
        assert re.findall(r"%[vmp]", words) == re.findall(r"%[vmp]", english), key


@pytest.mark.parametrize("language", text.LANGUAGES, indirect=True)
def test_no_letter_stands_for_two_entries_of_a_menu(window):
    window.menus.fill_recent()
    window.layouts.fill()
    menus = [window.menuBar(), *window.findChildren(QMenu)]
    for menu in menus:
        letters = [m.toString() for a in menu.actions() if (m := QKeySequence.mnemonic(a.text()))]
        letters = [letter for letter in letters if letter]
        assert len(letters) == len(set(letters)), [a.text() for a in menu.actions()]
    top = [action.text() for action in window.menuBar().actions()]
    assert all("&" in title for title in top)


def test_the_window_speaks_german(inspected, show):
    show("part_reject")
    menus = [action.text().replace("&", "") for action in inspected.menuBar().actions()]
    assert menus == ["Datei", "Bearbeiten", "Teil", "Ansicht", "Hilfe"]
    verdict = inspected.verdict.view
    assert verdict.headline.text().startswith("Schlecht – größte Region")
    said = {badge.words for badge in verdict.badges.badges.values()}
    assert said == {
        "RGB-Bild: Gemessen",
        "Punktwolke: Gemessen",
        "Infrarotbild: Nicht vorhanden",
    }
    assert "RGB-Bild (gemessen)" in verdict.headline.text()


def test_a_title_keeps_its_capital_in_german_sentences(inspected, show):
    show("part_rgb_only")
    filters = inspected.queue.view.filter
    offered = [filters.itemText(row) for row in range(filters.count())]
    assert {"Ohne RGB-Bild", "Ohne Punktwolke", "Ohne Infrarotbild"} <= set(offered)
    assert "Höhe (Punktwolke) – nicht gemessen" in [
        inspected.image.view.source.itemText(row)
        for row in range(inspected.image.view.source.count())
    ]


def test_a_modality_the_catalogue_does_not_know_keeps_its_title(language, monkeypatch):
    new = Modality("ultrasound", "Ultrasound image", "US", Kind.IMAGE, 1, ("us",), "filter_bank", 9)
    monkeypatch.setitem(modalities(), new.name, new)
    assert text.modality_title("cloud") == "Punktwolke"
    assert text.modality_title("ultrasound") == "Ultrasound image"


def test_english_titles_are_small_in_sentences():
    assert text.inside(text.modality_title("cloud")) == "point cloud"
    assert text.inside(text.modality_title("rgb")) == "RGB image"


def test_qt_speaks_the_same_language(language):
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert buttons.buttons()[0].text() == "Abbrechen"
    keys = QKeySequence("Ctrl+Z").toString(QKeySequence.SequenceFormat.NativeText)
    assert keys == "Strg+Z"
    buttons.deleteLater()


@pytest.mark.parametrize("language", ["fr"], indirect=True)
def test_a_language_without_a_catalogue_is_english_throughout(language):
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert text.text("dialog.close") == "Close"
    assert buttons.buttons()[0].text() == "Cancel"
    buttons.deleteLater()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", text.LANGUAGES, indirect=True)
def test_the_first_page_cuts_nothing_off(window, size):
    assert not cut_off(window, size)


@pytest.fixture
def enlarge(qapp):
    """Return a function that shows words twice as large."""
    yield lambda: theme.choose(qapp, theme.Look(text_percent=200))
    theme.choose(qapp, theme.Look())


def test_the_first_page_cuts_no_large_words_off(enlarge, window):
    window.resize(1280, 800)
    enlarge()
    assert not cut_off(window)
    page = window.pages.currentWidget()
    assert page.widget().height() >= page.widget().sizeHint().height()


def test_the_queue_shows_names_rather_than_modalities_with_large_words(
    inspected, qapp, enlarge, qtbot
):
    table = inspected.queue.view.table
    inspected.resize(1920, 1080)
    qapp.processEvents()
    enlarge()
    qtbot.waitUntil(lambda: table.isColumnHidden(Column.MODALITIES))
    needed = table.fontMetrics().horizontalAdvance("part")
    qtbot.waitUntil(lambda: table.columnWidth(Column.PART) > needed)
    assert table.rowHeight(0) > table.fontMetrics().height()
    theme.choose(qapp, theme.Look())
    inspected.resize(1480, 920)
    qtbot.waitUntil(lambda: not table.isColumnHidden(Column.MODALITIES))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", text.LANGUAGES, indirect=True)
def test_the_tabs_cut_nothing_off(inspected, bench, show, size):
    for part in ("part_reject", "part_rgb_only", "part_accept"):
        show(part)
        for tab in range(inspected.tabs.count()):
            inspected.tabs.setCurrentIndex(tab)
            assert not cut_off(inspected, size), (part, tab)
    inspected.tabs.setCurrentIndex(0)
    for tool in Tool:
        actions.choose_tool(bench, tool)
        # The hint wraps, and may wait for its second line until the next layout.
        assert set(cut_off(inspected, size)) <= {inspected.annotation.view.hint.text()}, tool


@pytest.mark.parametrize("language", text.LANGUAGES, indirect=True)
def test_a_laptop_with_large_words_cuts_nothing_off(
    window, qapp, bench, detector, model, parts, all_inspected, show
):
    size = 1366, 768
    theme.choose(qapp, theme.Look(text_percent=130))
    window.resize(*size)
    actions.open_model(bench, model)
    actions.open_parts(bench, [parts])
    all_inspected()
    for part in ("part_reject", "part_rgb_only", "part_accept"):
        show(part)
        assert not cut_off(window, size), part
    for dock in window.docks:
        dock.raise_()
        assert not cut_off(window, size), dock.objectName()
    theme.choose(qapp, theme.Look())


@pytest.mark.parametrize("language", text.LANGUAGES, indirect=True)
def test_the_dialogues_cut_nothing_off(window, bench, qtbot):
    menus = window.menus
    dialogs = [
        Preferences(bench.settings, window),
        Shortcuts(menus.actions, menus.standard_keys, bench.settings, window),
        MethodHelp(window),
        CrashReport([], window),
        Chooser(window),
    ]
    for dialog in dialogs:
        qtbot.addWidget(dialog)
        dialog.show()
        assert not cut_off(dialog), dialog
    dialogs[0].language.activated.emit(0)
    dialogs[0].later.show()
    assert not cut_off(dialogs[0])
    for method in range(len(METHODS)):
        dialogs[-1].method.setCurrentIndex(method)
        assert not cut_off(dialogs[-1]), METHODS[method].key


def cut_off(root, size=None):
    """Return the words of buttons, labels and tabs with too little room once the layout is done."""
    found = []
    for _ in range(20):
        if size is not None:
            root.resize(*size)
        QApplication.processEvents()
        if not (found := _cut_off_now(root)):
            break
    assert size is None or (root.width(), root.height()) == size
    return found


def _cut_off_now(root):
    shown = [widget for widget in root.findChildren(QWidget) if widget.isVisible()]
    return [
        *(w.text() for w in shown if isinstance(w, QLabel) and w.text() and not _has_room(w)),
        *(
            w.text()
            for w in shown
            if isinstance(w, QPushButton) and w.width() < w.sizeHint().width()
        ),
        *(words for w in shown if isinstance(w, QTabBar) for words in _cut_tabs(w)),
    ]


def _cut_tabs(bar):
    needs = QFontMetrics(bar.font()).horizontalAdvance
    tabs = [n for n in range(bar.count()) if bar.isTabVisible(n)]
    return [bar.tabText(n) for n in tabs if needs(bar.tabText(n)) > bar.tabRect(n).width()]


def _has_room(label):
    if label.wordWrap():
        return label.height() >= label.heightForWidth(label.width())
    return label.width() >= label.sizeHint().width()
