// Time and pixels, and where the axis has its marks. Pure: no document, no clock.
// Times are seconds after the plan's epoch; a scale is {t0, per, width}: first second, seconds per pixel, pixels.

export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 86400;
const FINEST = 1; // seconds per pixel
const STEPS = [300, 900, 1800, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 7 * DAY, 28 * DAY];

/** The workshop's wall clock. `epoch` is in seconds since 1970 UTC, null for an instance without dates;
 * `offsets` are [from, seconds east of UTC], ascending. */
export class Clock {
  constructor(epoch, offsets) {
    this.dated = epoch !== null;
    this.epoch = epoch ?? 0;
    this.offsets = offsets.length ? offsets : [[0, 0]];
  }

  offset(t) {
    let i = this.offsets.length - 1;
    while (i > 0 && this.offsets[i][0] > t) i -= 1;
    return this.offsets[i][1];
  }

  /** What the wall shows, as seconds since 1970 in which every day has 86,400 seconds. */
  local(t) {
    return this.epoch + t + this.offset(t);
  }

  /** The moment at which the wall shows `local`: the first one where it does so twice, any near one where it never does. */
  moment(local) {
    const candidates = this.offsets.map(([, offset]) => local - this.epoch - offset);
    const right = candidates.filter((t) => this.local(t) === local);
    return Math.min(...(right.length ? right : candidates));
  }
}

export const xOf = (scale, t) => (t - scale.t0) / scale.per;
export const timeAt = (scale, x) => scale.t0 + x * scale.per;
export const endOf = (scale) => scale.t0 + scale.width * scale.per;

/** The scale nearest to the one wanted that keeps the plan in sight. */
export function bounded(scale, begin, end) {
  const width = Math.max(1, scale.width);
  const whole = Math.max(1, end - begin) * 1.08;
  const per = Math.min(Math.max(scale.per, FINEST), Math.max(FINEST, whole / width));
  const seen = per * width;
  const margin = seen * 0.04;
  const last = Math.max(begin - margin, end + margin - seen);
  return { width, per, t0: Math.min(Math.max(scale.t0, begin - margin), last) };
}

/** A scale that shows [from, to]. */
export function showing(from, to, width, begin, end) {
  return bounded({ t0: from, per: (to - from) / Math.max(1, width), width }, begin, end);
}

/** Closer by `factor` (> 1) or further away, while the time under pixel `x` stays there. */
export function zoomed(scale, x, factor, begin, end) {
  const whole = (Math.max(1, end - begin) * 1.08) / scale.width;
  const per = Math.min(Math.max(scale.per / factor, FINEST), Math.max(FINEST, whole));
  return bounded({ ...scale, per, t0: timeAt(scale, x) - x * per }, begin, end);
}

/** The same scale, moved by pixels. */
export function panned(scale, pixels, begin, end) {
  return bounded({ ...scale, t0: scale.t0 + pixels * scale.per }, begin, end);
}

/** The smallest step whose marks lie at least `gap` pixels apart. */
export function stepFor(per, gap) {
  return STEPS.find((step) => step / per >= gap) ?? STEPS.at(-1);
}

function numberMarks(scale, gap) {
  const rough = scale.per * gap;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].find((n) => n * power >= rough) * power);
  const minor = [];
  for (let t = Math.ceil(scale.t0 / step) * step; t < endOf(scale); t += step) minor.push({ t, kind: "number", local: t });
  return { minor, major: [], step };
}

/** The marks of the axis: {minor, major, step}; a mark is {t, kind, local}.
 * Hours below days, days below months, by the wall clock, so that a change of the clocks shows as it happens. */
export function marks(scale, clock, gap = 44) {
  if (!clock.dated) return numberMarks(scale, gap);
  const step = stepFor(scale.per, gap);
  const first = Math.floor(clock.local(scale.t0) / DAY) * DAY;
  const last = clock.local(endOf(scale));
  const minor = [];
  const major = [];
  for (let day = first; day <= last; day += DAY) {
    const t = clock.moment(day);
    const newMonth = new Date(day * 1000).getUTCDate() === 1;
    if (step < DAY) major.push({ t, kind: "day", local: day });
    else if (newMonth || day === first) major.push({ t, kind: "month", local: day });
    // 1970-01-01 was a Thursday: weeks begin on Mondays.
    const weekday = (((day / DAY + 3) % 7) + 7) % 7;
    if (step === DAY || (step === 7 * DAY && weekday === 0) || (step > 7 * DAY && newMonth)) {
      minor.push({ t, kind: "date", local: day });
    }
    for (let into = 0; step < DAY && into < DAY; into += step) {
      const local = day + into;
      const at = clock.moment(local);
      if (local <= last && clock.local(at) === local) minor.push({ t: at, kind: "hour", local });
    }
  }
  return { minor, major, step };
}
