from itertools import combinations

import numpy as np
import pytest

from cmdiad_core.errors import InputError
from cmdiad_core.inspection import Provenance
from cmdiad_core.sample import Sample

NAMES = ("rgb", "infrared", "cloud")
SUBSETS = [names for size in (1, 2, 3) for names in combinations(NAMES, size)]


def _damaged(sample):
    """Paint a red spot into the image, dig a dent into the cloud; return the part and where."""
    measured = {name: values.copy() for name, values in sample.measured.items()}
    where = np.zeros(sample.shape, bool)
    where[30:37, 40:47] = True
    if "rgb" in measured:
        measured["rgb"][where] = (0.9, 0.05, 0.05)
    if "infrared" in measured:
        measured["infrared"][where] = 1.0
    if "cloud" in measured:
        measured["cloud"][where, 2] += 0.004
    return Sample("damaged", measured, metric=sample.metric), where


@pytest.mark.parametrize("names", SUBSETS)
@pytest.mark.parametrize("predict", [True, False])
def test_every_combination_is_inspected_and_says_where_its_maps_come_from(
    fitted, part, names, predict
):
    sample = part(30, names)
    inspection = fitted.inspect(sample, predict=predict)
    assert set(inspection.modalities) == set(NAMES)
    for name, result in inspection.modalities.items():
        expected = Provenance.PREDICTED if predict else Provenance.ABSENT
        assert result.provenance is (Provenance.MEASURED if name in names else expected)
        assert (result.map is None) == (result.provenance is Provenance.ABSENT)
        assert (result.measured_features is not None) == (name in names)
        if result.map is not None:
            assert result.map.shape == sample.shape
            assert result.score == result.map.max()
    assert set(inspection.using) == set(names)
    assert set(inspection.predicting) == (set(NAMES) - set(names) if predict else set())
    assert inspection.map.shape == sample.shape
    assert np.isfinite(inspection.map).all()
    assert inspection.score == inspection.map.max()


@pytest.mark.parametrize("names", SUBSETS)
def test_using_some_is_as_if_the_others_had_not_been_taken(fitted, part, names):
    chosen = fitted.inspect(part(31), using=names)
    alone = fitted.inspect(part(31, names))
    assert chosen.score == alone.score
    assert chosen.p_value == alone.p_value
    assert chosen.score_without_predictions == alone.score_without_predictions
    np.testing.assert_array_equal(chosen.map, alone.map)


@pytest.mark.parametrize("names", SUBSETS)
def test_without_prediction_the_score_is_the_one_from_measured_modalities_alone(
    fitted, part, names
):
    predicted = fitted.inspect(part(32, names))
    plain = fitted.inspect(part(32, names), predict=False)
    assert plain.score == plain.score_without_predictions == predicted.score_without_predictions
    assert plain.p_value == plain.p_value_without_predictions
    assert plain.p_value == predicted.p_value_without_predictions
    assert plain.verdict is predicted.verdict_without_predictions
    if len(names) < 3:
        assert (predicted.map != plain.map).any()


@pytest.mark.parametrize("names", SUBSETS)
def test_the_p_value_counts_the_calibration_scores(fitted, part, names):
    good = fitted.calibration_scores[tuple(sorted(names))]
    # Eight checked parts, the last of which has no infrared.
    assert len(good) == (7 if "infrared" in names else 8)
    for sample in (part(33, names), _damaged(part(33, names))[0]):
        inspection = fitted.inspect(sample)
        higher = sum(score >= np.float32(inspection.score) for score in good)
        assert inspection.p_value == pytest.approx((1 + higher) / (len(good) + 1))
        assert inspection.calibration_size == len(good)


@pytest.mark.parametrize("names", SUBSETS)
def test_a_defect_scores_above_all_good_parts_and_the_top_region_covers_it(fitted, part, names):
    sample, where = _damaged(part(34, names))
    inspection = fitted.inspect(sample)
    good = [fitted.inspect(part(n, names)).score for n in range(40, 43)]
    assert inspection.score > max(*good, *fitted.calibration_scores[tuple(sorted(names))])
    assert inspection.p_value == 1 / (inspection.calibration_size + 1)
    top = inspection.regions[0]
    assert top.score == inspection.score
    row, column = top.peak
    assert where[max(row - 3, 0) : row + 4, max(column - 3, 0) : column + 4].any()
    limit = fitted.operating_point.accept_below
    assert (inspection.map[where] >= limit).mean() > 0.8
    assert top.modality in NAMES
    assert (top.area_mm2 is None) == ("cloud" not in names)


def test_an_unknown_modality_of_the_part_is_not_looked_at(fitted, part):
    known = fitted.inspect(part(35, ("rgb",)))
    measured = {**part(35, ("rgb",)).measured, "ultrasound": np.zeros((48, 64), np.float32)}
    assert fitted.inspect(Sample("x", measured)).score == known.score


def test_an_unknown_modality_to_use_is_bad_input(fitted, part):
    with pytest.raises(InputError, match="ultrasound: is unknown to the model"):
        fitted.inspect(part(35), using=("rgb", "ultrasound"))


def test_a_modality_to_use_that_the_part_lacks_is_bad_input(fitted, part):
    with pytest.raises(InputError, match="part/35: has no cloud"):
        fitted.inspect(part(35, ("rgb",)), using=("rgb", "cloud"))


def test_a_part_with_nothing_the_model_knows_is_bad_input(fitted):
    with pytest.raises(InputError, match="has ultrasound, but the model knows"):
        fitted.inspect(Sample("x", {"ultrasound": np.zeros((48, 64), np.float32)}))


def test_a_cloud_without_a_point_is_bad_input(fitted, part):
    measured = dict(part(35).measured, cloud=np.full((48, 64, 3), np.nan, np.float32))
    with pytest.raises(InputError, match="has no valid cloud data"):
        fitted.inspect(Sample("x", measured))


def test_the_cloud_of_a_part_of_unknown_unit_gives_no_sizes(fitted, part):
    sample, _ = _damaged(part(36))
    unknown = Sample("x", sample.measured, metric=False)
    regions = fitted.inspect(unknown).regions
    assert regions
    assert all(region.area_mm2 is None and region.position_mm is None for region in regions)
