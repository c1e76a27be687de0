"""The charts, drawn narrow enough for a phone; wording is the callers'. All widths are in the units of the SVG."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from transforms.report.svg import CODE

WIDTH = 330
FONT = 12
WIDEST_BAR = 40
PERCENT = "round(datum.value * 100) + '{unit}'"
MIX = ("strong", "moderately_weak", "weak", "absent", "too_few")


def _finished(chart: Any) -> dict[str, Any]:
    """As a specification with the house's looks; text is measured as Liberation Sans, which vl-convert carries."""
    axis = {
        "labelColor": CODE["soft"],
        "titleColor": CODE["soft"],
        "labelFontSize": FONT,
        "titleFontSize": FONT,
        "titleFontWeight": "normal",
        "gridColor": CODE["line"],
        "domainColor": CODE["line"],
        "tickColor": CODE["line"],
    }
    done = (
        chart.configure(font="Liberation Sans", padding=4)
        .configure_view(stroke=None)
        .configure_axis(**axis)
        .configure_header(labelColor=CODE["ink"], labelFontSize=FONT, labelFontWeight="bold", title=None)
    )
    specification: dict[str, Any] = done.to_dict()
    return specification


def _percent(unit: str, **options: Any) -> alt.Axis:
    return alt.Axis(labelExpr=PERCENT.format(unit=unit), tickCount=5, title=None, **options)


def tie_mix(rows: pd.DataFrame, weeks: Sequence[str], unit: str) -> dict[str, Any]:
    """Stacked bars. `rows`: label, tie, share; `weeks`: labels in order, those without rows too."""
    every = max(1, -(-len(weeks) // 7))
    ticks = [label for back, label in enumerate(reversed(weeks)) if back % every == 0]
    order = {name: number for number, name in enumerate(MIX)}
    rows = rows.assign(order=rows["tie"].map(order))
    bars = (
        alt.Chart(rows, width=WIDTH, height=210)
        .mark_bar(stroke=CODE["paper"], strokeWidth=1)
        .encode(
            x=alt.X(
                "label:N",
                scale=alt.Scale(domain=list(weeks), paddingInner=max(0.15, 1 - WIDEST_BAR * len(weeks) / WIDTH)),
                axis=alt.Axis(values=ticks, labelAngle=0, title=None, ticks=False, labelPadding=5, labelOverlap=False),
            ),
            y=alt.Y(
                "share:Q", stack="zero", scale=alt.Scale(domain=[0, 1]), axis=_percent(unit, domain=False, ticks=False)
            ),
            color=alt.Color(
                "tie:N", scale=alt.Scale(domain=list(MIX), range=[CODE[name] for name in MIX]), legend=None
            ),
            order="order:Q",
        )
    )
    return _finished(bars)


def yield_dots(rows: pd.DataFrame, groups: Sequence[str], unit: str) -> dict[str, Any]:
    """Dots with intervals in one panel a group. `rows`: group, bin, order, share, low, high."""
    top = max(0.05, float(rows[["share", "high"]].max().max()))
    panels = []
    for group in groups:
        some = rows[rows["group"] == group]
        is_last = group == groups[-1]
        across = alt.X(
            "share:Q", scale=alt.Scale(domain=[0, top], nice=True), axis=_percent(unit, labels=is_last, ticks=is_last)
        )
        down = alt.Y(
            "bin:N",
            sort=alt.SortField("order"),
            axis=alt.Axis(title=None, ticks=False, domain=False, labelLimit=130, minExtent=112, labelPadding=9),
        )
        base = alt.Chart(
            some,
            width=WIDTH - 116,
            height=alt.Step(24),
            title=alt.TitleParams(
                group, anchor="start", frame="group", fontSize=FONT, fontWeight="bold", color=CODE["ink"], offset=4
            ),
        )
        whiskers = (
            base.mark_rule(stroke=CODE["accent"], strokeWidth=2)
            .encode(x=across, x2="high:Q", y=down)
            .transform_calculate(share="datum.low")
        )
        dots = base.mark_point(filled=True, color=CODE["accent"], size=70, opacity=1).encode(x=across, y=down)
        panels.append(whiskers + dots)
    return _finished(alt.vconcat(*panels, spacing=14))


def first_response(rows: pd.DataFrame, labels: Sequence[str], axis_title: str, unit: str) -> dict[str, Any]:
    """Step lines of the answered share with bands. `rows`: who (one of `labels`), hours, share, low, high."""
    hours = alt.X(
        "hours:Q",
        scale=alt.Scale(domain=[0, float(rows["hours"].max())], nice=False),
        axis=alt.Axis(values=list(range(0, int(rows["hours"].max()) + 1, 24)), title=axis_title, grid=False),
    )
    inks: dict[str, Any] = {
        "scale": alt.Scale(domain=list(labels), range=[CODE["accent"], CODE["strong"]]),
        "legend": None,
    }
    shares = alt.Y("share:Q", scale=alt.Scale(domain=[0, 1]), axis=_percent(unit, domain=False, ticks=False))
    base = alt.Chart(rows, width=WIDTH, height=220)
    band = base.mark_area(interpolate="step-after", opacity=0.18).encode(
        x=hours, y=alt.Y("low:Q", title=None), y2="high:Q", color=alt.Color("who:N", **inks)
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2.2).encode(
        x=hours,
        y=shares,
        color=alt.Color("who:N", **inks),
        strokeDash=alt.StrokeDash("who:N", scale=alt.Scale(domain=list(labels), range=[[1, 0], [5, 3]]), legend=None),
    )
    return _finished(band + line)


def sparkline(rows: pd.DataFrame) -> dict[str, Any]:
    """A line of the known weeks with its last final point. `rows`: order, value (null in gaps), is_last."""
    around = alt.Y("value:Q", axis=None, scale=alt.Scale(zero=False, padding=5))
    base = alt.Chart(rows, width=150, height=34)
    line = base.mark_line(color=CODE["soft"], strokeWidth=1.5).encode(
        x=alt.X("order:Q", axis=None, scale=alt.Scale(padding=5)), y=around
    )
    alone = base.mark_point(color=CODE["soft"], filled=True, size=8, opacity=1).encode(x="order:Q", y=around)
    last = (
        base.transform_filter("datum.is_last")
        .mark_point(color=CODE["accent"], filled=True, size=45, opacity=1)
        .encode(x="order:Q", y=around)
    )
    return _finished(line + alone + last)
