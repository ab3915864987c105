"""What people call tables, columns and words of choice: English, 繁體 (Hong Kong, Taiwan) and 简体, in any case and width.

Each entry lists synonyms of one canonical name with ``|`` between; blanks, ``_``, ``-``, ``.`` and the like do not count. No word
may mean two columns of one table (a test keeps that).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from fong.formats.tables import SETTINGS, TABLES

_BLANKS = re.compile(r"[\s_\-–—.,:;#*/\\'\"()\[\]{}<>、，。：；・·]+")


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """A word as it is compared: one width, small letters, no blanks or marks."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text).casefold())


TABLE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "settings": "setting|config|configuration|parameters|設定|设定|設置|设置|參數|参数|基本設定|基本设置",
        "machines": "machine|machine list|equipment|resources|work centers|work centres|workstations"
        "|機台|機台表|機器|機器表|設備|設備表|機台清單|機器清單|机台|机台表|机器|机器表|设备|设备表|机台清单|设备清单",
        "people": "person|persons|staff|employee|employees|operators|workers|personnel|labour|labor"
        "|人員|人員表|員工|員工表|工人|人手|人員清單|人员|人员表|员工|员工表|人员清单",
        "calendars": "calendar|shift|shifts|working time|working hours|work calendar"
        "|行事曆|日曆|工作日曆|班次|班次表|班別|班表|工作時間|上班時間|行事历|日历|工作日历|班别|工作时间|上班时间",
        "items": "item|products|product|parts|part list|materials|articles|skus|item master"
        "|品項|品項表|物料|物料表|產品|產品表|料品|款式|款式表|貨品|品号|品號|料號表|物料主檔|产品|产品表|货品|品项|料号表|物料主数据",
        "receipts": "receipt|incoming|purchases|purchase orders|deliveries|arrivals|goods in"
        "|到貨|到料|進料|來料|收貨|進貨|採購|到货|进料|来料|收货|进货|采购",
        "bom": "boms|bill|bills|bill of material|bill of materials|parts list|components|materials list"
        "|物料清單|材料清單|用料表|材料表|用料|組成|產品結構|物料清单|材料清单|组成|产品结构",
        "routing": "routings|route|routes|operations|process|processes|process sheet|steps"
        "|製程|製程表|工序|工序表|工藝|工藝路線|工藝表|途程|制程|制程表|工艺|工艺路线|工艺表",
        "speeds": "speed|machine speeds|machine times|機速|速度|機台速度|機台工時|机速|机台速度|机台工时",
        "setups": "setup|setup matrix|changeover|changeovers|change over|setup times"
        "|換線|換線表|換線時間|換模|換模表|換款|轉款|轉線|换线|换线表|换线时间|换模|换模表|换款|转款|转线",
        "tools": "tool|tooling|fixtures|fixture|moulds|molds|工具|治具|刀具|夾具|模具|夹具",
        "places": "place|racks|rack|buffers|buffer|pallets|stores|storage|位置|場所|暫存區|緩衝區|貨架|架位|暂存区|缓冲区|货架|场所",
        "orders": "order|order book|order list|sales orders|sales order|work orders|jobs|so"
        "|訂單|訂單表|訂單簿|落單|落單表|工單|工單表|生產單|銷售訂單|订单|订单表|订单簿|工单|工单表|生产单|销售订单",
        "wip": "work in progress|work in process|in progress|在製|在製品|在產|進行中|在制|在制品|在产|进行中",
    }
)

