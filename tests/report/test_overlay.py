from dataclasses import replace

import matplotlib
import numpy as np
import pytest
from PIL import Image

from cmdiad_core.boundary import boundary, dashes
from cmdiad_core.errors import InputError
from cmdiad_core.file_names import file_stem
from cmdiad_core.inspection import ModalityResult, OperatingPoint, Provenance
from cmdiad_core.report import ColourScale, _sheet, write_overlays, write_picture
from cmdiad_core.report._drawing import OPACITY, draw_map
from cmdiad_core.report._length import Length, width_of
from cmdiad_core.report.overlay import overlays
from cmdiad_core.sample import Sample
from cmdiad_core.scoring import find_regions

SCALE = ColourScale(0.0, 4.0)
GREY = 0.5 * 255


def pixel(image: Image.Image, row: int, column: int, shape=(40, 60)) -> np.ndarray:
    """Return the colour at a pixel of the part."""
    x = round((column + 0.5) * image.width / shape[1])
    y = round((row + 0.5) * image.height / shape[0])
    return np.asarray(image)[y, x].astype(float)


def test_one_png_for_each_map_with_the_fused_one_first(make, tmp_path):
    paths = write_overlays(*make(), SCALE, tmp_path / "new" / "folder")
    assert [path.name for path in paths] == [
        "test_dent_003_fused.png",
        "test_dent_003_rgb.png",
        "test_dent_003_infrared.png",
    ]
    for path in paths:
        with Image.open(path) as image:
            assert image.format == "PNG"
            assert max(image.size) >= 760


def test_colours_are_those_of_the_score_whatever_else_the_part_has(make):
    calm, bad = make(peak=1.5), make(peak=3.9)
    # A weak place of equal score in both.
    for _, inspection in (calm, bad):
        inspection.map[30:38, 4:12] = 1.2
    drawn = [next(overlays(*pair, SCALE, 420)).image for pair in (calm, bad)]
    same = [pixel(image, 34, 8) for image in drawn]
    expected = (1 - OPACITY) * GREY + OPACITY * SCALE.colours(np.array(1.2))
    np.testing.assert_allclose(same, [expected, expected], atol=1.5)
    peaks = [pixel(image, 15, 37) for image in drawn]
    assert np.abs(peaks[0] - peaks[1]).max() > 40


def test_nothing_is_drawn_below_the_accept_limit(make):
    sample, inspection = make(peak=0.79)
    image = np.asarray(next(overlays(sample, inspection, SCALE, 420)).image)
    assert (image == 128).all()
    lower = inspection.judged_at(OperatingPoint(0.5, 1.0))
    drawn = next(overlays(sample, lower, SCALE, 420)).image
    assert not np.allclose(pixel(drawn, 15, 37), 128)


def test_scores_that_are_not_there_are_not_drawn(make):
    sample, inspection = make()
    inspection.map[:, :20] = np.nan
    image = next(overlays(sample, inspection, SCALE, 420)).image
    assert (pixel(image, 15, 5) == 128).all()
    assert not np.allclose(pixel(image, 15, 37), 128)


def test_regions_are_outlined_on_every_map(make):
    for overlay in overlays(*make(), SCALE, 420):
        # Just left of the square: the white line around it.
        column = np.asarray(overlay.image)[105, : 30 * 7]
        assert (column[-3:] == 255).all(axis=1).any()


def _seen(inspection, **masks):
    """The same inspection, of which only a part of some modalities was looked at."""
    own = {
        name: replace(result, foreground=masks.get(name))
        for name, result in inspection.modalities.items()
    }
    return replace(inspection, modalities=own)


def test_dashes_surround_what_each_map_rests_on(make):
    sample, inspection = make(peak=0.5, metric=True)
    whole = [np.asarray(overlay.image) for overlay in overlays(sample, inspection, SCALE, 420)]
    left, right = np.zeros((2, 8, 12), bool)
    left[2:6, 2:5] = True
    right[2:6, 7:10] = True
    both = _seen(inspection, rgb=left, cloud=right)
    drawn = {o.source: o for o in overlays(sample, both, SCALE, 420)}
    changed = {
        name: np.argwhere((np.asarray(overlay.image) != old).any(axis=-1)) // 35
        for (name, overlay), old in zip(drawn.items(), whole, strict=True)
    }
    # In patches; a line lies in the one before or behind it.
    assert set(changed["rgb"][:, 1]) == {1, 2, 3, 4}
    assert set(changed["cloud"][:, 1]) == {6, 7, 8, 9}
    for name in ("fused", "infrared"):
        assert set(changed[name][:, 1]) == {1, 2, 3, 4, 6, 7, 8, 9}
        assert set(changed[name][:, 0]) == {1, 2, 3, 4, 5}
    # Dark and light in turn: seen on a black and on a white ground.
    image = np.asarray(drawn["rgb"].image)
    drawn_in = {tuple(colour) for colour in image[(image != whole[1]).any(axis=-1)].tolist()}
    assert drawn_in == {(255, 255, 255), (16, 20, 24)}
    assert all(overlay.dashed for overlay in drawn.values())


