"""One function per user action; each changes the session, panels follow by listening."""

from app.actions.annotate import (
    begin_stroke,
    choose_tool,
    finish_stroke,
    mark_area,
    paint,
    read_annotation,
    redo_stroke,
    undo_stroke,
)
from app.actions.choose_colours import choose_colours
from app.actions.exchange_annotations import export_annotations, import_annotations
from app.actions.export import export_part, export_picture, export_queue, export_regions
from app.actions.find_regions import find_regions
from app.actions.judge import reset_operating_point, set_operating_point
from app.actions.measure import measure_to, remove_measurement
from app.actions.open_demo import open_demo
from app.actions.open_model import open_model
from app.actions.open_parts import open_parts
from app.actions.open_paths import MODEL_FILE, open_paths
from app.actions.open_volume import open_volume
from app.actions.point_at import point_at, select_region
from app.actions.recognise import take_in_others
from app.actions.retrain import (
    cancel_retraining,
    candidates,
    discard_candidate,
    find_lost,
    forget_retraining,
    look_for_news,
    retrain,
    retrain_again,
    retrain_with,
    try_candidate,
)
from app.actions.review import comment, redo, review, show_next_without_verdict, undo
from app.actions.show_part import show_next, show_part, show_previous

__all__ = [
    "MODEL_FILE",
    "begin_stroke",
    "cancel_retraining",
    "candidates",
    "choose_colours",
    "choose_tool",
    "comment",
    "discard_candidate",
    "export_annotations",
    "export_part",
    "export_picture",
    "export_queue",
    "export_regions",
    "find_lost",
    "find_regions",
    "finish_stroke",
    "forget_retraining",
    "import_annotations",
    "look_for_news",
    "mark_area",
    "measure_to",
    "open_demo",
    "open_model",
    "open_parts",
    "open_paths",
    "open_volume",
    "paint",
    "point_at",
    "read_annotation",
    "redo",
    "redo_stroke",
    "remove_measurement",
    "reset_operating_point",
    "retrain",
    "retrain_again",
    "retrain_with",
    "review",
    "select_region",
    "set_operating_point",
    "show_next",
    "show_next_without_verdict",
    "show_part",
    "show_previous",
    "take_in_others",
    "try_candidate",
    "undo",
    "undo_stroke",
]
