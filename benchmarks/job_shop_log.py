"""What Fong learns from a real job shop's time log, and how a plan made of it compares with what happened.

    python benchmarks/job_shop_log.py FOLDER [--page FILE.html]

FOLDER holds `production_start_end.csv` and `production_enriched.csv` (D. Levy 2014, doi 10.4121/uuid:68726926-5ac5-4fab-b873-ee76ea412399,
as prepared in two public repositories; the data are not part of this one). Writes docs/validation/job-shop-log.md.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from fong.lang import duration, text
from fong.learn import Learned
from fong.learn.people import Manner
from fong.model.comparison import Comparison, StartOrder
from fong.model.message import Message
from fong.workshop.learning import Compared, LogOptions, compare_log, gather, learn_log, write_page
from fong.workshop.logs import Gathered

DOC = Path(__file__).resolve().parent.parent / "docs" / "validation" / "job-shop-log.md"
SHIFTS_MIN = (420, 480)
HOUR_S = 3600
VERDICT = {
    Manner.HELD: "held",
    Manner.OVERLAPS: "runs alone (overlap)",
    Manner.HANDED_OVER: "runs alone (handed over)",
    Manner.NOBODY: "nobody named",
}


def main() -> None:
    """Learn, cut, plan, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", type=Path)
    asked = parser.parse_args()
    log = asked.folder / "production_start_end.csv"
    options = LogOptions(enrich=asked.folder / "production_enriched.csv", shifts_min=SHIFTS_MIN)
    begun = time.perf_counter()
    learned = learn_log(log, None, options)
    learned_s = time.perf_counter() - begun
    compared = compare_log(log, options)
    if asked.page is not None:
        write_page(compared, asked.page, log.stem, "en")
    parts = [*head(), *joined(gather(log, options)), *shop(learned, learned_s), *steps(learned), *after(compared)]
    DOC.parent.mkdir(parents=True, exist_ok=True)
    DOC.write_text("\n".join(parts) + "\n", encoding="utf-8")
    print(f"wrote {DOC}")


def head() -> list[str]:
    """What this page is."""
    return [
        "# A real job shop: from its time log to a plan",
        "",
        "<!-- Written by benchmarks/job_shop_log.py; do not edit by hand. -->",
        "",
        "The log of a job shop that turns, mills, grinds and inspects metal parts, 2 January to 31 March 2012",
        "(D. Levy 2014, doi 10.4121/uuid:68726926-5ac5-4fab-b873-ee76ea412399; not part of this repository). Two files: a raw one with",
        "start and end of every stretch of work and who did it, and an enriched one with machine, flag (set-up, run, breakdown) and pieces for",
        "part of the stretches, its clock 420 minutes behind, 480 in summer time. All figures below are written by a command:",
        "",
        "```sh",
        "python benchmarks/job_shop_log.py FOLDER",
        "```",
        "",
    ]


def joined(gathered: Gathered) -> list[str]:
    """The raw log and the join."""
    events = gathered.performance.events
    stretches = [
        f"* {len(events):,} events of {len({e.order for e in events})} orders, {len({e.person for e in events})} people,",
        f"  {len({e.step for e in events})} steps; {gathered.notes.duplicates} rows repeat an earlier one word for word (kept).",
    ]
    found = gathered.joined.messages() if gathered.joined else ()
    kinds = Counter(e.kind or "no flag" for e in events)
    flags = ", ".join(f"{n:,} {kind}" for kind, n in sorted(kinds.items()))
    return ["## The log", "", *stretches, *sentences(found), f"* After the join: {flags}.", ""]


def shop(learned: Learned, seconds: float) -> list[str]:
    """Machines, people, hours, tending."""
    factory, hours = learned.factory, learned.knowledge.hours
    total = sum(learned.tending.values())
    at_once = ", ".join(f"{k}: {s / HOUR_S:,.0f} h" for k, s in learned.tending.items())
    more = sum(s for k, s in learned.tending.items() if k > 1)
    alternating = sum(weeks > 1 for weeks in hours.period.values())
    return [
        "## What it teaches",
        "",
        f"Learned in {seconds:.1f} s: {len(factory.machines)} machines, {len(factory.people)} people with skills,",
        f"{len(learned.orders)} orders in {len({(r.item, r.steps) for r in learned.routes})} different ways",
        f"({sum(r.usual for r in learned.routes)} orders went the usual way of their item).",
        "",
        f"* Benches, not machines: {', '.join(f'{m} ({round(100 * s)} % of its time with several orders)' for m, s in sorted(learned.knowledge.benches.items()))}.",
        f"* {len(hours.calendars)} calendars for {len(hours.of)} people; {alternating} of them alternate from week to week.",
        f"  People were there on {round(100 * hours.present / hours.expected)} % of the days of their calendars.",
        f"* Machines (or jobs) that one person had at once, over time: {at_once}; more than one for {round(100 * more / total)} % of the time.",
        "",
    ]