def test_where_one_modality_was_looked_at_everywhere_so_was_the_fused_map(make):
    sample, inspection = make(metric=True)
    part = _seen(inspection, cloud=np.eye(8, 12, dtype=bool))
    dashed = {o.source: o.dashed for o in overlays(sample, part, SCALE, 420)}
    assert dashed == {"fused": False, "rgb": False, "cloud": True, "infrared": False}


def test_the_edge_of_the_picture_is_no_boundary():
    assert len(boundary(np.ones((5, 7), bool))) == 0
    assert len(boundary(np.zeros((5, 7), bool))) == 0
    corner = np.zeros((5, 7), bool)
    corner[3:, :2] = True
    # Two patches wide, two high, in the lower left corner.
    sides = {tuple(map(tuple, side)) for side in boundary(corner).tolist()}
    assert sides == {
        ((0, 3), (1, 3)),
        ((1, 3), (2, 3)),
        ((2, 3), (2, 4)),
        ((2, 4), (2, 5)),
    }
    assert sorted(dashes(boundary(corner))) == [False, False, True, True]


def test_without_a_fused_map_regions_are_outlined_on_their_own_modality(make):
    """RGB saw a defect; infrared, on a grid of its own, saw nothing."""
    sample, inspection = make()
    calm = np.full((20, 25), 0.1, np.float32)
    measured = {**sample.measured, "infrared": np.full((20, 25), 0.5, np.float32)}
    own = {
        "rgb": inspection.modalities["rgb"],
        "infrared": ModalityResult(Provenance.MEASURED, calm, 0.1),
    }
    apart = replace(sample, measured=measured, registered=False)
    inspection = replace(inspection, map=None, modalities=own)
    rgb, infrared = overlays(apart, inspection, SCALE, 420)
    assert (rgb.source, infrared.source) == ("rgb", "infrared")
    assert (np.asarray(rgb.image)[105, : 30 * 7][-3:] == 255).all(axis=1).any()
    assert (infrared.image.width, infrared.image.height) == (420, 336)
    assert len(np.unique(np.asarray(infrared.image))) == 1
    # Where infrared sees one too, only its own is outlined on it.
    hot = calm.copy()
    hot[4:7, 18:21] = 3
    sources = {"infrared": (Provenance.MEASURED, hot)}
    more = find_regions(hot, 0.8, sources, None) + inspection.regions
    own["infrared"] = ModalityResult(Provenance.MEASURED, hot, 3.0)
    inspection = replace(inspection, modalities=own, regions=more)
    for overlay, box in zip(
        overlays(apart, inspection, SCALE, 420),
        [(200, 30, 350, 150), (290, 30, 400, 130)],
        strict=True,
    ):
        white = (np.asarray(overlay.image) == 255).all(axis=-1)
        left, top, right, bottom = box
        assert white[top:bottom, left:right].any()
        white[top:bottom, left:right] = False
        assert not white.any()


def test_a_tiny_region_of_a_large_part_stays_in_sight(make):
    shown = np.zeros((2000, 2000), np.float32)
    shown[777, 1001] = 4
    regions = find_regions(shown, 0.8, {"rgb": (Provenance.MEASURED, shown)}, None)
    inspection = replace(make()[1], map=shown, regions=regions)
    grey = np.full((2000, 2000, 3), 128, np.uint8)
    image = np.asarray(draw_map(grey, shown, inspection, SCALE, 400)).astype(int)
    assert (image[..., 0] - image[..., 2] > 40).any()
    assert (image == 255).all(axis=-1).any()


def test_the_number_of_a_region_stands_at_the_region_itself(make):
    shown = np.zeros((400, 400), np.float32)
    shown[60:360, 20:40] = shown[340:360, 20:380] = 4  # an L
    regions = find_regions(shown, 0.8, {"rgb": (Provenance.MEASURED, shown)}, None)
    inspection = replace(make()[1], map=shown, regions=regions)
    grey = np.full((400, 400, 3), 128, np.uint8)
    image = np.asarray(draw_map(grey, shown, inspection, SCALE, 400)).astype(int)
    drawn = (image != 128).any(axis=-1)
    assert drawn[300:340, 340:].any()
    # The corner of its box lies on what is normal.
    assert not drawn[:330, 60:340].any()
    assert not drawn[:300, 340:].any()


