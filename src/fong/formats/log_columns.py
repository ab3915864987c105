"""Which column of a time log holds what: by its name in English, 繁體 or 简体, else by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from fong.formats.log_dates import is_dated, plain, read_moment

KINDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "setup": frozenset(
            "s setup set-up changeover makeready make-ready 準備 准备 換線 换线 換模 换模 調機 调机 調試 调试 架機".split()
        ),
        "run": frozenset("r run running production processing prod 生產 生产 加工 運行 运行 生産".split()),
        "down": frozenset(
            "b breakdown down downtime stop stopped fault failure repair 故障 停機 停机 維修 维修 壞機".split()
        ),
    }
)
"""Words of the flag column. A lone ``d`` is *done* (run), unless the log has another word for run: then it is *down*."""

NOTHING = frozenset(
    (
        "",
        "-",
        "--",
        "n/a",
        "#n/a",
        "#n/a!",
        "#ref!",
        "#value!",
        "#div/0!",
        "#name?",
        "#num!",
        "#null!",
        "na",
        "nan",
        "none",
        "null",
        "missing",
        "unknown",
        "?",
        "無",
        "无",
        "未知",
    )
)
"""Cells that say nothing."""
NOBODY = frozenset(("other", "others", "misc", "其他", "其它", "雜項", "杂项"))
"""Names that name no one machine or person."""

_SHARE = 0.9  # of the cells must be dates, flags or machine-like before a nameless column counts as such

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "order": "order|order id|order no|order number|case|case id|case:concept:name|work order|work order no|wo|job|job id|job no|mo"
        "|訂單|訂單編號|訂單號|工單|工單號|工單編號|製令|製令單號|單號|订单|订单号|订单编号|工单|工单号|工单编号|制令|制令单号|单号",
        "step": "step|activity|concept:name|operation|operation name|process|task|op|工序|工序名稱|工序名称|製程|制程|作業|作业|活動|活动",
        "machine": "machine|machine id|machine no|equipment|workstation|work center|work centre|station|asset|resource.1"
        "|機台|機台號|機台編號|機器|設備|設備編號|機床|机台|机台号|机台编号|机器|设备|设备编号|机床|机号",
        "person": "person|worker|worker id|operator|operator id|employee|employee id|resource|org:resource|user|staff"
        "|人員|員工|員工編號|操作員|操作者|作業員|工人|工號|人员|员工|员工编号|操作员|作业员|工号|姓名",
        "date": "date|day|work date|日期|工作日期",
        "start": "start|start time|start timestamp|started|begin|from|開始|開始時間|開工|開工時間|开始|开始时间|开工|开工时间",
        "end": "end|end time|end timestamp|finish|finish time|finished|complete timestamp|completed at|completion|time:timestamp|timestamp|to"
        "|結束|結束時間|完成時間|完工|完工時間|结束|结束时间|完成时间|完工时间",
        "duration": "duration|activity duration|elapsed|minutes|hours|工時|時長|用時|耗時|工时|时长|用时|耗时",
        "good": "good|good quantity|quantity|qty|qty completed|quantity completed|completed|pieces|output|good pieces"
        "|數量|良品|良品數|完成數量|合格數|產量|件數|数量|良品数|完成数量|合格数|产量|件数",
        "scrap": "scrap|scrapped|rejects|rejected|defects|ng|waste|qty for mrb|scrap quantity"
        "|報廢|報廢數|不良|不良數|次品|廢品|报废|报废数|不良数|废品",
        "kind": "kind|type|report type|event type|flag|類型|類別|狀態|类型|类别|状态",
        "item": "item|product|part|part no|part number|part desc|article|sku|style|品號|料號|品名|款號|產品|物料|零件|圖號"
        "|品号|料号|款号|产品|图号",
        "order_quantity": "order quantity|order qty|work order qty|work order quantity|planned quantity|lot size"
        "|訂單數量|工單數量|計劃數量|批量|订单数量|工单数量|计划数量",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogColumns:
    """What the owner says about the log. Empty: found by name or content.

    Each of the first thirteen is a header of the log (or its number, the first column is 1). ``date`` serves logs whose ``start``
    and ``end`` are clock times. ``date_order`` is ``ymd``, ``dmy`` or ``mdy``; ``kinds`` maps the log's own words to ``setup``,
    ``run`` or ``down``; ``longest_h``: a longer stretch is set aside as a slip of the pen.
    """

    order: str = ""
    step: str = ""
    machine: str = ""
    person: str = ""
    date: str = ""
    start: str = ""
    end: str = ""
    duration: str = ""
    good: str = ""
    scrap: str = ""
    kind: str = ""
    item: str = ""
    order_quantity: str = ""
    date_order: str = ""
    encoding: str = ""
    separator: str = ""
    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    longest_h: int = 168

    def named(self) -> dict[str, str]:
        """Canonical column → header, for the columns that were given."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name in _NAMES and getattr(self, f.name)}


