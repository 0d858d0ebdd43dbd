import shutil
import sys
import threading
import types
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest
from part_files import WAIT
from PySide6.QtCore import Qt
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA

from app import actions, theme
from app.colour_scale import DIVERGING, ColourScale, colour_map
from app.panels.features.basis import PrincipalBasis
from app.panels.features.histogram import Histogram
from app.panels.features.places import patch_place, pixel_cursor
from app.panels.features.scatter import SAMPLE, bank_sample
from app.panels.features.thumbnails import WINDOW, Picture
from cmdiad_core.data.layouts import open_dataset
from cmdiad_core.sample import Sample

PLACE = (20.5, 31.5)
PATCH = (20, 31)


@pytest.fixture
def at_test_part(demo_data, tmp_path):
    """Return a function that copies some modalities of a test part to a folder of its own."""

    def copied(*names: str) -> Path:
        part = open_dataset(demo_data).split("test")[0]
        for name in names:
            (tmp_path / "queue" / name).mkdir(parents=True)
            path = part.files[name]
            shutil.copy(path, tmp_path / "queue" / name / f"cell{path.suffix}")
        return tmp_path / "queue"

    return copied


@pytest.fixture
def opened(window, bench, demo_model, qtbot, at_test_part):
    """Return a function that opens a part with some modalities under a trained model."""

    def open_with(*names: str, model: Path = demo_model):
        actions.open_model(bench, model)
        actions.open_parts(bench, [at_test_part(*names)])
        qtbot.waitUntil(lambda: bench.session.inspection is not None, timeout=WAIT)
        window.tabs.setCurrentIndex(1)
        return ready(window.features)

    def ready(features):
        qtbot.waitUntil(lambda: features.is_ready, timeout=WAIT)
        return features

    return open_with


def _choose(features, name):
    features.view.modality.activated.emit(features.view.modality.findData(name))


def _row_shown(thumbnails):
    return [one for one in thumbnails if not one.isHidden()]


def test_colours_are_the_principal_components_of_normal_features():
    normal = np.random.default_rng(0).normal(size=(500, 7)) * np.arange(1, 8) + 3
    normal = normal.astype(np.float32)
    basis, reference = PrincipalBasis.fit(normal), PCA(3).fit(normal)
    signs = np.sign((basis.axes * reference.components_.T).sum(axis=0))
    np.testing.assert_allclose(basis.axes * signs, reference.components_.T, atol=1e-4)
    found = basis.components(normal[:20]) * signs
    np.testing.assert_allclose(found, reference.transform(normal[:20]), atol=1e-3)
    low, high = np.percentile(basis.components(normal), (1, 99), axis=0)
    ends = basis.mean + np.stack([low - 1, high + 1]) @ basis.axes.T
    np.testing.assert_array_equal(basis.colours(ends[None].astype(np.float32))[0, :, 0], [0, 255])


@pytest.mark.parametrize("channels", [1, 2, 5])
def test_features_of_few_channels_or_none_valid_can_be_shown(channels):
    basis = PrincipalBasis.fit(np.ones((9, channels), np.float32))
    features = np.full((4, 4, channels), np.nan, np.float32)
    features[1] = 1
    assert basis.colours(features).shape == (4, 4, 3)


def test_the_signed_scale_diverges_from_a_white_middle():
    scale = ColourScale(-2.0, 2.0, name=DIVERGING)
    colours = scale.colours(np.array([-9, 0, 9], np.float32))
    np.testing.assert_array_equal(colours[[0, 2]], colour_map(DIVERGING)[[0, -1]])
    assert colours[1].min() > 225
    blue, ochre = colours[0].astype(int), colours[2].astype(int)
    assert blue[2] > blue[0]
    assert ochre[0] > ochre[2]
    np.testing.assert_array_equal(scale.table()[:, :3], colour_map(DIVERGING))