_ITEM = (
    "item no|item number|item code|product|product no|product code|part|part no|part number|article|style|style no|sku"
    "|material|material no|品號|料號|品項|款號|產品|產品編號|產品代號|貨號|物料|物料編號|料品|款式|貨品編號"
    "|品号|料号|品项|款号|产品|产品编号|货号|物料编号|货品编号|产品代码|物料编码"
)
_MACHINE = (
    "machine no|machine name|machine id|machine code|equipment|workstation|機台|機台編號|機台名稱|機號|機器|機器編號|設備|設備編號"
    "|机台|机台编号|机台名称|机号|机器|机器编号|设备|设备编号"
)
_GROUP = (
    "machine group|group name|work center|work centre|workcenter|machines|resource|resource group|station"
    "|機台群|機台組|機組|機器組|設備組|工作中心|機台群組|机台组|机台群|机组|机器组|设备组"
)
_QUANTITY = "qty|amount|quantities|數量|件數|数量|件数"
_SEQUENCE = "seq|op no|operation no|operation number|step no|step number|sequence no|序號|工序號|站序|工序序號|順序|序号|工序号|顺序|工序序号"
_ORDER = (
    "order no|order number|order id|sales order|sales order no|so|so no|work order|work order no|wo|wo no|job|job no|po no"
    "|訂單|訂單編號|訂單號|訂單號碼|落單號|單號|工單|工單號|工單編號|製令|製令單號|订单|订单编号|订单号|订单号码|单号|工单|工单号|工单编号"
)
_LINE = "line no|line number|order line|item line|項次|行號|項目|行号|项次|项目"
_COST_PER_HOUR = "hourly cost|cost hour|hour rate|hourly rate|rate per hour|每小時成本|時薪|小時成本|費率|機時費率|每小时成本|时薪|小时成本|费率|机时费率"
_CALENDAR = "shift|shift calendar|work calendar|班別|班次|行事曆|工作日曆|日曆|班别|行事历|工作日历|日历"
_SETUP_MIN = (
    "setup|setup time|set up|set up time|preparation|preparation time|make ready"
    "|準備時間|準備|換線時間|上機時間|調機時間|架機時間|准备时间|准备|换线时间|上机时间|调机时间"
)
_CYCLE_MIN = (
    "cycle|cycle time|run|run time|run min|run min per piece|run time per piece|time per piece|unit time|piece time|standard time|processing time"
    "|min per piece|min per pc|單件工時|單件時間|工時|標準工時|加工時間|循環時間|每件時間|週期時間"
    "|单件工时|单件时间|工时|标准工时|加工时间|循环时间|每件时间|周期时间"
)
_NOTE = "notes|remark|remarks|comment|comments|memo|備註|備注|附註|說明|备注|附注|说明"
_COLOUR = "color|colour name|col|顏色|色號|色|颜色|色号"
_PRICE = "unit price|selling price|sales price|單價|售價|價格|单价|售价|价格"

