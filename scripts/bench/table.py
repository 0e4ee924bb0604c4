"""One table of what was measured, and the same as JSON."""

import dataclasses
import json
import operator
from dataclasses import dataclass

COMPARE = {"≤": operator.le, "≥": operator.ge}


@dataclass
class Row:
    goal: str
    """`P1`; empty for what has no goal of its own."""
    what: str
    ours: float | None = None
    unit: str = ""
    peer: str = ""
    """Who it is compared with."""
    theirs: float | None = None
    least: str = ""
    """`≤ 0.75`: of ours divided by theirs, or of ours where there is no peer."""
    not_run: str = ""
    note: str = ""

    @property
    def ratio(self):
        if self.ours is None or not self.theirs:
            return None
        return self.ours / self.theirs

    @property
    def met(self):
        measured = self.ratio if self.theirs is not None else self.ours
        if measured is None or not self.least:
            return None
        sign, figure = self.least.split()[:2]
        return COMPARE[sign](measured, float(figure.replace(",", "")))


def show(rows):
    head = ["goal", "what", "ours", "peer", "theirs", "ratio", "wanted", ""]
    lines = [head]
    for row in rows:
        if row.not_run:
            lines.append([row.goal, row.what, "", "", "", "", row.least, f"not run: {row.not_run}"])
            continue
        verdict = {None: "", True: "met", False: "missed"}[row.met]
        lines.append(
            [
                row.goal,
                row.what,
                figure(row.ours, row.unit),
                row.peer,
                figure(row.theirs, row.unit),
                "" if row.ratio is None else f"{row.ratio:.2f}",
                row.least,
                " · ".join(part for part in (verdict, row.note) if part),
            ]
        )
    widths = [max(len(line[column]) for line in lines) for column in range(len(head) - 1)]
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths)]
        print("  ".join([*cells, line[-1]]).rstrip())


def figure(value, unit):
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()


def as_json(rows, machine):
    rows = [{**dataclasses.asdict(row), "ratio": row.ratio, "met": row.met} for row in rows]
    return json.dumps({"machine": machine, "rows": rows}, indent=2, ensure_ascii=False)