def test_the_histogram_counts_every_patch_and_as_many_normal_ones():
    distances = np.random.default_rng(1).gamma(2, 0.1, (30, 40)).astype(np.float32)
    distances[:3] = np.nan
    distances[5, 5] = 40
    quantiles = np.percentile(
        np.random.default_rng(2).gamma(2, 0.1, 50000), np.linspace(0, 100, 1001)
    )
    bars = Histogram.of(distances, 1.0, quantiles)
    assert bars.part.sum() == bars.normal.sum() == np.isfinite(distances).sum()
    assert bars.part[-1] >= 1
    middle = (bars.edges[:-1] < 0.4) & (bars.edges[:-1] > 0.02)
    np.testing.assert_allclose(bars.normal[middle], bars.part[middle], atol=25)


def test_a_place_keeps_its_patch_there_and_back():
    sample = Sample("x", {"rgb": np.zeros((100, 200, 3), np.float32)})
    cursor = pixel_cursor(3.5, 60.25, sample, "rgb", (32, 64))
    assert (cursor.row, cursor.column) == pytest.approx((3.5 * 100 / 32, 60.25 * 200 / 64))
    assert patch_place(cursor, sample, "cloud", (32, 64)) == pytest.approx((3.5, 60.25))
    corner = pixel_cursor(32.0, 64.0, sample, "rgb", (32, 64))
    assert int(corner.row), int(corner.column) == (99, 199)


@pytest.mark.parametrize("patch", [(16, 40), (0, 0), (31, 63)])
def test_a_thumbnail_has_its_patch_in_the_middle(patch):
    image = np.zeros((256, 512, 3), np.float32)
    row, column = patch
    image[row * 8 : row * 8 + 8, column * 8 : column * 8 + 8] = 1
    thumbnail = Picture.of(Sample("x", {"rgb": image}), "rgb").cut_out(*patch)
    size = thumbnail.shape[0]
    assert thumbnail.shape == (size, size, 3)
    assert size == pytest.approx(WINDOW * 8, abs=2)
    rows, columns = np.nonzero(thumbnail.min(axis=2) == 255)
    assert (rows.mean(), columns.mean()) == pytest.approx(((size - 1) / 2,) * 2, abs=1)


def test_a_hidden_tab_costs_nothing(window, bench, detector, model, parts, all_inspected, qtbot):
    studied = []
    detector.study = lambda *given: studied.append(given)
    actions.open_model(bench, model)
    actions.open_parts(bench, [parts])
    all_inspected()
    qtbot.waitUntil(lambda: bench.session.inspection is not None, timeout=WAIT)
    bench.session.pin(None)
    assert not studied
    assert window.features.is_ready


def test_the_tab_shows_measured_and_predicted_features(opened, bench, picture):
    features = opened("rgb", "cloud")
    maps, inspection = features.view.maps, bench.session.inspection
    for shown in maps.maps:
        assert shown.stack.currentWidget() is shown.canvas
    study = bench.session.detector.study(inspection, "rgb")
    basis = PrincipalBasis.fit(bench.session.detector.sources.banks["rgb"].entries)
    shown = maps.measured.canvas._image.image
    np.testing.assert_array_equal(shown, basis.colours(study.measured))
    expected = maps.signed.bar._scale.colours(study.signed_distance())
    np.testing.assert_array_equal(maps.signed.canvas._image.image, expected)
    assert features.view.badge.words == "Measured"
    picture("features")


def test_pointing_at_a_feature_map_moves_the_cursor_everywhere(opened, window, bench):
    features = opened("rgb", "cloud")
    sample = bench.session.sample
    features.view.maps.predicted.canvas.pointed.emit(*PLACE)
    grid = features.view.maps.measured.canvas._image.image.shape
    wanted = [
        place * pixels / n for place, pixels, n in zip(PLACE, sample.shape, grid, strict=False)
    ]
    assert window.image.view.canvas.cursor_place == pytest.approx(wanted)
    for shown in features.view.maps.maps:
        assert shown.canvas.cursor_place == pytest.approx(PLACE)
    assert "Row 20, column 31" in features.view.patch.numbers.text()
    features.view.maps.predicted.canvas.left.emit()
    assert bench.session.cursor is None
    # And the other way round.
    window.image.view.canvas.pointed.emit(*wanted)
    assert features.view.maps.confidence.canvas.cursor_place == pytest.approx(PLACE)