COLUMN_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "settings": {
            "key": "name|setting|parameter|項目|名稱|設定|參數|项目|名称|设定|设置|参数",
            "value": "values|值|內容|数值|數值|内容",
            "note": _NOTE,
        },
        "machines": {
            "machine": _MACHINE + "|name|名稱|名称",
            "group": _GROUP.replace("machines|", "") + "|type|machine type|類別|機種|機型|类别|机种|机型",
            "zone": "tending zone|area zone|看機區|區|區域|看机区|区|区域",
            "calendar": _CALENDAR,
            "capacity": "slots|容量|產能|产能",
            "batch_unit": "capacity unit|unit|容量單位|批量單位|單位|容量单位|批量单位|单位",
            "batch_wait_min": "batch wait|batch waiting time|batch waiting limit|等批時間|湊批等待|等批时间|凑批等待",
            "present_family": "present setup|current setup|current family|setup now|現時設定|目前換線群組|現時換線群組|当前换线组|目前换线组|当前设置",
            "x_m": "x|x position|pos x|位置x|x座標|x坐標|x坐标",
            "y_m": "y|y position|pos y|位置y|y座標|y坐標|y坐标",
            "area_m2": "area|floor area|area m²|面積|占地|面积",
            "cost_per_hour": _COST_PER_HOUR + "|機台費率|machine rate",
            "kw_run": "power|power run|run power|power running|運行功率|功率|运行功率",
            "kw_idle": "power idle|idle power|standby power|待機功率|待机功率",
            "mtbf_h": "mtbf|mean time between failures|平均故障間隔|平均故障间隔",
            "mttr_h": "mttr|mean time to repair|平均修復時間|平均修复时间",
            "note": _NOTE,
        },
        "people": {
            "person": "name|employee|employee name|operator|worker|staff|姓名|人員|員工|員工姓名|工人|名稱|人员|员工|员工姓名",
            "calendar": _CALENDAR,
            "skills": "skill|qualification|qualifications|trade|技能|工種|職能|技術|工种|职能|技术",
            "tends": "tends zone|zone|tending zone|看機區|負責區|看機區域|看机区|负责区|看机区域",
            "max_machines": "max machine|maximum machines|machines per person|看機台數|最多看機|最多機台|看台數|看机台数|最多看机|最多机台",
            "cost_per_hour": _COST_PER_HOUR + "|wage|wage per hour|hourly wage|工資|工资",
            "note": _NOTE,
        },
        "calendars": {
            "calendar": _CALENDAR + "|calendar name|shift name|班次名稱|班次名称|名稱|名称|name",
            "day": "weekday|date|day or date|weekday or date|days|星期|星期幾|日期|日|週|周|星期几",
            "start": "from|start time|begin|開始|開始時間|上班|上班時間|由|开始|开始时间|上班时间",
            "end": "to|end time|finish|until|結束|結束時間|下班|下班時間|至|结束|结束时间|下班时间",
            "note": _NOTE,
        },
        "items": {
            "item": _ITEM + "|name|code",
            "description": "desc|item name|product name|part name|part description|item description|品名|名稱|描述|品名規格|規格|名称|品名规格|规格",
            "type": "make buy|make or buy|item type|source|類型|來源|自製外購|屬性|类型|来源|自制外购|属性",
            "unit": "uom|unit of measure|單位|单位|計量單位|计量单位",
            "on_hand": "onhand|stock|on stock|inventory|quantity on hand|in stock|庫存|現有庫存|庫存量|现有库存|库存|库存量",
            "lead_time_days": "lead time|leadtime|delivery time|前置天數|前置時間|交貨天數|採購天數|前置天数|前置时间|交货天数|采购天数",
            "cost": "unit cost|standard cost|成本|單位成本|标准成本|標準成本|单位成本",
            "weight_kg": "weight|unit weight|net weight|重量|單重|淨重|单重|净重",
            "price": _PRICE,
            "note": _NOTE,
        },
        "receipts": {
            "item": _ITEM + "|component|材料",
            "quantity": _QUANTITY + "|receipt quantity|到貨數量|到货数量",
            "date": "due|due date|receipt date|arrival|arrival date|delivery date|expected|at|日期|到貨日期|到貨日|預計到貨|交期|到货日期|到货日|预计到货",
            "note": _NOTE,
        },
        "bom": {
            "item": "parent|parent item|assembly|"
            + _ITEM.replace("|material|", "|").replace("|物料|", "|")
            + "|母件|母件品號|主件|成品|母件品号",
            "component": "child|child item|component item|material|part used|ingredient|子件|子件品號|元件|材料|用料|物料|組件|子件品号|组件|元件品號",
            "quantity": _QUANTITY
            + "|quantity per|qty per|per piece|usage|用量|單位用量|组成用量|組成用量|单位用量|單件用量|单件用量",
            "sequence": _SEQUENCE + "|operation|step|工序",
            "note": _NOTE,
        },
        "routing": {
            "item": _ITEM,
            "sequence": _SEQUENCE,
            "step": "operation|operation name|step name|process|process name|task|工序|工序名稱|製程|工序名称|制程|作業|作业",
            "group": _GROUP + "|machine|workstation|機台|機器|設備|机台|机器|设备",
            "setup_min": _SETUP_MIN,
            "setup_skill": "setter|setup person|setter skill|準備技能|調機技能|准备技能|调机技能|調機員|调机员",
            "setup_family": "family|setup group|changeover family|換線群組|換線組|族|换线组|换线族|换线群组",
            "cycle_min": _CYCLE_MIN,
            "pieces_per_cycle": "pieces cycle|pcs per cycle|cavities|每次件數|每循環件數|一模幾件|模穴數|每次件数|每循环件数|模穴数",
            "attend_min": "attend|attention|attended|attended min|attended min per piece|tending|load unload|load time|人工時間|看機時間|上下料|上下料時間"
            "|人工时间|看机时间|上下料时间",
            "unattended_cycles": "unattended|magazine|lights out cycles|無人件數|無人循環|自動循環|无人循环|自动循环|无人件数",
            "service_cv": "cv|service variation|service variability|變異係數|变异系数",
            "stops_per_hour": "stops|stop rate|stops hour|每小時停機|停機次數|每小时停机|停机次数",
            "stop_min": "stop|stop time|minutes per stop|stop duration|停機時間|每次停機|停机时间|每次停机",
            "run_skill": "skill|operator skill|skill needed|技能|工種|人員技能|工种|人员技能",
            "batch_per_piece": "batch units per piece|batch use|load per piece|每件佔用|每件批量|每件占用",
            "after": "predecessor|predecessors|follows|previous|前工序|前置工序|前道|前道工序|接續",
            "transfer_batch": "box|box size|transfer lot|batch size|transfer|轉移批|轉移批量|每箱件數|批量|转移批|转移批量|每箱件数",
            "lag_min": "lag|wait|min wait|minimum wait|drying time|最少等待|等待時間|最少等待時間|最少等待时间|等待时间",
            "max_wait_min": "max wait|maximum wait|max waiting time|最長等待|最長等待時間|最多等待|最长等待|最长等待时间",
            "scrap_pct": "scrap|scrap rate|scrap percent|scrap %|loss|reject rate|損耗率|報廢率|不良率|損耗|损耗率|报废率|损耗",
            "split_over": "split|machines at most|parallel machines|分機數|分拆機台|最多機台|分机数|分拆机台|最多机台",
            "max_lot": "maximum lot|lot size|largest lot|最大批量|批量上限|最大批",
            "at_gap": "gap|at shift end|when work stops|遇休息|跨班|跨班處理|跨班处理",
            "subcontract_days": "subcontract|outside days|outsourcing days|subcontract time|外發天數|外包天數|外發|外包|委外天數|外发天数|外包天数|外发|委外天数",
            "collect": "collection|collection calendar|pickup|van|收貨班次|取貨班次|收貨日|收货班次|取货班次|收货日",
            "tool": "fixture|tooling|mould|mold|治具|刀具|模具|夾具|工具|夹具",
            "place": "rack|buffer|store|暫存區|貨架|架位|位置|暂存区|货架",
            "variant": "alternative|route|alternative route|替代|替代製程|替代工藝|途程|替代工艺|替代制程",
            "same_machine": "same machine group|同機|同機組|同机|同机组",
            "note": _NOTE,
        },
        "speeds": {
            "item": _ITEM,
            "sequence": _SEQUENCE,
            "machine": _MACHINE,
            "cycle_min": _CYCLE_MIN,
            "setup_min": _SETUP_MIN,
            "note": _NOTE,
        },
        "setups": {
            "group": _GROUP.replace("machines|", "") + "|machine|機台|机台",
            "from_family": "from|from setup|前|前族|由|換線前|原族|换线前|从",
            "to_family": "to|to setup|後|後族|至|換線後|后|换线后|后族",
            "minutes": "setup|setup min|setup time|time|duration|changeover time|換線時間|時間|换线时间|时间|分鐘|分钟",
            "note": _NOTE,
        },
        "tools": {
            "tool": "name|fixture|tool name|治具|刀具|工具|模具|夾具|名稱|夹具|名称",
            "quantity": _QUANTITY,
            "note": _NOTE,
        },
        "places": {
            "place": "name|rack|buffer|place name|位置|暫存區|貨架|架位|名稱|暂存区|货架|名称",
            "capacity": "lots|slots|容量|批數|批数",
            "note": _NOTE,
        },
        "orders": {
            "order": _ORDER,
            "line": _LINE,
            "customer": "client|buyer|customer name|客戶|客戶名稱|客人|買家|客户|客户名称|买家",
            "item": _ITEM,
            "quantity": _QUANTITY
            + "|order qty|order quantity|pieces|pcs|total|total qty|訂購數量|訂單數量|合計|總數|總件數|小計|订购数量|订单数量|合计|总数|总件数|小计",
            "due": "due date|delivery date|delivery deadline|delivery|deadline|need date|ship date|promised"
            "|交期|貨期|交貨期|交貨日期|交貨日|出貨日期|出貨日|要求日期|货期|交货期|交货日期|交货日|出货日期|出货日",
            "release": "release date|start|start date|earliest start|not before|投產日|開工日|最早開工|可開工日|投产日|开工日|最早开工",
            "weight": "importance|priority weight|權重|重要性|权重",
            "late_cost_per_day": "late cost|penalty|penalty per day|late penalty|每日罰款|遲交罰款|逾期罰款|每日罚款|迟交罚款|逾期罚款",
            "price": _PRICE,
            "colour": _COLOUR,
            "size": "尺碼|尺寸|碼|尺码|码",
            "status": "state|order status|狀態|訂單狀態|状态|订单状态",
            "note": _NOTE,
        },
        "wip": {
            "order": _ORDER,
            "line": _LINE,
            "sequence": _SEQUENCE + "|step|operation|工序",
            "done_pieces": "done|pieces done|finished|completed|quantity done|完成件數|已完成|完成數量|已完成件數|完成件数|完成数量|已完成件数",
            "machine": _MACHINE,
            "started": "start|started at|begin|開始|開始時間|開工時間|开始|开始时间|开工时间",
            "ends": "end|ends at|finish|expected end|結束|預計完成|完成時間|结束|预计完成|完成时间",
            "note": _NOTE,
        },
    }
)

