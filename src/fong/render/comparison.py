"""The comparison page: a plan beside what happened, as one self-contained HTML file without a script."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from datetime import date

from fong.lang import duration, text
from fong.model.comparison import Comparison, OrderFlow, StartOrder, WeekLoad
from fong.render.gantt import content_policy, fill, style_sheet

_HOUR_S = 3600
_TICKS_S = tuple(h * _HOUR_S for h in (1, 4, 12, 24, 48, 96, 168, 336, 672, 1344, 2688))
_SIDE, _LEFT, _BOTTOM, _TOP = 380, 46, 30, 8  # of the scatter, in its own units
_WIDE, _HIGH = 460, 240  # of the bars
_MAX_WEEK_LABELS = 8


def comparison_page(comparison: Comparison, title: str, language: str) -> str:
    """The page in one language (``en``, ``zh-Hant``, ``zh-Hans``)."""
    c, words = comparison, _Words(language)
    style = style_sheet("tokens.css", "comparison.css")
    return fill(
        "comparison.html",
        language=language,
        policy=content_policy(style),
        style=style,
        title=html.escape(f"{title} · {words('title')}"),
        truth=words.truth(c),
        facts="".join(f"<li>{fact}</li>" for fact in words.facts(c)),
        flow_title=words("flow"),
        flow_words=words("flow_words"),
        flow_chart=_scatter(c.flows, words),
        word_known=words("route_known"),
        word_new=words("route_new"),
        word_equal=words("equal"),
        quantile_table=_quantile_table(c, words),
        starts_title=words("starts"),
        starts_words=words("starts_words", same=c.same_machine, tasks=c.machine_tasks),
        by_machine=words("by_machine"),
        by_step=words("by_step"),
        machine_table=_start_table(c.machines, words("machine"), words("by_machine"), words),
        step_table=_start_table(c.steps, words("step"), words("by_step"), words),
        weeks_title=words("weeks"),
        weeks_words=words("weeks_words"),
        weeks_chart=_bars(c.weeks, words),
        word_planned=words("planned"),
        word_happened=words("happened"),
        week_table=_week_table(c.weeks, words),
        loads_title=words("loads"),
        load_table=_table(
            [words("step"), words("planned_h"), words("happened_h")],
            [[s.step, _hours(s.planned_s), _hours(s.happened_s)] for s in c.step_loads],
        ),
        blind_title=words("blind"),
        statements="".join(f"<li>{html.escape(text(m.code, m.params, language))}</li>" for m in c.statements),
        orders_title=words("orders", orders=len(c.flows)),
        order_table=_order_table(c.flows, words),
    )


class _Words:
    """The page's own words in one language, safe to stand in markup."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **params: object) -> str:
        return html.escape(self.raw(key, **params))

    def raw(self, key: str, **params: object) -> str:
        """A text that becomes part of another one, not yet safe."""
        return text(f"learn.page.{key}", params, self.language)

    def long(self, seconds: float) -> str:
        """A length of time."""
        return html.escape(duration(round(seconds), self.language))

    def truth(self, c: Comparison) -> str:
        """One sentence that says it."""
        middle = next((q for q in c.quantiles if q.share == 0.5), None)  # noqa: PLR2004 - the median
        if middle is None:
            return self("truth_none")
        return self(
            "truth",
            orders=len(c.flows),
            planned=duration(middle.planned_s, self.language),
            happened=duration(middle.happened_s, self.language),
        )

    def facts(self, c: Comparison) -> list[str]:
        """Where the cut lies and what was new after it."""
        return [
            self("fact_cut", at=f"{c.at:%Y-%m-%d %H:%M}", known=c.known, rest=c.rest),
            self("fact_running", running=c.running),
            self("fact_routes", new=c.new_routes, rest=c.rest, item=c.new_routes_of_item),
            *([self("fact_cut_off", orders=c.cut_off, rest=c.rest)] if c.cut_off else []),
            self("fact_plan", objective=self.raw(f"objective_{c.objective}"), status=self.raw(f"status_{c.status}")),
        ]


# ---------------------------------------------------------------- tables


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """A table of ready-made cells; only the first cell of a row is a name and is escaped here."""
    title = f"<caption>{caption}</caption>" if caption else ""
    heads = "".join(f'<th scope="col">{h}</th>' for h in head)
    body = "".join(
        f'<tr><th scope="row">{html.escape(r[0])}</th>{"".join(f"<td>{cell}</td>" for cell in r[1:])}</tr>'
        for r in rows
    )
    return f"<table>{title}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _quantile_table(c: Comparison, words: _Words) -> str:
    rows = [[f"{round(100 * q.share)} %", words.long(q.planned_s), words.long(q.happened_s)] for q in c.quantiles]
    table = _table([words("share"), words("planned"), words("happened")], rows, words("quantiles"))
    tau = "" if c.flow_tau is None else f"<p>{words('flow_tau', tau=_signed(c.flow_tau))}</p>"
    return table + tau


def _start_table(starts: Sequence[StartOrder], name: str, caption: str, words: _Words) -> str:
    rows = [[s.name, str(s.planned), str(s.happened), str(s.common), _tau(s.tau)] for s in starts]
    return _table([name, words("planned"), words("happened"), words("common"), words("tau")], rows, caption)