def test_a_click_finds_the_nearest_normal_patches(opened, bench, qtbot, picture):
    features = opened("rgb", "cloud")
    patch = features.view.patch
    features.view.maps.measured.canvas.clicked.emit(*PLACE)
    shown = [patch.own, *patch.measured, *patch.predicted]
    qtbot.waitUntil(lambda: all(one.picture.is_shown for one in shown), timeout=WAIT)
    detector = bench.session.detector
    values = bench.session.inspection.modalities["rgb"].measured_features[PATCH]
    distance = cdist(values[None], detector.sources.banks["rgb"].entries)[0]
    nearest = np.argsort(distance)[:5]
    for thumbnail, number in zip(patch.measured, nearest, strict=True):
        part, row, column = detector.sources.banks["rgb"].origins[number]
        part = detector.training_parts[part]
        assert thumbnail.caption.text().splitlines()[0] == f"{distance[number]:.3f}"
        for words in (part.id, f"Row {row}, column {column}", str(part.files["rgb"])):
            assert words in thumbnail.toolTip()
    assert "from the point cloud of that part" in patch.predicted[0].toolTip()
    from_plane = detector.sources.banks["rgb"].distance(values)
    assert features.view.histogram.mark.value() == pytest.approx(from_plane, abs=1e-3)
    picture("features-patch")
    bench.session.pin(None)
    assert not _row_shown(shown)


def test_a_training_part_that_is_gone_is_named(opened, demo_model, tmp_path, qtbot):
    model = tmp_path / "model"
    shutil.copytree(demo_model, model)
    card = (model / "model.json").read_text("utf-8")
    folder = str(Path(card.split('"rgb": "')[2].split('"')[0]).parents[1])
    (model / "model.json").write_text(card.replace(folder, "/nowhere"), "utf-8")
    features = opened("rgb", "cloud", model=model)
    features.view.maps.measured.canvas.clicked.emit(*PLACE)
    nearest = features.view.patch.measured[0]
    qtbot.waitUntil(lambda: nearest.picture.words == "file not found", timeout=WAIT)
    assert "/nowhere" in nearest.toolTip()
    assert nearest.caption.text().splitlines()[1].startswith("train/")


def test_what_was_not_measured_is_studied_by_its_prediction(opened, bench, qtbot, picture):
    features = opened("rgb")
    view = features.view
    _choose(features, "cloud")
    qtbot.waitUntil(lambda: features.is_ready, timeout=WAIT)
    assert view.badge.words == "Predicted"
    stacks = [shown.stack.currentWidget() is shown.canvas for shown in view.maps.maps]
    assert stacks == [False, True, False, True]
    view.maps.predicted.canvas.clicked.emit(*PLACE)
    predicted = view.patch.predicted
    qtbot.waitUntil(lambda: all(one.picture.is_shown for one in predicted), timeout=WAIT)
    assert not _row_shown(view.patch.measured)
    assert view.patch.reasons[0].text() == "Nothing was measured at this patch."
    inspection, cells = bench.session.inspection, view.verdicts.cells
    assert inspection.predicting == ("cloud",)
    assert cells[0]["score"].text() == f"{inspection.score:z.2f}"
    assert cells[1]["score"].text() == f"{inspection.score_without_predictions:z.2f}"
    assert cells[1]["p_value"].text() == f"{inspection.p_value_without_predictions:.3f}"
    picture("features-predicted")


def test_where_nothing_was_predicted_the_verdict_table_says_so(opened, bench):
    view = opened("rgb", "cloud").view
    cells = view.verdicts.cells
    assert cells[0]["verdict"].text() == "nothing predicted"
    assert cells[1]["verdict"].text().lower() == bench.session.inspection.verdict
    limits = type(bench.session.operating_point)(1000.0, 2000.0)
    actions.set_operating_point(bench, limits.accept_below, limits.reject_from)
    assert cells[1]["verdict"].text() == "Accept"


def test_a_modality_that_is_absent_says_so(inspected, show, qtbot):
    show("rgb_only")
    inspected.tabs.setCurrentIndex(1)
    features = inspected.features
    qtbot.waitUntil(lambda: features.is_ready, timeout=WAIT)
    _choose(features, "infrared")
    assert features.view.badge.words == "Absent"
    assert "no features to show" in features.view.words.text()
    assert features.is_ready


