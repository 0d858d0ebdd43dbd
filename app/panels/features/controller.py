"""Shows the features of the session's part, when the tab is looked at."""

from app.colour_scale import ColourScale
from app.panels.features.model import Comparison, compare
from app.panels.features.view import FeaturesView, ModalityRow
from app.text import text
from app.workbench import Workbench
from cmdiad_core.inspection import ModalityResult
from cmdiad_core.modalities import modality

# Features of normal parts have a mean square length of one, so one scale serves all encoders.
DISTANCE_SCALE = ColourScale(0.0, 2.0)


class FeaturesController:
    """Owns the features tab."""

    def __init__(self, bench: Workbench) -> None:
        self._session = bench.session
        self.view = FeaturesView()
        self.view.appeared.connect(self.show)
        self._session.shown_changed.connect(self.show)

    def show(self) -> None:
        """Show the state of now; a hidden tab costs nothing."""
        inspection = self._session.inspection
        if not self.view.isVisible():
            return
        modalities = {} if inspection is None else inspection.modalities
        self.view.set_modalities({name: modality(name).title for name in modalities})
        for name, result in modalities.items():
            self._show_row(self.view.rows[name], result)

    def _show_row(self, row: ModalityRow, result: ModalityResult) -> None:
        told = compare(result)
        row.badge.show_provenance(result.provenance)
        self._show_colours(row, told)
        row.show_confidence(result.mean_confidence)
        if told.distance is None:
            row.distance.say(text("features.no_distance"))
            row.bar.show_scale(None)
        else:
            row.distance.show_values(told.distance, DISTANCE_SCALE)
            row.bar.show_scale(DISTANCE_SCALE)

    def _show_colours(self, row: ModalityRow, told: Comparison) -> None:
        if told.measured is None:
            row.measured.say(text("features.not_measured"))
        else:
            row.measured.show_colours(told.measured)
        if told.predicted is None:
            row.predicted.say(text("features.not_predicted"))
        else:
            row.predicted.show_colours(told.predicted)
