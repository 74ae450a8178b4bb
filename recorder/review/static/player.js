// The player: one moment at a time, its picture, its place on the line and in the list.

import { ask, captionInto, made, onKey, say, sayError } from "./api.js";
import { makeList } from "./list.js";
import { drawMarks, light } from "./overlay.js";
import { makeStore } from "./pictures.js";

const root = document.getElementById("player");
const by = (id) => document.getElementById(id);
const { episode, source } = root.dataset;
const store = makeStore(source);
const canvas = by("picture");
const marks = by("marks");
const still = matchMedia("(prefers-reduced-motion: reduce)");

// What stands on the screen now; decisions name it.
export const now = { moment: null, painted: null };
const listeners = [];
export const whenShown = (act) => listeners.push(act);
export { episode, marks, store };

let looks = () => false;
const list = makeList(by("rows"), source, (index) => go(index), (row) => looks(row));
export function lookOfRows(test) {
  looks = test;
  list.draw();
}

// The last wish counts: what was asked for before it and comes later is not shown.
let asked = 0;

export async function go(index, place, wish = ++asked) {
  if (wish !== asked) return;
  try {
    const [found, at] = await Promise.all([
      store.both(index),
      place === undefined ? list.beside(index, "here") : { place },
    ]);
    if (wish !== asked) return;
    paint(found);
    await list.select(index, at.place);
    if (!left) ahead(index);
  } catch (error) {
    sayError(error);
  }
}

function paint({ moment, picture, trouble }) {
  now.moment = moment;
  now.painted = picture ? { frame_id: picture.frame, sha256: picture.sha256 } : null;
  by("no-picture").hidden = Boolean(picture);
  by("no-picture").textContent = trouble ? "This picture cannot be read." : "No picture was kept here.";
  if (picture) {
    canvas.width = picture.bitmap.width;
    canvas.height = picture.bitmap.height;
    canvas.getContext("2d").drawImage(picture.bitmap, 0, 0);
  }
  canvas.setAttribute("aria-label", moment.says);
  if (moment.frame && by("show-marks").checked) drawMarks(marks, moment);
  else marks.replaceChildren();
  words(moment);
  for (const act of listeners) act(moment);
}

function words(moment) {
  by("clock").textContent = `${moment.clock} (${moment.offset})`;
  const place = [moment.app, moment.title, moment.host].filter(Boolean).join(" · ");
  by("window").textContent = place || "No window known";
  captionInto(by("caption"), moment.caption);
  by("says").textContent = moment.says;
  const scrub = by("scrub");
  scrub.value = Math.floor(moment.t_ns / 1e6);
  scrub.setAttribute("aria-valuetext", `${moment.offset}, ${moment.clock}`);
  by("whys").replaceChildren(...(moment.whys.length ? moment.whys.map(whyLine) : [made("li", "Nothing was taken out here.")]));
}

function whyLine({ mark, why }) {
  const line = made("li", undefined, { tabindex: "0" });
  line.append(made("mark", mark), made("span", ` ${why}`));
  for (const name of ["pointerenter", "focus"]) line.addEventListener(name, () => light(marks, mark));
  for (const name of ["pointerleave", "blur"]) line.addEventListener(name, () => light(marks, null));
  return line;
}

const AHEAD = 3;

// Fetches what lies ahead and one step back, so that the next step only draws.
async function ahead(index) {
  for (const [way, count] of [["next", AHEAD], ["previous", 1]]) {
    let from = index;
    for (let n = 0; n < count && now.moment?.index === index; n += 1) {
      try {
        const found = await list.beside(from, way);
        if (found.index === null) break;
        await store.both(found.index);
        from = found.index;
      } catch {
        break;
      }
    }
  }
}

export async function step(way) {
  if (!now.moment) return false;
  const wish = ++asked;
  const found = await list.beside(now.moment.index, way);
  if (found.index === null) {
    say(way === "next" ? "That was the last one." : "That was the first one.");
    return false;
  }
  await go(found.index, found.place, wish);
  return true;
}

