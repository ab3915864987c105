"""Compiled parts of the model: the zone table, and work in calendars. Arrays as documented in :mod:`fong.model.problem`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fong._kernels import njit

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@njit
def takacs_wait(k: int, rho: float, c2: float) -> float:
    """f = 1/E - 1 - ρ of M/G/1//k with gamma service (c2 → 0: constant), in mean runs. k >= 1."""
    b = 1.0
    binomial = 1.0
    s = 1.0
    for j in range(1, k):
        if abs(c2) > 1e-9:
            x = math.log(max(1e-12, 1.0 + j * rho * c2)) / c2  # c2 < 0 only at the nodes beyond the table's edge
        else:
            x = j * rho
        b *= math.expm1(x)
        binomial *= (k - j) / j
        s += binomial * b
        if s > 1e300:  # saturated: the tender is always busy
            break
    load = k * rho
    return (load + 1.0 / s) - 1.0 - rho


@njit
def crowd_wait(k: int, tenders: int, rho: float) -> float:
    """f of M/M/R//k, in mean runs."""
    p = 1.0
    total = 1.0
    down = 0.0
    for n in range(1, k + 1):
        p *= (k - n + 1) * rho / min(n, tenders)
        total += p
        down += n * p
        if total > 1e250:
            p *= 1e-200
            total *= 1e-200
            down *= 1e-200
    up = 1.0 - down / total / k
    return 1.0 / up - 1.0 - rho


@njit
def relative_wait(tenders: int, k: int, rho: float, c2: float) -> float:
    """f(R, k, ρ, c²): mean wait of a call in mean runs k/λ."""
    if k <= 1:
        return 0.0
    if tenders == 1:
        return max(0.0, takacs_wait(k, rho, c2))
    if k <= tenders:
        return 0.0
    base = crowd_wait(k, tenders, rho)
    one = takacs_wait(k, rho / tenders, 1.0)
    if one <= 0.0:
        return max(0.0, base)
    return max(0.0, base * takacs_wait(k, rho / tenders, c2) / one)


@njit
def fill_waits(grid: F64, table: F64) -> None:
    """Fill ``table`` with ln f at the nodes of ``grid`` (see :func:`fong.model.zones.wait_table`); -700 where f = 0."""
    n_r, n_c = int(grid[4]), int(grid[7])
    at = 0
    for r in range(1, int(grid[0]) + 1):
        for k in range(2, int(grid[1]) + 1):
            for i in range(n_r):
                rho = math.exp(grid[2] + i * grid[3])
                for j in range(n_c):
                    f = relative_wait(r, k, rho, math.expm1(grid[5] + j * grid[6]))
                    table[at] = math.log(f) if f > 1e-300 else -700.0
                    at += 1


@njit(allocates=False)
def _cubic(x: float, at: int) -> float:
    """Lagrange weight of node ``at`` (0…3 at -1, 0, 1, 2) for x in [0, 1]."""
    if at == 0:
        return -x * (x - 1.0) * (x - 2.0) / 6.0
    if at == 1:
        return (x + 1.0) * (x - 1.0) * (x - 2.0) / 2.0
    if at == 2:
        return -(x + 1.0) * x * (x - 2.0) / 2.0
    return (x + 1.0) * x * (x - 1.0) / 6.0


@njit(allocates=False)
def table_wait(grid: F64, table: F64, tenders: int, k: int, rho: float, c2: float) -> float:
    """f(R, k, ρ, c²) by the table; by the formula outside it."""
    if k <= 1 or k <= tenders:
        return 0.0
    n_r, n_c = int(grid[4]), int(grid[7])
    x = (math.log(rho) - grid[2]) / grid[3]
    y = (math.log1p(max(0.0, c2)) - grid[5]) / grid[6]
    i, j = int(math.floor(x)), int(math.floor(y))
    outside = i < 1 or j < 1 or i + 2 >= n_r or j + 2 >= n_c
    if outside or tenders > grid[0] or k > grid[1]:
        return relative_wait(tenders, k, rho, c2)
    base = ((tenders - 1) * (int(grid[1]) - 1) + (k - 2)) * n_r * n_c
    value = 0.0
    for a in range(4):
        row = base + (i - 1 + a) * n_c + j - 1
        part = 0.0
        for b in range(4):
            part += _cubic(y - j, b) * table[row + b]
        value += _cubic(x - i, a) * part
    return math.exp(value)


@njit(allocates=False)
def zone_wait(grid: F64, table: F64, tenders: int, k: int, rate: float, load: float, square: float) -> tuple[int, int]:
    """Mean wait of a call and use of a tender, from pooled sums over the k running tasks that have calls.

    Parameters: ``rate`` Σ 1/Cᵢ, ``load`` Σ aᵢ/Cᵢ, ``square`` Σ aᵢ²(1+cvᵢ²)/Cᵢ, all in seconds. Returns w in ms (rounded up) and U in
    millionths. tenders >= 1.
    """
    if k <= 0 or load <= 0.0:
        return 0, 0
    mean = load / rate
    rho = load / k
    f = table_wait(grid, table, tenders, k, rho, square / rate / (mean * mean) - 1.0)
    wait_ms = int(math.ceil(k / rate * f * 1000.0))
    return wait_ms, min(999_000, int(1e6 * load / (1.0 + rho + f) / tenders))