SETTING_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "now": "time now|present|plan start|現在|現時|此刻|計劃起點|现在|计划起点|當前時間|当前时间",
        "time_zone": "timezone|tz|時區|时区",
        "currency": "money|貨幣|幣別|幣種|货币|币种|币别",
        "horizon_days": "horizon|planning horizon|days|計劃天數|排程天數|计划天数|排程天数",
        "top_up": "topup|fill before leaving|下班前裝滿|下班前上滿|下班前装满|下班前上满",
    }
)

CHOICE_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "batch_unit": {
            "kg": "kilogram|kilograms|kgs|公斤|千克",
            "pieces": "piece|pcs|pc|件|個|只|个|條|条",
        },
        "type": {
            "make": "made|m|manufactured|manufacture|produce|自製|自制|自造|生產|生产|成品|半成品",
            "buy": "bought|b|p|purchase|purchased|buy in|外購|采購|採購|购买|外购|采购|原料|材料|購入|购入",
        },
        "status": {
            "open": "new|released|active|confirmed|開|未完成|進行中|已確認|生效|待生產|开|进行中|已确认|生效中|待生产",
            "held": "hold|on hold|paused|blocked|暫停|擱置|凍結|暂停|搁置|冻结",
            "done": "closed|complete|completed|finished|delivered|shipped|cancelled|canceled|完成|已完成|結案|取消|已取消|已出貨|结案|已出货|关闭|關閉",
        },
        "at_gap": {
            "resume": "continue|續做|繼續|隔班續做|续做|继续|隔班续做",
            "fit": "one window|in one window|一次做完|不可中斷|同一班|不可中断",
            "run_on": "lights out|keep running|無人續行|自動續行|續行|无人续行|自动续行|续行",
            "overtime": "加班",
        },
    }
)

