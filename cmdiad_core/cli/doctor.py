"""`cmdiad doctor`."""


def doctor() -> None:
    """Say what this machine offers, what is missing and how to get it."""
    from rich.console import Console
    from rich.table import Table

    from cmdiad_core.doctor import State, examine

    styles = {State.OK: "green", State.NOTE: "yellow", State.MISSING: "red"}
    table = Table(show_header=False, box=None)
    for finding in examine():
        text = f"{finding.text}\n{finding.remedy}" if finding.remedy else finding.text
        table.add_row(f"[{styles[finding.state]}]{finding.state}[/]", finding.subject, text)
    Console().print(table)
