"""What whoever works here may not do cannot be asked for, and says which role may."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.people import People
from app.text import text
from cmdiad_core.people import Right, Role


def refusal(people: People, right: Right | None) -> str:
    """Say who may do something that whoever works here may not; empty where they may."""
    if right is None or people.may(right):
        return ""
    roles = text("rights.or").join(text(f"role.{role}") for role in Role if role.may(right))
    user = people.user
    if user is None:
        return text("rights.sign_in", roles=roles)
    return text("rights.refused", roles=roles, name=user.name, role=text(f"role.{user.role}"))


def permit(control: QAction | QWidget, tip: str, refused: str, *, possible: bool = True) -> None:
    """Let the user ask for something that is possible and not refused to them; say why not."""
    control.setEnabled(possible and not refused)
    control.setToolTip("\n".join(filter(None, [tip, refused])))
    if isinstance(control, QWidget):
        control.setAccessibleDescription(refused)
