// Deleting and approving what the player shows; each decision names the picture on the screen.

import { ask, made, onKey, say, sayError } from "./api.js";
import { decide } from "./changes.js";
import { startBoxes } from "./paint.js";
import { episode, lookOfRows, now, whenShown } from "./player.js";

const by = (id) => document.getElementById(id);
const range = { start: null, end: null };

const painted = (...marks) => marks.filter(Boolean);

function mark(which) {
  if (!now.moment) return;
  range[which] = { t_ns: now.moment.t_ns, clock: now.moment.clock, painted: now.painted };
  if (range.start && range.end && range.end.t_ns < range.start.t_ns) {
    range[which === "start" ? "end" : "start"] = range[which];
  }
  showRange();
}

// A range of one moment still holds that moment: it ends one millisecond later.
const endOf = () => range.end.t_ns + 1_000_000;
const whole = () => Boolean(range.start && range.end);

function showRange() {
  by("range").hidden = !range.start && !range.end;
  const start = range.start?.clock ?? "…";
  const end = range.end?.clock ?? "…";
  by("range-says").textContent = `${start} to ${end}`;
  by("delete-range").disabled = !whole();
  by("approve-range").textContent = whole() ? `${start} to ${end}` : "(none is marked)";
  const choice = document.querySelector("input[name=extent][value=range]");
  choice.disabled = !whole();
  if (!whole()) document.querySelector("input[name=extent][value=all]").checked = true;
  lookOfRows((row) => whole() && row.t_ns >= range.start.t_ns && row.t_ns <= range.end.t_ns);
}

function clear() {
  range.start = null;
  range.end = null;
  showRange();
}

async function deleteRange() {
  if (!whole()) {
    say("Mark a start with i and an end with o first.");
    return;
  }
  const marks = painted(range.start.painted, range.end.painted);
  const decision = { kind: "range", episode, start_ns: range.start.t_ns, end_ns: endOf(), painted: marks };
  if (await decide(decision)) clear();
}

function dropTyped() {
  const seqs = now.moment?.seqs;
  if (!seqs) {
    say("Nothing is typed here.");
    return;
  }
  decide({ kind: "typed", episode, first_seq: seqs[0], last_seq: seqs[1], painted: painted(now.painted) });
}

async function openMore() {
  const { app, app_id: appId, site } = now.moment ?? {};
  by("delete-app").hidden = !appId;
  by("delete-app").textContent = `All of ${app} in this recording`;
  by("delete-site").hidden = !site;
  by("delete-site").textContent = `All of ${now.moment?.host} in this recording`;
  try {
    const { tasks } = await ask(`episode/${episode}/tasks`);
    by("label-form").hidden = tasks.length === 0;
    by("task").replaceChildren(...tasks.map((task) => made("option", `${task.clock} ${task.instruction}`, { value: task.seq })));
  } catch (error) {
    sayError(error);
  }
  by("more").showModal();
}

async function closing(dialog, decision) {
  if (await decide({ episode, painted: painted(now.painted), ...decision })) by(dialog).close();
}

function approve(event) {
  event.preventDefault();
  const isRange = document.querySelector("input[name=extent]:checked").value === "range";
  const extent = isRange ? { start_ns: range.start.t_ns, end_ns: endOf() } : {};
  const marks = isRange ? painted(range.start.painted, range.end.painted) : painted(now.painted);
  closing("approve", { kind: "approve", study: by("study").value.trim(), ...extent, painted: marks });
}

by("mark-in").addEventListener("click", () => mark("start"));
by("mark-out").addEventListener("click", () => mark("end"));
by("delete-range").addEventListener("click", deleteRange);
by("clear-range").addEventListener("click", clear);
by("drop-typed").addEventListener("click", dropTyped);
by("more-button").addEventListener("click", openMore);
by("more-close").addEventListener("click", () => by("more").close());
by("delete-app").addEventListener("click", () => closing("more", { kind: "app", app_id: now.moment.app_id }));
by("delete-site").addEventListener("click", () => closing("more", { kind: "site", host: now.moment.site }));
by("delete-episode").addEventListener("click", () => closing("more", { kind: "episode" }));
by("label-form").addEventListener("submit", (event) => {
  event.preventDefault();
  closing("more", { kind: "label", seq: Number(by("task").value), instruction: by("label").value });
});
by("drop-label").addEventListener("click", () => closing("more", { kind: "label", seq: Number(by("task").value), instruction: null }));
by("approve-button").addEventListener("click", () => by("approve").showModal());
by("approve-close").addEventListener("click", () => by("approve").close());
by("approve-form").addEventListener("submit", approve);
onKey("i", () => mark("start"));
onKey("o", () => mark("end"));
onKey("d", deleteRange);
onKey("t", dropTyped);
onKey("a", () => by("approve").showModal());
whenShown((moment) => { by("drop-typed").disabled = !moment.seqs; });
startBoxes(closing);
