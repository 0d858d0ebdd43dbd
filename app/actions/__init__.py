"""One function per user action; each changes the session, panels follow by listening."""

from app.actions.choose_colours import choose_colours
from app.actions.export import export_part, export_picture, export_queue, export_regions
from app.actions.judge import reset_operating_point, set_operating_point
from app.actions.open_demo import open_demo
from app.actions.open_model import open_model
from app.actions.open_parts import open_parts
from app.actions.open_paths import MODEL_FILE, open_paths
from app.actions.point_at import point_at, select_region
from app.actions.recognise import take_in_others
from app.actions.review import comment, redo, review, show_next_without_verdict, undo
from app.actions.show_part import show_next, show_part, show_previous

__all__ = [
    "MODEL_FILE",
    "choose_colours",
    "comment",
    "export_part",
    "export_picture",
    "export_queue",
    "export_regions",
    "open_demo",
    "open_model",
    "open_parts",
    "open_paths",
    "point_at",
    "redo",
    "reset_operating_point",
    "review",
    "select_region",
    "set_operating_point",
    "show_next",
    "show_next_without_verdict",
    "show_part",
    "show_previous",
    "take_in_others",
    "undo",
]