YES = frozenset(map(plain, "yes|y|true|1|on|是|有|對|✓|✔|√|对".split("|")))
NO = frozenset(map(plain, "no|n|false|0|off|否|無|没有|沒有|✗|✘|×|无".split("|")))

DAYS: tuple[str, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_WORDS = (
    "mon|monday|星期一|週一|周一|禮拜一|礼拜一|一",
    "tue|tues|tuesday|星期二|週二|周二|禮拜二|礼拜二|二",
    "wed|weds|wednesday|星期三|週三|周三|禮拜三|礼拜三|三",
    "thu|thur|thurs|thursday|星期四|週四|周四|禮拜四|礼拜四|四",
    "fri|friday|星期五|週五|周五|禮拜五|礼拜五|五",
    "sat|saturday|星期六|週六|周六|禮拜六|礼拜六|六",
    "sun|sunday|星期日|星期天|週日|周日|禮拜日|礼拜日|禮拜天|礼拜天|日|天",
)
WEEKDAY: Mapping[str, int] = MappingProxyType({plain(w): i for i, ws in enumerate(_DAY_WORDS) for w in ws.split("|")})
EVERY_DAY: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {plain(w): tuple(range(7)) for w in ("daily", "every day", "all", "每日", "每天", "全週", "全周")}
    | {plain(w): tuple(range(5)) for w in ("weekday", "weekdays", "working days", "平日", "工作日")}
    | {plain(w): (5, 6) for w in ("weekend", "weekends", "週末", "周末")}
)