def test_hovering_a_point_of_this_part_moves_the_cursor(opened, bench, qtbot):
    features = opened("rgb", "cloud")
    view = features.view
    view.ensureWidgetVisible(view.scatter)
    points = features._portrait.scatter
    # The point farthest from all others cannot be mistaken for one of them.
    flat = points.measured.reshape(-1, 2)
    everything = np.concatenate([flat, points.predicted.reshape(-1, 2)])
    alone = int(np.sort(cdist(flat, everything), axis=1)[:, 1].argmax())
    plot = view.scatter._plot.viewport()
    qtbot.mouseMove(plot, view.scatter.scene_position(*everything.mean(axis=0)).toPoint())
    qtbot.wait(50)
    target = view.scatter.scene_position(*flat[alone]).toPoint()
    qtbot.mouseMove(plot, target)
    patch = divmod(alone, points.measured.shape[1])

    def arrived():
        place = patch_place(
            bench.session.cursor, bench.session.sample, "rgb", points.measured.shape
        )
        assert (int(place[0]), int(place[1])) == patch

    qtbot.waitUntil(arrived)
    expected = [points.measured[patch], points.predicted[patch]]
    np.testing.assert_allclose(view.scatter.marked, expected)
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=target)
    assert bench.session.pinned is not None


def test_without_umap_the_choice_is_off_and_says_how_to_get_it(window):
    window.features.prepare()
    plane = window.features.view.scatter.plane
    assert not plane.model().item(1).isEnabled()
    assert "pip install umap-learn" in plane.toolTip()


def test_umap_learns_from_the_bank_and_lays_out_the_part(opened, monkeypatch, qtbot):
    given, may_learn = [], threading.Event()

    class Umap:
        """Stands in for umap-learn, which is not among the dependencies."""

        def __init__(self, n_components, random_state, n_jobs):
            assert n_components == 2

        def fit(self, rows):
            # Learning takes long, and parts are not to wait for it.
            assert may_learn.wait(WAIT / 1000)
            given.append(rows)
            return self

        def transform(self, rows):
            assert np.isfinite(rows).all()
            return rows[:, :2]

    module = types.ModuleType("umap")
    module.UMAP, module.__spec__ = Umap, ModuleSpec("umap", None)
    monkeypatch.setitem(sys.modules, "umap", module)
    features = opened("rgb", "cloud")
    study, view = features._portrait.study, features.view.scatter
    study.measured[0, 0] = np.nan
    assert view.plane.model().item(1).isEnabled()
    for _ in range(2):
        view.plane.setCurrentIndex(1)
        view.plane.activated.emit(1)
        assert view.legend.text().startswith("UMAP learns a plane")
        done = []
        features._bench.worker.submit("other", "", lambda: None, done.append, print, title="")
        qtbot.waitUntil(lambda found=done: bool(found), timeout=WAIT)
        may_learn.set()
        qtbot.waitUntil(lambda: view._shown is not None, timeout=WAIT)
        assert view.legend.text().startswith("Near points")
    np.testing.assert_array_equal(given, [bank_sample(study)])
    assert np.isnan(view._shown.measured[0, 0]).all()
    np.testing.assert_array_equal(view._shown.predicted, study.predicted[..., :2])


def test_a_large_bank_is_sampled_the_same_way_every_time():
    entries = np.random.default_rng(0).normal(size=(SAMPLE + 500, 3)).astype(np.float32)
    study = types.SimpleNamespace(bank_entries=entries)
    first = bank_sample(study)
    assert first.shape == (SAMPLE, 3)
    np.testing.assert_array_equal(first, bank_sample(study))
    assert len(np.unique(first, axis=0)) == SAMPLE


def test_a_narrow_window_with_large_words_hides_nothing_sideways(
    language, opened, window, qapp, qtbot
):
    theme.choose(qapp, theme.Look(text_percent=150))
    window.resize(1366, 768)
    features = opened("rgb", "cloud")
    view = features.view
    qtbot.waitUntil(lambda: view.scatter.y() > view.histogram.y(), timeout=WAIT)
    assert view.widget().width() <= view.viewport().width()
    theme.choose(qapp, theme.Look())
    window.resize(1900, 1000)
    qtbot.waitUntil(lambda: view.scatter.y() == view.histogram.y(), timeout=WAIT)