// A key that is held asks faster than pictures come: steps that are asked for while one is on
// its way are taken together, and only where they lead is fetched.
let walking = false;
let left = 0;

async function walk(way) {
  const by = way === "next" ? 1 : -1;
  if (walking) {
    left += by;
    return;
  }
  walking = true;
  try {
    await step(way);
    while (left) await leap(left);
  } finally {
    walking = false;
    left = 0;
  }
}

async function leap(lines) {
  left = 0;
  const place = Math.min(Math.max(list.place + lines, 0), list.total - 1);
  const wish = ++asked;
  if (place === list.place) await step(lines > 0 ? "next" : "previous");
  else await go(await list.at(place), place, wish);
}

let playing = 0;

async function play() {
  const mine = ++playing;
  const button = by("play");
  button.setAttribute("aria-pressed", "true");
  button.textContent = "Pause";
  while (mine === playing) {
    const before = now.moment.t_ns;
    if (!(await step("next"))) break;
    const wait = (now.moment.t_ns - before) / 1e6;
    await new Promise((done) => { setTimeout(done, Math.min(Math.max(wait, still.matches ? 700 : 250), 1200)); });
  }
  if (mine === playing) pause();
}

function pause() {
  playing += 1;
  by("play").setAttribute("aria-pressed", "false");
  by("play").textContent = "Play";
}

const toggle = () => (by("play").getAttribute("aria-pressed") === "true" ? pause() : play());
const stepping = (way) => () => { pause(); walk(way).catch(sayError); };

async function end(way) {
  pause();
  const wish = ++asked;
  const at = await ask(`${source}/step?view=${list.view}&index=${way === "first" ? 0 : root.dataset.total}&by=here`);
  if (at.index !== null) await go(at.index, at.place, wish);
}

async function seek(ms) {
  pause();
  const wish = ++asked;
  try {
    const found = await ask(`${source}/moment/0?t=${Math.round(ms * 1e6)}`);
    await go(found.index, undefined, wish);
  } catch (error) {
    sayError(error);
  }
}

async function setView(name) {
  by("view").value = name;
  try {
    const total = await list.show(name, now.moment ? now.moment.index : Number(root.dataset.at));
    by("count").textContent = `${total.toLocaleString("en")} lines`;
  } catch (error) {
    sayError(error);
  }
}

by("next").addEventListener("click", stepping("next"));
by("previous").addEventListener("click", stepping("previous"));
by("play").addEventListener("click", toggle);
by("view").addEventListener("change", () => setView(by("view").value));
by("scrub").addEventListener("change", () => seek(Number(by("scrub").value)));
by("show-marks").addEventListener("change", () => {
  if (now.moment?.frame && by("show-marks").checked) drawMarks(marks, now.moment);
  else marks.replaceChildren();
});
by("timeline").addEventListener("click", (event) => {
  const strip = event.target.closest(".strip");
  if (!strip) return;
  const box = strip.getBoundingClientRect();
  seek(((event.clientX - box.left) / box.width) * (Number(root.dataset.end) / 1e6));
});
for (const [key, way] of [["ArrowRight", "next"], ["j", "next"], ["ArrowLeft", "previous"], ["k", "previous"]]) {
  onKey(key, stepping(way));
}
// Up and down scroll the page, as everywhere, but step where the list has the focus.
by("rows").addEventListener("keydown", (event) => {
  const way = { ArrowDown: "next", ArrowUp: "previous" }[event.key];
  if (!way) return;
  event.preventDefault();
  stepping(way)();
});
onKey(" ", toggle);
onKey("Home", () => end("first"));
onKey("End", () => end("last"));
onKey("m", () => by("show-marks").click());
onKey("f", () => {
  const views = [...by("view").options].map((option) => option.value);
  setView(views[(views.indexOf(by("view").value) + 1) % views.length]);
});

if (Number(root.dataset.total) > 0) {
  setView("all").then(() => go(Number(root.dataset.at)));
} else {
  by("no-picture").hidden = false;
  by("no-picture").textContent = "Nothing is stored in this recording.";
}