def steps(learned: Learned) -> list[str]:
    """One row a step."""
    known = learned.knowledge
    rows = []
    for step, t in sorted(known.times.items(), key=lambda s: -known.evidence[s[0]].run_s):
        e, f = known.evidence[step], t.figures("")
        size = "a lot" if f.pieces_per_cycle > 1 else "a piece"
        rows.append(
            [
                step,
                str(len(known.machines.get(step, ())) or "by hand"),
                f"{t.lots}",
                f"{f.cycle_s / 60:,.1f} min {size}" if t.lots else "–",
                f"{f.setup_s / 60:,.0f} min ({t.setups})" if f.setup_s else "–",
                f"{e.run_s / HOUR_S:,.0f}",
                f"{round(100 * e.overlap)} %",
                f"{round(100 * e.relay)} %",
                VERDICT[e.manner],
            ]
        )
    heading = ["step", "machines", "lots", "run", "set-up (lots)", "run h", "overlap", "handed over", "verdict"]
    return [
        "### By step",
        "",
        "Run and set-up are the step's own figures; items and machines have theirs where their samples outweigh the noise. *Overlap*: share of",
        "run time during which the same person did something else too. *Handed over*: share of time in lots that several people ran.",
        "",
        *table(heading, rows),
        "",
    ]


def after(compared: Compared) -> list[str]:
    """The cut and the comparison."""
    out = ["## The cut", ""]
    c = compared.comparison
    if c is None:
        return [*out, "There is no plan that passes the check:", "", *sentences(compared.reasons), ""]
    parts = compared.parts
    return [
        *out,
        f"The first two thirds of the joined orders by first start ({c.known}) are known up to {c.at:%Y-%m-%d %H:%M}; the other {c.rest} are",
        f"planned as if it were that moment ({len(parts.known.events):,} events learned from; {len(parts.later.events):,} of the known orders came later;",
        f"{len(parts.rest.events):,} of the rest are only compared with). {c.new_routes} of {c.rest} have a route that no earlier order had,",
        f"{c.new_routes_of_item} one that no order of their item had. The plan: dispatch rules, least flow time, passed the check.",
        "",
        "### Flow time (first start to last end)",
        "",
        *table(
            ["orders", "planned", "happened"],
            [[f"{round(100 * q.share)} %", long(q.planned_s), long(q.happened_s)] for q in c.quantiles],
        ),
        "",
        f"Agreement of both rankings (Kendall's tau): {tau(c.flow_tau)}.",
        "",
        "### Order of starts (Kendall's tau of the starts in common)",
        "",
        f"Of {c.machine_tasks} steps whose real machine is known the plan put {c.same_machine} on that machine.",
        "",
        *starts("machine", c.machines),
        "",
        *starts("step, on any machine", c.steps),
        "",
        *loads(c),
        "## What to keep in mind",
        "",
        *sentences(c.statements),
        "* Nearly half of the events have no machine and no flag: set-up times rest on the others, and time without a flag counts as run.",
        "* People alternate between early, late and night shifts in ways that are not regular; calendars give the hours of a mean week, not of each.",
        "* What Fong made of the log stands or falls with the verdicts of the table above; they are thresholds (one half), not laws.",
    ]


def loads(c: Comparison) -> list[str]:
    """Hours by week and by step."""
    weeks = [
        [
            f"{w.monday}",
            *(f"{s / HOUR_S:,.0f}" for s in (w.planned_s, w.happened_s, w.running_planned_s, w.running_happened_s)),
        ]
        for w in c.weeks
    ]
    by_step = [[s.step, f"{s.planned_s / HOUR_S:,.0f}", f"{s.happened_s / HOUR_S:,.0f}"] for s in c.step_loads]
    return [
        "### Load (hours)",
        "",
        *table(["week of", "planned", "happened", "under way, planned", "under way, happened"], weeks),
        "",
        *table(["step", "planned", "happened"], by_step),
        "",
    ]


def starts(name: str, rows: Iterable[StartOrder]) -> list[str]:
    """Taus as a table."""
    cells = [[s.name, str(s.planned), str(s.happened), str(s.common), tau(s.tau)] for s in rows]
    return table([name, "planned", "happened", "in both", "tau"], cells)


def tau(value: float | None) -> str:
    """A tau, or a dash."""
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def long(seconds: int) -> str:
    """A length of time."""
    return duration(seconds, "en")


def sentences(messages: Iterable[Message]) -> list[str]:
    """Messages as a list."""
    return [f"* {text(m.code, m.params, 'en')}" for m in messages]


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; a bar in a name is no border."""
    lines = [heading, ["---"] * len(heading), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


if __name__ == "__main__":
    main()