def test_predicted_maps_say_so_and_lie_over_what_was_measured(make):
    found = {overlay.source: overlay for overlay in overlays(*make(), SCALE, 420)}
    assert found["infrared"].title == "Infrared image, predicted"
    assert found["infrared"].under == "RGB image"
    assert found["rgb"].title == "RGB image, measured"


def test_the_words_on_a_predicted_overlay(make, tmp_path, monkeypatch):
    said = {}
    compose = _sheet.compose
    monkeypatch.setattr(
        "cmdiad_core.report.overlay.compose",
        lambda image, lines, *rest: said.update({lines[0]: lines}) or compose(image, lines, *rest),
    )
    write_overlays(*make(), SCALE, tmp_path)
    lines = said["test/dent/003 · Infrared image, predicted"]
    assert lines[1] == "Reject, score 2.00 · highest in this map 1.80 · over the RGB image"
    assert lines[2] == "measured: RGB image; predicted: Infrared image; absent: Point cloud"


def test_an_overlay_says_what_its_dashes_are(make, tmp_path, monkeypatch):
    said = []
    compose = _sheet.compose
    monkeypatch.setattr(
        "cmdiad_core.report.overlay.compose",
        lambda image, lines, *rest: said.append(lines) or compose(image, lines, *rest),
    )
    sample, inspection = make()
    write_overlays(sample, _seen(inspection, rgb=np.eye(8, 12, dtype=bool)), SCALE, tmp_path)
    assert [lines[-1] for lines in said] == ["dashed outline: what was looked at"] * 3


@pytest.mark.parametrize("limits", [(0.8, 1.0), (0.0, 0.0), (-5.0, 9.0), (3.99, 4.0)])
def test_the_labels_of_the_colour_bar_never_overlap(limits):
    wanted = [0, *sorted(300 * (1 - np.clip(v / 4, 0, 1)) for v in limits), 290.0, 300.0]
    placed = _sheet._apart(wanted, 0, 300)
    assert (np.diff(placed) >= 20).all()
    assert min(placed) >= 0
    assert max(placed) <= 300
    sheet = _sheet.compose(
        Image.new("RGB", (400, 300)), ("title",), Length(400, None), SCALE, OperatingPoint(*limits)
    )
    assert sheet.height > 300


def test_parts_without_an_image_show_their_height_or_infrared(make):
    _, inspection = make()
    cloud = np.random.default_rng(0).random((40, 60, 3), np.float32)
    cloud[:5] = np.nan
    for name, values, title in (
        ("cloud", cloud, "height of the Point cloud"),
        ("infrared", cloud[..., 1] + 0.2, "Infrared image"),
        ("cloud", np.full((40, 60, 3), np.nan, np.float32), "height of the Point cloud"),
    ):
        values = np.nan_to_num(values) if name == "infrared" else values
        overlay = next(overlays(Sample("x", {name: values}), inspection, SCALE, 420))
        assert overlay.under.lower() == title.lower()
        spread = np.asarray(overlay.image.convert("RGB"))[150:, :150].std()
        assert spread > 10 or np.isnan(values).all()


@pytest.mark.parametrize(
    "name",
    [
        "Zelle Ä/07",
        "a b",
        "..",
        "C:\\x\\y",
        "电池",
        "x" * 300,
        "",
        "a\nb",
        "<b>&",
        "..\\..\\x",
        "\udcff",
    ],
)
def test_file_names_are_safe_and_the_part_s_own(name, make, tmp_path):
    paths = write_overlays(*make(name), SCALE, tmp_path)
    stem = file_stem(name)
    assert all(path.parent == tmp_path and path.exists() for path in paths)
    assert stem.isascii()
    assert len(stem) <= 140
    assert not set(stem) & set('<>:"/\\|?* \n')
    assert file_stem(name + "!") != file_stem(name + "?")


def test_plain_names_stay_readable():
    assert file_stem("test/bent_tab/003") == "test_bent_tab_003"
    assert file_stem("cell-7.2") == "cell-7.2"


def test_a_folder_that_cannot_be_written_is_one_sentence(make, tmp_path):
    (tmp_path / "taken").write_text("a file", "utf-8")
    with pytest.raises(InputError, match=r"taken.*cannot be written \(") as caught:
        write_overlays(*make(), SCALE, tmp_path / "taken")
    assert "\n" not in str(caught.value)


def test_the_colour_map_rises_in_brightness():
    brightness = SCALE.table @ np.array([0.2126, 0.7152, 0.0722])
    assert (np.diff(brightness) > -1).all()
    assert brightness[-1] - brightness[0] > 150
    np.testing.assert_array_equal(SCALE.colours(np.array([-9.0, 99.0])), SCALE.table[[0, -1]])
    with pytest.raises(ValueError, match="low to high"):
        ColourScale(1.0, 1.0).colours(np.zeros(3))


