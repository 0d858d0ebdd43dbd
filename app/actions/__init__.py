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
from app.actions.audit import (
    AUDIT,
    AUDIT_CHECK,
    FirstPage,
    export_audit,
    read_audit,
    read_older_audit,
    verify_audit,
)
from app.actions.choose_colours import choose_colours
from app.actions.exchange_annotations import export_annotations, import_annotations
from app.actions.export import export_part, export_picture, export_queue, export_regions
from app.actions.find_regions import find_regions
from app.actions.follow_store import take_in_others
from app.actions.judge import reset_operating_point, set_operating_point
from app.actions.keep_limits import keep_limits
from app.actions.measure import (
    measure_to,
    redo_measurement,
    remove_measurement,
    undo_measurement,
)
from app.actions.models import (
    export_model,
    forget_model,
    import_model,
    keep_comparison,
    open_champion,
    open_registered,
    promote_model,
    read_card,
    read_comparison,
    read_gates,
    read_models,
    register_model,
    roll_back,
    show_page,
)
from app.actions.nearline import (
    Preview,
    may_be_results,
    preview_nearline,
    preview_with_rule,
    read_imports,
    take_in_nearline,
    withdraw_import,
)
from app.actions.open_demo import open_demo
from app.actions.open_model import open_model
from app.actions.open_parts import open_parts
from app.actions.open_paths import MODEL_FILE, is_model, open_paths
from app.actions.open_volume import open_volume
from app.actions.point_at import point_at, select_region
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
from app.actions.send_list import export_send_list, rank_queue, stop_ranking
from app.actions.show_part import show_next, show_part, show_previous
from app.actions.sign_in import (
    has_password,
    put_user,
    read_people,
    set_password,
    sign_in,
    sign_out,
)
from app.actions.study import answer_study, parts_for_study, start_study

__all__ = [
    "AUDIT",
    "AUDIT_CHECK",
    "MODEL_FILE",
    "FirstPage",
    "Preview",
    "answer_study",
    "begin_stroke",
    "cancel_retraining",
    "candidates",
    "choose_colours",
    "choose_tool",
    "comment",
    "discard_candidate",
    "export_annotations",
    "export_audit",
    "export_model",
    "export_part",
    "export_picture",
    "export_queue",
    "export_regions",
    "export_send_list",
    "find_lost",
    "find_regions",
    "finish_stroke",
    "forget_model",
    "forget_retraining",
    "has_password",
    "import_annotations",
    "import_model",
    "is_model",
    "keep_comparison",
    "keep_limits",
    "look_for_news",
    "mark_area",
    "may_be_results",
    "measure_to",
    "open_champion",
    "open_demo",
    "open_model",
    "open_parts",
    "open_paths",
    "open_registered",
    "open_volume",
    "paint",
    "parts_for_study",
    "point_at",
    "preview_nearline",
    "preview_with_rule",
    "promote_model",
    "put_user",
    "rank_queue",
    "read_annotation",
    "read_audit",
    "read_card",
    "read_comparison",
    "read_gates",
    "read_imports",
    "read_models",
    "read_older_audit",
    "read_people",
    "redo",
    "redo_measurement",
    "redo_stroke",
    "register_model",
    "remove_measurement",
    "reset_operating_point",
    "retrain",
    "retrain_again",
    "retrain_with",
    "review",
    "roll_back",
    "select_region",
    "set_operating_point",
    "set_password",
    "show_next",
    "show_next_without_verdict",
    "show_page",
    "show_part",
    "show_previous",
    "sign_in",
    "sign_out",
    "start_study",
    "stop_ranking",
    "take_in_nearline",
    "take_in_others",
    "try_candidate",
    "undo",
    "undo_measurement",
    "undo_stroke",
    "verify_audit",
    "withdraw_import",
]
