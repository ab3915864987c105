"""The zone table: how long a machine waits for a tender, by how many others run (semantics.md, "fluid rates").

A zone's k running tasks call R tenders at rate λ = Σ 1/Cᵢ in all, with mean service s̄ and squared coefficient of variation c² of the
pooled services; ρ = s̄·λ/k. The mean wait of a call is ``w = (k/λ)·f(R, k, ρ, c²)``.

R = 1: Takács' M/G/1//k with gamma service, ``φ(j) = (1 + jρc²)^(-1/c²)``: B₀ = 1, B_j = B_{j-1}·(1-φ(j))/φ(j),
S = Σ C(k-1, j)·B_j, U = kρS/(1 + kρS), E = U/(kρ), f = 1/E - 1 - ρ.
R > 1: M/M/R//k, corrected by the one-server ratio of M/G/1 to M/M/1 at equal load (service a/R).

Source: L. Takács, *Introduction to the Theory of Queues* (1962), ch. 5; K. E. Stecke & J. E. Aronson, "Review of operator/machine
interference models", Int. J. Prod. Res. 23 (1985). Figures: golden cases 3, 4, 6 of the tests.

:func:`exact_wait` is the formula; :func:`wait_table` compiles it into a table over (R, k, ln ρ, ln(1 + c²)) which
:mod:`fong.model._kernels` interpolates by cubic Lagrange to well within 0.1 s or 0.1 %, whichever is larger. The table is a definition
shared by plan and check; the simulator never reads it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fong.model._kernels import fill_waits, relative_wait
from fong.model.problem import F64

RHO_STEP = 0.06
C2_STEP = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneFigures:
    """Steady figures of a zone: wait of a call in seconds, machine efficiency, use of each tender (0 to 1)."""

    wait_s: float
    efficiency: float
    use: float


def exact_wait(tenders: int, run_s: list[float], service_s: list[float], service_cv: list[float]) -> ZoneFigures:
    """The formula for given running tasks, without the table.

    Parameters
    ----------
    tenders
        R ≥ 1 on duty.
    run_s, service_s, service_cv
        Per running task: machine time per call Cᵢ > 0 (s), mean service aᵢ > 0 (s), its coefficient of variation ≥ 0.
    """
    k = len(run_s)
    if tenders < 1 or k < 1 or min(run_s) <= 0 or min(service_s) <= 0:
        msg = f"wanted at least one tender and one task with calls, found {tenders} and {k}"
        raise ValueError(msg)
    rate = sum(1 / c for c in run_s)
    mean = sum(a / c for a, c in zip(service_s, run_s, strict=True)) / rate
    square = sum(a * a * (1 + v * v) / c for a, c, v in zip(service_s, run_s, service_cv, strict=True))
    c2 = square / rate / mean**2 - 1
    rho = mean * rate / k
    f = float(relative_wait(tenders, k, rho, c2))
    return ZoneFigures(wait_s=k / rate * f, efficiency=1 / (1 + rho + f), use=k * rho / (1 + rho + f) / tenders)


def wait_table(tenders: int, tasks: int, rho: tuple[float, float], c2: tuple[float, float]) -> tuple[F64, F64]:
    """Tabulate ln f for R = 1…tenders, k = 2…tasks and the given ranges of ρ and c².

    Returns
    -------
    grid
        [8] R, k, first ln ρ, its step, its nodes, first ln(1+c²), its step, its nodes.
    table
        ln f, flattened over (R, k, ρ, c²).
    """
    lo_r, n_r = _axis(math.log(rho[0]), math.log(rho[1]), RHO_STEP)
    lo_c, n_c = _axis(math.log1p(c2[0]), math.log1p(c2[1]), C2_STEP)
    grid = np.array([tenders, tasks, lo_r, RHO_STEP, n_r, lo_c, C2_STEP, n_c], np.float64)
    table = np.zeros(tenders * max(0, tasks - 1) * n_r * n_c, np.float64)
    fill_waits(grid, table)
    return grid, table


def _axis(low: float, high: float, step: float) -> tuple[float, int]:
    """First node and number of nodes: two nodes beyond each end, for the cubic."""
    first = low - 2 * step
    return first, math.ceil((high - low) / step) + 5
