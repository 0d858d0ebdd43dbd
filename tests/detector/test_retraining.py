"""Teaching and refining a detector in memory and from its folder."""

from dataclasses import replace

import numpy as np
import pytest

from cmdiad_core.detector import Detector
from cmdiad_core.detector.calibration import calibrate, held_out
from cmdiad_core.detector.refining import refine
from cmdiad_core.detector.saving import load_held_out
from cmdiad_core.detector.teaching import MOST_PATCHES, teach
from cmdiad_core.errors import InputError
from cmdiad_core.sample import Sample


def _marked(sample):
    """The part with a bright bar that no training part has."""
    measured = {name: values.copy() for name, values in sample.measured.items()}
    measured["rgb"][10:16, 20:44] = 0.95
    measured["infrared"][10:16, 20:44] = 0.05
    return Sample(sample.id, measured, metric=True)


@pytest.fixture(scope="module")
def odd(part):
    """Good parts that look wrong to a model that was not told."""
    return [_marked(part(number)) for number in (30, 31)]


@pytest.fixture(scope="module")
def stored(fitted, tmp_path_factory):
    """The detector as retraining finds it on the disk."""
    folder = tmp_path_factory.mktemp("stored") / "model"
    fitted.save(folder)
    return replace(Detector.load(folder, "cpu"), held_out=load_held_out(folder))


@pytest.fixture(scope="module")
def taught(stored, odd):
    return teach(stored, map(stored.look, odd))


def _calibrated_from_parts(detector, part):
    """Calibrate on the parts themselves, as `Detector.fit` does, with the banks as they are."""
    checks = [*map(part, range(10, 17)), part(17, ("rgb", "cloud"))]
    seen = [
        held_out(
            detector.sources,
            detector.look(sample).features,
            {name: values.shape[:2] for name, values in sample.measured.items()},
        )
        for sample in checks
    ]
    pairs = list(detector.sources.distillers)
    return calibrate(seen, sorted(detector.encoders), pairs, detector.recipe)


def _assert_alike(found, expected):
    assert found.scores.keys() == expected.scores.keys()
    assert found.maps.keys() == expected.maps.keys()
    for pattern, scores in expected.scores.items():
        span = scores.limit - scores.median
        raw = found.scores[pattern].raw
        np.testing.assert_allclose(raw, scores.raw, atol=0.03 * span, rtol=1e-3)
    for name, fields in expected.maps.items():
        np.testing.assert_allclose(found.maps[name].location, fields.location, rtol=5e-3)
        np.testing.assert_allclose(found.maps[name].scale, fields.scale, rtol=5e-3)
    for name, weight in expected.weights.items():
        assert found.weights[name] == pytest.approx(weight, rel=1e-2)


def test_calibration_redone_after_teaching_is_that_from_the_parts(taught, stored, part):
    expected = _calibrated_from_parts(taught, part)
    _assert_alike(taught.calibration, expected)
    # Teaching did change it: the test would see a calibration that was left as it was.
    before = [s.limit for s in stored.calibration.scores.values()]
    assert before != pytest.approx([s.limit for s in expected.scores.values()], rel=1e-3)


@pytest.fixture(scope="module")
def refined(stored, odd, part):
    """The files of two known parts are still there, those of the others are gone."""
    known = [(number, stored.look(part(number))) for number in range(2)]
    return refine(stored, known, map(stored.look, odd))


def test_calibration_redone_after_refining_is_that_from_the_parts(refined, part):
    _assert_alike(refined.calibration, _calibrated_from_parts(refined, part))


def test_a_false_alarm_that_was_taught_passes_and_nothing_is_forgotten(stored, taught, odd, part):
    limit = stored.operating_point.accept_below
    assert all(stored.inspect(sample).score > limit for sample in odd)
    assert all(taught.inspect(sample).score < taught.operating_point.accept_below for sample in odd)
    for number in range(5):
        features = stored.look(part(number)).features
        before = stored.sources.evidence(features, stored.sources.predictions(features))
        after = taught.sources.evidence(features, taught.sources.predictions(features))
        for name, evidence in before.items():
            seen = np.isfinite(evidence.distance)
            assert seen.any()
            assert (after[name].distance[seen] <= evidence.distance[seen] + 1e-5).all()


