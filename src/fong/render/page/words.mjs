// Words in three languages: sentences from templates, lengths of time, moments. Pure.
// The same rules as the package's own catalogues (`fong.lang`), so that page and terminal say the same.

import { DAY, HOUR, MINUTE } from "./scale.mjs";

const PLACE = /\{(\w+)(?::([^{}]*))?\}/g;

export class Words {
  /** `texts`: {language: {key: template}}; `templates`: {language: [template]} for messages. */
  constructor(texts, templates, language) {
    this.texts = texts;
    this.templates = templates;
    this.language = language;
  }

  /** A text of the page. */
  text(key, values = {}) {
    return this.fill(this.texts[this.language][key], values);
  }

  /** A message: [number of the template, {name: value}]; a moment is [seconds on the wall clock]. */
  message([template, values]) {
    return this.fill(this.templates[this.language][template], values);
  }

  fill(template, values) {
    return template
      .replace(PLACE, (_, name, spec = "") => this.value(values[`${name}:${spec}`] ?? values[name], spec))
      .replaceAll("{{", "{")
      .replaceAll("}}", "}");
  }

  value(value, spec) {
    if (spec.includes("|")) return spec.split("|")[value === 1 ? 0 : 1];
    if (spec === "duration") return this.duration(value);
    if (spec === "quoted") return this.language === "zh-Hant" ? `「${value}」` : `“${value}”`;
    if (Array.isArray(value)) return this.moment(value[0], spec !== "date");
    return typeof value === "number" && !spec ? String(value) : value;
  }

  /** A length of time as people say it, two units at most. */
  duration(seconds) {
    const sign = seconds < 0 ? "−" : "";
    let s = Math.abs(Math.trunc(seconds));
    if (s >= MINUTE) s = Math.floor((s + MINUTE / 2) / MINUTE) * MINUTE;
    const parts = [Math.floor(s / DAY), Math.floor(s / HOUR) % 24, Math.floor(s / MINUTE) % 60, s % 60];
    const units = this.texts[this.language].units.split("|");
    const said = parts.flatMap((n, i) => (n ? [units[i].replace("#", n)] : [])).slice(0, 2);
    return sign + (said.join(" ") || units[3].replace("#", 0));
  }

  names(key) {
    return this.texts[this.language][key].split("|");
  }

  /** A moment on the wall clock: `Tue 3 Mar 14:30`. */
  moment(local, withTime = true) {
    return this.date(local) + (withTime ? ` ${time(local)}` : "");
  }

  /** A day; without its month where there is little room. */
  date(local, short = false) {
    const day = new Date(local * 1000);
    return this.fill(this.texts[this.language][short ? "date_short" : "date"], {
      weekday: this.names("weekdays")[(day.getUTCDay() + 6) % 7],
      day: day.getUTCDate(),
      month: this.names("months")[day.getUTCMonth()],
    });
  }

  month(local) {
    const day = new Date(local * 1000);
    return this.fill(this.texts[this.language].month, {
      month: this.names("months")[day.getUTCMonth()],
      year: day.getUTCFullYear(),
    });
  }
}

/** Hours and minutes on the wall clock. */
export function time(local) {
  const day = new Date(local * 1000);
  return `${String(day.getUTCHours()).padStart(2, "0")}:${String(day.getUTCMinutes()).padStart(2, "0")}`;
}