def _bar(sheet: Image.Image) -> np.ndarray:
    """The colour bar of a sheet with one line of words, from the top: (300, 3)."""
    top = sheet.height - _sheet._FOOT - 300
    return np.asarray(sheet)[top : top + 300, 400 + 2 * _sheet._MARGIN + _sheet._BAR // 2]


@pytest.mark.parametrize("name", ["cividis", "viridis", "jet"])
def test_the_map_is_drawn_in_the_colours_that_were_chosen(make, name):
    sample, inspection = make()
    image = next(overlays(sample, inspection, ColourScale(0.0, 4.0, name), 420)).image
    row, column = np.unravel_index(np.argmax(inspection.map), inspection.map.shape)
    factor = image.width / inspection.map.shape[1]
    pixel = image.getpixel((int((column + 0.5) * factor), int((row + 0.5) * factor)))
    wanted = matplotlib.colormaps[name](inspection.map.max() / 4.0, bytes=True)[:3]
    np.testing.assert_allclose(pixel, (1 - OPACITY) * GREY + OPACITY * np.array(wanted), atol=4)


def test_the_colour_bar_has_the_colours_of_the_map(make):
    picture = Image.new("RGB", (400, 300))
    sheet = _sheet.compose(picture, ("title",), Length(400, None), SCALE, OperatingPoint(0.8, 3.0))
    bar = _bar(sheet).astype(float)
    for score in (0.9, 1.7, 2.2, 3.6):
        row = round(299 * (1 - score / 4))
        np.testing.assert_allclose(bar[row], SCALE.colours(np.array(score)), atol=4)
    # The limit is a line across it, and below the other one there is no colour.
    assert (bar[round(299 * (1 - 3.0 / 4))] == _sheet._INK).all()
    assert np.ptp(bar[250:298], axis=1).max() < 20


def _scale_bar(sheet: Image.Image) -> int:
    """Columns of the scale bar below the picture."""
    row = np.asarray(sheet)[sheet.height - _sheet._FOOT // 2]
    dark = (row == _sheet._INK).all(axis=1)
    start = int(np.argmax(dark))
    return int(np.argmin(dark[start:]))


def test_the_scale_bar_is_as_long_as_it_says(make, tmp_path):
    # 60 columns, a millimetre each, 760 pixels wide: the longest round length below 18 mm.
    (path, *_) = write_overlays(*make(metric=True), SCALE, tmp_path)
    assert _scale_bar(Image.open(path)) == pytest.approx(760 * 10 / 60, abs=2)
    assert Length(60, 60.0).bar()[1] == "10 mm"
    assert Length(60, None).bar() == (10 / 60, "10 px, uncalibrated")
    assert Length(1, None).bar() == (1.0, "1 px, uncalibrated")
    assert Length(400, 0.8).bar()[1] == "0.2 mm"


def test_lengths_need_a_metric_cloud_on_the_same_grid(make):
    sample, _ = make(metric=True)
    assert width_of(sample, "rgb").millimetres == pytest.approx(60, rel=1e-3)
    apart = replace(sample, registered=False)
    assert width_of(apart, "cloud").words == "60.0 mm wide"
    assert width_of(apart, "rgb").words == "60 px wide, uncalibrated"
    assert width_of(replace(sample, metric=False), "rgb").millimetres is None
    holes = np.full((40, 60, 3), np.nan, np.float32)
    assert width_of(Sample("x", {"cloud": holes}, metric=True), "cloud").millimetres is None


def test_a_single_picture_is_that_of_the_modality_shown(make, tmp_path):
    sample, inspection = make(metric=True)
    for over, limit in (("cloud", 0.8), ("rgb", 0.8), ("rgb", 5.0)):
        judged = inspection.judged_at(OperatingPoint(limit, 9.0))
        write_picture(sample, judged, SCALE, tmp_path / f"{over} {limit}.png", over)
    pictures = {path.name: np.asarray(Image.open(path)) for path in tmp_path.iterdir()}
    assert len(pictures) == 3
    place = (_sheet._MARGIN // 2 + 4 * _sheet._LEADING + 40, _sheet._MARGIN + 40)
    assert (pictures["rgb 0.8.png"][place] == 128).all()
    assert (pictures["cloud 0.8.png"][place] != 128).any()
    assert (pictures["rgb 0.8.png"] != pictures["rgb 5.0.png"]).any()
    apart = replace(inspection, map=None)
    with pytest.raises(InputError, match="no anomaly map over its thermal"):
        write_picture(sample, apart, SCALE, tmp_path / "x.png", "thermal")