def test_banks_grow_within_their_bound_and_say_where_entries_come_from(stored, taught, odd):
    first = len(stored.training_parts)
    assert [one.id for one in taught.training_parts[first:]] == [one.id for one in odd]
    for name, bank in taught.sources.banks.items():
        old = stored.sources.banks[name]
        added = len(bank.entries) - len(old.entries)
        assert 0 <= added <= MOST_PATCHES * len(odd)
        np.testing.assert_array_equal(bank.entries[: len(old.entries)], old.entries)
        np.testing.assert_array_equal(bank.origins[: len(old.origins)], old.origins)
    rgb = taught.sources.banks["rgb"]
    new = slice(len(stored.sources.banks["rgb"].entries), None)
    assert len(rgb.entries[new])
    features = [stored.look(sample).features["rgb"] for sample in odd]
    for entry, (number, row, column) in zip(rgb.entries[new], rgb.origins[new], strict=True):
        np.testing.assert_allclose(features[number - first][row, column], entry, atol=1e-6)


def test_a_taught_model_that_was_saved_and_loaded_gives_the_same(taught, odd, tmp_path):
    taught.save(tmp_path / "taught")
    loaded = Detector.load(tmp_path / "taught", "cpu")
    for name, bank in taught.sources.banks.items():
        again = loaded.sources.banks[name]
        assert len(again.planes) < len(again.entries) == len(bank.entries)
        assert again.radius == bank.radius > 0
    np.testing.assert_array_equal(loaded.inspect(odd[0]).map, taught.inspect(odd[0]).map)


def test_teaching_without_validation_parts_works_too(part, recipe, odd):
    quick = recipe.model_copy(update={"encoders": {"rgb": "filter_bank"}, "folds": 2})
    detector = Detector.fit([part(n, ("rgb",)) for n in range(6)], recipe=quick, device="cpu")
    sample = odd[0].using(("rgb",))
    assert detector.inspect(sample).score > detector.operating_point.accept_below
    again = teach(detector, [detector.look(sample)])
    assert again.inspect(sample).score < again.operating_point.accept_below
    assert len(again.held_out) == 6


def test_teaching_nothing_changes_nothing(stored, part):
    same = teach(stored, [])
    assert same.inspect(part(40)).score == pytest.approx(stored.inspect(part(40)).score, abs=1e-5)


def test_refining_learns_new_pairs_and_keeps_parts_whose_files_are_gone(stored, refined, odd):
    for pair, distiller in stored.sources.distillers.items():
        source, target = pair

        def error(one, sample, source=source, target=target):
            features = stored.look(sample).features
            missed = np.linalg.norm(one(features[source])[0] - features[target], axis=-1)
            return np.nanmean(missed)

        after = refined.sources.distillers[pair]
        new = sum(error(after, one) - error(distiller, one) for one in odd)
        assert new < 0, f"{pair} did not learn the new parts"
        predicted = refined.sources.banks[f"{source}>{target}"]
        assert {1, 2, 3, 4} <= set(predicted.origins[:, 0].tolist())
    for sample in odd:
        assert refined.inspect(sample).score < refined.operating_point.accept_below


def test_a_model_that_does_not_keep_its_calibration_says_so(stored, tmp_path):
    replace(stored, held_out=()).save(tmp_path / "model")
    with pytest.raises(InputError, match="only the depth rebuild works"):
        load_held_out(tmp_path / "model")


def test_a_damaged_calibration_file_is_named(stored, tmp_path):
    stored.save(tmp_path / "model")
    path = tmp_path / "model" / "calibration.safetensors"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match=r"calibration\.safetensors: is damaged"):
        load_held_out(tmp_path / "model")
    path.unlink()
    with pytest.raises(InputError, match="is gone; without it only the depth rebuild works"):
        load_held_out(tmp_path / "model")