ALWAYS = frozenset(map(plain, ("always", "24/7", "24h", "24x7", "全日", "全天", "不停", "全天候")))
"""Words of a calendar column for "no calendar: at all hours"."""

NOT_TABLES = frozenset(
    map(
        plain,
        (
            "readme",
            "read me",
            "note",
            "notes",
            "info",
            "help",
            "說明",
            "说明",
            "備註",
            "备注",
            "讀我",
            "使用說明",
            "使用说明",
        ),
    )
)
"""Sheets that are for people only."""

SIZES = frozenset(
    map(
        plain,
        "xxxs|xxs|xs|s|m|l|xl|xxl|xxxl|xxxxl|2xs|3xs|2xl|3xl|4xl|5xl|6xl|s/m|m/l|l/xl|xs/s|free|free size|one size|os|f|均碼|均码|特大|加大|大|中|小"
        "|細|中碼|大碼|細碼|加大碼|小码|中码|大码|加大码|小碼".split("|"),
    )
)
"""Headers of a size matrix in the orders."""
SIZE_TITLES = frozenset(
    map(
        plain,
        ("size", "sizes", "尺碼", "尺寸", "尺码", "碼數", "码数", "size 尺碼", "尺碼 size", "size 尺码", "尺码 size"),
    )
)
"""A merged header over a size matrix."""


def _table(entries: Mapping[str, str]) -> Mapping[str, str]:
    out: dict[str, str] = {}
    for name, words in entries.items():
        for word in (name, *words.split("|")):
            out[plain(word)] = name
    return MappingProxyType(out)


@cache
def column_index(table: str) -> Mapping[str, str]:
    """Every word of the table's columns, each with its canonical name."""
    return _table({c.name: COLUMN_WORDS[table].get(c.name, c.name) for c in TABLES[table].columns})


@cache
def setting_index() -> Mapping[str, str]:
    """Every word of the settings' keys."""
    return _table({c.name: SETTING_WORDS.get(c.name, c.name) for c in SETTINGS.columns})


@cache
def table_index() -> Mapping[str, str]:
    """Every word of a table's name."""
    return _table(TABLE_WORDS)


@cache
def choice_index(column: str) -> Mapping[str, str]:
    """Every word of a choice column."""
    return _table(CHOICE_WORDS[column])
