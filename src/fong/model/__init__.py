"""The nouns, and what they mean: Factory, Order, Schedule, Performance, State, Problem, Variability. Every other room is a verb on these."""

from fong.model.factory import (
    AtGap,
    BillLine,
    Calendar,
    Factory,
    Item,
    Machine,
    Person,
    Receipt,
    Settings,
    Setup,
    Span,
    Speed,
    Step,
    Store,
    Tool,
)
from fong.model.message import Fault, Message, Param, Place, message
from fong.model.order import OrderLine, State, WorkInProgress, Workshop
from fong.model.performance import Performance, WorkEvent
from fong.model.problem import MICRO, NEVER, Feature, Names, Problem
from fong.model.schedule import Schedule
from fong.model.variability import Variability, variability_of

__all__ = [
    "MICRO",
    "NEVER",
    "AtGap",
    "BillLine",
    "Calendar",
    "Factory",
    "Fault",
    "Feature",
    "Item",
    "Machine",
    "Message",
    "Names",
    "OrderLine",
    "Param",
    "Performance",
    "Person",
    "Place",
    "Problem",
    "Receipt",
    "Schedule",
    "Settings",
    "Setup",
    "Span",
    "Speed",
    "State",
    "Step",
    "Store",
    "Tool",
    "Variability",
    "WorkEvent",
    "WorkInProgress",
    "Workshop",
    "message",
    "variability_of",
]