def key(header: str) -> str:
    """A header without case, blanks, signs and units: ``Part_Desc_`` → ``partdesc``."""
    text = re.sub(r"[(\[（].*?[)\]）]", "", plain(header).lower())
    return re.sub(r"[\s_\-#.:/]+", "", text)


_SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {k: tuple(key(n) for n in v.split("|")) for k, v in _NAMES.items()}
)
KNOWN = frozenset(name for names in _SYNONYMS.values() for name in names)
"""Every header that says what its column holds, as :func:`key` writes it."""


def by_name(header: Sequence[str]) -> dict[str, int]:
    """Canonical column → position; of several that fit, the synonym named first wins. A column serves once."""
    keys = [key(h) for h in header]
    found: dict[str, int] = {}
    for column, names in _SYNONYMS.items():
        hit = next((keys.index(n) for n in names if n in keys and keys.index(n) not in found.values()), None)
        if hit is not None:
            found[column] = hit
    return found


def by_content(found: dict[str, int], rows: Sequence[Sequence[str]], width: int) -> dict[str, int]:
    """Add moments, flags and machines that only their content gives away (``rows``: a sample)."""
    out = dict(found)
    free = [i for i in range(width) if i not in out.values()]
    cells = {i: [r[i] for r in rows if i < len(r) and plain(r[i]).lower() not in NOTHING] for i in free}
    _find_moments(out, cells, rows)
    _find(out, cells, "kind", is_kind)
    _find(
        out,
        cells,
        "machine",
        lambda c: bool(re.search(r"machine|\bcnc\b|\bmc\d|機台|机台|機床|机床|號機|号机", plain(c).lower())),
    )
    return out


def _find(out: dict[str, int], cells: Mapping[int, Sequence[str]], column: str, test: Callable[[str], bool]) -> None:
    if column in out:
        return
    for i, values in cells.items():
        if i not in out.values() and values and sum(map(test, values)) >= _SHARE * len(values):
            out[column] = i
            return


def _find_moments(out: dict[str, int], cells: Mapping[int, Sequence[str]], rows: Sequence[Sequence[str]]) -> None:
    """The two columns of moments: the one that is never later is the start."""
    dated = [i for i, values in cells.items() if values and sum(is_dated(c) for c in values) >= _SHARE * len(values)]
    missing = [c for c in ("start", "end") if c not in out]
    if missing == ["start", "end"] and len(dated) == 2:  # noqa: PLR2004 - a pair
        a, b = dated
        forth = sum(_not_later(r, a, b) for r in rows)
        back = sum(_not_later(r, b, a) for r in rows)
        out["start"], out["end"] = (a, b) if forth >= back else (b, a)
    elif len(missing) == 1 and len(dated) == 1 and not (missing == ["start"] and "duration" in out):
        out[missing[0]] = dated[0]


def _not_later(row: Sequence[str], a: int, b: int) -> bool:
    if max(a, b) >= len(row):
        return False
    first, second = read_moment(row[a]), read_moment(row[b])
    if first is None or second is None:
        return False
    for order in ("ymd", "dmy", "mdy"):
        x, y = first.at(order), second.at(order)
        if x is not None and y is not None:
            return x.replace(tzinfo=None) <= y.replace(tzinfo=None)
    return False


def is_kind(cell: str) -> bool:
    """Whether a cell is a word for set-up, run or breakdown."""
    word = plain(cell).lower()
    return word == "d" or any(word in words for words in KINDS.values())


def kind_words(words: set[str], own: Mapping[str, str]) -> dict[str, str]:
    """The flag column's words → ``setup``, ``run``, ``down``; words that mean nothing are left out."""
    given = {plain(k).lower(): v for k, v in own.items()}
    out = {w: next((kind for kind, known in KINDS.items() if w in known), "") for w in words}
    if "d" in words:
        out["d"] = "down" if "run" in out.values() else "run"
    return {w: given.get(w, k) for w, k in out.items() if given.get(w, k)}