def _tau(tau: float | None) -> str:
    """The figure, and a stem from the middle to it."""
    if tau is None:
        return "–"
    end = 48 + 44 * tau
    return (
        f'{_signed(tau)} <svg viewBox="0 0 96 14" aria-hidden="true"><path class="axis" d="M4 7H92M48 2V12"/>'
        f'<path class="stem" d="M48 7H{end:.1f}"/></svg>'
    )


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _week_table(weeks: Sequence[WeekLoad], words: _Words) -> str:
    rows = [
        [
            w.monday.isoformat(),
            _hours(w.planned_s),
            _hours(w.happened_s),
            _hours(w.running_planned_s),
            _hours(w.running_happened_s),
        ]
        for w in weeks
    ]
    return _table(
        [
            words("week"),
            words("planned_h"),
            words("happened_h"),
            words("running_planned_h"),
            words("running_happened_h"),
        ],
        rows,
    )


def _order_table(flows: Sequence[OrderFlow], words: _Words) -> str:
    rows = [
        [
            f.order,
            html.escape(f.item),
            words.long(f.planned_s),
            words.long(f.happened_s),
            words.long(f.worked_s),
            words("yes") if f.route_known else words("no"),
        ]
        for f in flows
    ]
    return _table([words(k) for k in ("order", "item", "planned", "happened", "worked", "route_known")], rows)


def _hours(seconds: float) -> str:
    return f"{seconds / _HOUR_S:,.0f}"


# ---------------------------------------------------------------- pictures


def _scatter(flows: Sequence[OrderFlow], words: _Words) -> str:
    """Planned over happened flow time, both logarithmic."""
    values = [max(1, s) for f in flows for s in (f.planned_s, f.happened_s)] or [_HOUR_S, 24 * _HOUR_S]
    low, high = math.log(max(_HOUR_S / 4, min(values)) / 1.3), math.log(max(values) * 1.3)
    inner = _SIDE - _LEFT - _TOP

    def across(seconds: float) -> float:
        share = (math.log(max(seconds, math.exp(low))) - low) / (high - low)
        return _LEFT + inner * share

    def up(seconds: float) -> float:
        return _TOP + inner - (across(seconds) - _LEFT)

    floor = _TOP + inner
    ticks = [t for t in _TICKS_S if low <= math.log(t) <= high]
    parts = [f'<path class="axis" d="M{_LEFT} {_TOP}V{floor}H{_SIDE - _TOP}"/>']
    for t in ticks:
        x, y = across(t), up(t)
        parts.append(f'<path class="grid" d="M{x:.1f} {_TOP}V{floor}M{_LEFT} {y:.1f}H{_SIDE - _TOP}"/>')
        parts.append(f'<text x="{x:.1f}" y="{floor + 14}" text-anchor="middle">{words.long(t)}</text>')
        parts.append(f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{words.long(t)}</text>')
    parts.append(f'<path class="equal" d="M{_LEFT} {floor}L{_SIDE - _TOP} {_TOP}"/>')
    parts += [_point(across(f.happened_s), up(f.planned_s), f, words) for f in flows]
    parts.append(
        f'<text class="strong" x="{_SIDE - _TOP}" y="{floor + _BOTTOM}" text-anchor="end">{words("happened")} →</text>'
    )
    parts.append(f'<text class="strong" x="{_LEFT + 6}" y="{_TOP + 8}">↑ {words("planned")}</text>')
    return _picture(_SIDE, floor + _BOTTOM + 4, words("flow"), "".join(parts))


def _point(x: float, y: float, f: OrderFlow, words: _Words) -> str:
    title = html.escape(f"{f.order}: ") + words(
        "point", planned=duration(f.planned_s, words.language), happened=duration(f.happened_s, words.language)
    )
    shape = (
        f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="4">'
        if f.route_known
        else f'<path class="point new" d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z">'
    )
    return f"{shape}<title>{title}</title>{'</circle>' if f.route_known else '</path>'}"


def _bars(weeks: Sequence[WeekLoad], words: _Words) -> str:
    """Hours by week: planned beside happened."""
    top = max([w.planned_s for w in weeks] + [w.happened_s for w in weeks] + [_HOUR_S]) / _HOUR_S
    unit = _nice(top)
    ceiling = math.ceil(top / unit) * unit
    floor, inner = _HIGH - _BOTTOM, _HIGH - _BOTTOM - _TOP
    parts = []
    for n in range(round(ceiling / unit) + 1):
        y = floor - inner * n * unit / ceiling
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDE}"/>')
        parts.append(f'<text x="{_LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{n * unit:,.0f} h</text>')
    room = (_WIDE - _LEFT) / max(1, len(weeks))
    every = max(1, math.ceil(len(weeks) / _MAX_WEEK_LABELS))
    for i, w in enumerate(weeks):
        x = _LEFT + room * (i + 0.15)
        for kind, seconds, at in (("planned", w.planned_s, x), ("happened", w.happened_s, x + room * 0.36)):
            h = inner * seconds / _HOUR_S / ceiling
            parts.append(
                f'<rect class="{kind}" x="{at:.1f}" y="{floor - h:.1f}" width="{room * 0.34:.1f}" height="{h:.1f}"/>'
            )
        if i % every == 0:
            parts.append(
                f'<text x="{x + room * 0.35:.1f}" y="{floor + 14}" text-anchor="middle">{_day(w.monday)}</text>'
            )
    return _picture(_WIDE, _HIGH, words("weeks"), "".join(parts))


def _nice(top: float) -> float:
    """A round step that makes three to six lines."""
    power = 10.0 ** math.floor(math.log10(top / 3))
    return next(power * k for k in (1, 2, 5, 10) if top / (power * k) <= 6)  # noqa: PLR2004 - lines


def _day(day: date) -> str:
    return f"{day.month}/{day.day}"


def _picture(width: float, height: float, title: str, inside: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{title}">{inside}</svg>'
