"""Compiled: people who are held, now or later."""

from __future__ import annotations

from fong._kernels import (
    inner,
)
from fong.plan.decode._kernels_layout import (
    BOOKINGS,
    E_PERSON,
    F_PERSON_CAL,
    F_PERSON_SKILLS,
    F_PERSON_ZONE,
    F_SKILL_OUT,
    F_SKILL_PERSON,
    F_SKILL_PTR,
    FREE_AT,
    G_END,
    LOAD,
    NEVER,
    PPM,
    SET_UNIT,
    Z_USE,
    K,
    of_booking,
    of_person,
    of_zone,
)
from fong.plan.decode._kernels_time import (
    closes,
    is_open,
    next_open,
    push,
    work_end,
)


@inner
def booked(k: K, who: int, a: int, b: int) -> bool:
    """Whether the person has a booking that overlaps [a, b)."""
    i32, i64 = k.c, k.w
    if i64[of_person(i32, who, 3)] == 0:
        return False
    for i in range(BOOKINGS):
        if i64[of_booking(i32, who, i, 0)] < b and a < i64[of_booking(i32, who, i, 1)]:
            return True
    return False


@inner
def choose_person(k: K, skill: int, cal: int, t: int, need: int, gap: int, overtime: int, hold: int) -> int:
    """The free person who would end ``need`` seconds of work first; fewest skills, then least load, break ties.

    ``hold`` > 0: only so long is the person needed (loading a batch). The end is left in g[G_END]. -1 if there is nobody.
    """
    i32, i64 = k.c, k.w
    best, best_end = (-1, NEVER)
    someone = False
    for i in range(i32[i32[F_SKILL_PTR] + skill], i32[i32[F_SKILL_PTR] + skill + 1]):
        who = i32[i32[F_SKILL_PERSON] + i]
        if (
            i32[i32[F_PERSON_ZONE] + who] >= 0
            or i64[of_person(i32, who, FREE_AT)] > t
            or (not is_open(k, i32[i32[F_PERSON_CAL] + who], t))
        ):
            continue
        someone = True
        end = work_end(k, cal, i32[i32[F_PERSON_CAL] + who], t, need, gap, overtime)
        if end < 0 or end > best_end or booked(k, who, t, end):
            continue
        if end == best_end and (
            i32[i32[F_PERSON_SKILLS] + who] > i32[i32[F_PERSON_SKILLS] + best]
            or (
                i32[i32[F_PERSON_SKILLS] + who] == i32[i32[F_PERSON_SKILLS] + best]
                and i64[of_person(i32, who, LOAD)] >= i64[of_person(i32, best, LOAD)]
            )
        ):
            continue
        best, best_end = (who, end)
    if not someone:
        i64[i32[F_SKILL_OUT] + skill] = t
    i64[G_END] = best_end
    return best


@inner
def choose_tender(k: K, skill: int, z: int, t: int, need: int, gap: int) -> int:
    """A tender of the zone for one of its set-ups: on duty, at no other set-up; who ends first by her hours at today's pace.

    The end is left in g[G_END]. -1 if there is nobody, or it ends sooner if the unit waits for one who is not on duty yet: her coming
    has all units of the zone looked at again.
    """
    i32, i64 = k.c, k.w
    best, best_end = (-1, NEVER)
    takes = -(-need * PPM // (PPM - i64[of_zone(i32, z, Z_USE)]))
    for i in range(i32[i32[F_SKILL_PTR] + skill], i32[i32[F_SKILL_PTR] + skill + 1]):
        who = i32[i32[F_SKILL_PERSON] + i]
        cal = i32[i32[F_PERSON_CAL] + who]
        if i32[i32[F_PERSON_ZONE] + who] != z or i64[of_person(i32, who, SET_UNIT)] >= 0 or not is_open(k, cal, t):
            continue
        if gap == 1 and t + max(4 * need, takes) > closes(k, cal, t):
            continue
        end = work_end(k, -1, cal, t, takes, 0, 0)
        if 0 <= end < best_end:
            best, best_end = (who, end)
    if (
        best >= 0
        and best_end > closes(k, i32[i32[F_PERSON_CAL] + best], t)
        and comes_in_time(k, skill, z, t, takes, best_end)
    ):
        best, best_end = (-1, NEVER)
    i64[G_END] = best_end
    return best


@inner
def comes_in_time(k: K, skill: int, z: int, t: int, takes: int, end: int) -> bool:
    """Whether a tender of the zone who is not on duty at t, and at no set-up, would end before ``end`` if she began when she comes."""
    i32, i64 = k.c, k.w
    for i in range(i32[i32[F_SKILL_PTR] + skill], i32[i32[F_SKILL_PTR] + skill + 1]):
        who = i32[i32[F_SKILL_PERSON] + i]
        cal = i32[i32[F_PERSON_CAL] + who]
        if i32[i32[F_PERSON_ZONE] + who] != z or i64[of_person(i32, who, SET_UNIT)] >= 0 or is_open(k, cal, t):
            continue
        begin = next_open(k, cal, t)
        if begin >= end:
            continue
        if 0 <= work_end(k, -1, cal, begin, takes, 0, 0) < end:
            return True
    return False


@inner
def hold_person(k: K, who: int, until: int, t: int) -> None:
    """Take a person until a moment, and have it noticed."""
    i32, i64 = k.c, k.w
    i64[of_person(i32, who, FREE_AT)] = until
    i64[of_person(i32, who, LOAD)] += until - t
    push(k, until, E_PERSON, who)
