// Painting out: a box drawn with the pointer or the keys, and the pictures that it changes.

import { ask, made, onKey, say, sayError } from "./api.js";
import { shape } from "./overlay.js";
import { episode, marks, now, store } from "./player.js";

const by = (id) => document.getElementById(id);
const screen = by("screen");
const SHOWN = 24;
const LEAST = 4;

let box = null;
let frame = null;
let drawing = null;
let groups = [];
let decideAndClose = null;

export function startBoxes(closing) {
  decideAndClose = closing;
  by("box-tool").addEventListener("click", toggle);
  onKey("b", toggle);
  by("paint-here").addEventListener("click", () => decide([{ frames: [frame.frame_id], sha256: frame.sha256, box }]));
  by("paint-window").addEventListener("click", preview);
  by("paint-all").addEventListener("click", () => decide(groups.filter((group) => group.chosen)));
  by("paint-close").addEventListener("click", () => by("paint").close());
  by("paint").addEventListener("close", stop);
  by("previews-more").addEventListener("click", more);
}

const isOn = () => by("box-tool").getAttribute("aria-pressed") === "true";
const toggle = () => (isOn() ? stop() : start());

function start() {
  if (!now.painted || !now.moment?.frame) {
    say("There is no picture here to paint in.");
    return;
  }
  frame = { ...now.painted, width: now.moment.frame.width, height: now.moment.frame.height };
  const [w, h] = [Math.round(frame.width / 5), Math.round(frame.height / 12)];
  box = { x: Math.round((frame.width - w) / 2), y: Math.round((frame.height - h) / 2), w, h };
  by("box-tool").setAttribute("aria-pressed", "true");
  screen.classList.add("drawing");
  screen.setAttribute("tabindex", "0");
  screen.setAttribute("role", "application");
  screen.setAttribute("aria-label", "Box to paint out: arrows move it, with Shift they change its size, Enter takes it, Escape leaves");
  screen.focus();
  draw();
  say("Drag over the picture, or use the arrow keys; Enter takes the box.");
}

function stop() {
  by("box-tool").setAttribute("aria-pressed", "false");
  screen.classList.remove("drawing");
  for (const name of ["tabindex", "role", "aria-label"]) screen.removeAttribute(name);
  marks.querySelector(".draft")?.remove();
  drawing = null;
}

function draw() {
  marks.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  marks.querySelector(".draft")?.remove();
  marks.append(shape("rect", { x: box.x, y: box.y, width: box.w, height: box.h, class: "draft" }));
}

function within(found) {
  const x = Math.min(Math.max(0, found.x), frame.width - LEAST);
  const y = Math.min(Math.max(0, found.y), frame.height - LEAST);
  const w = Math.max(LEAST, Math.min(found.w, frame.width - x));
  const h = Math.max(LEAST, Math.min(found.h, frame.height - y));
  return { x: Math.round(x), y: Math.round(y), w: Math.round(w), h: Math.round(h) };
}

function place(event) {
  const area = by("picture").getBoundingClientRect();
  const scale = Math.min(area.width / frame.width, area.height / frame.height);
  const left = area.left + (area.width - frame.width * scale) / 2;
  const top = area.top + (area.height - frame.height * scale) / 2;
  return { x: (event.clientX - left) / scale, y: (event.clientY - top) / scale };
}

screen.addEventListener("pointerdown", (event) => {
  if (!isOn()) return;
  drawing = place(event);
  screen.setPointerCapture(event.pointerId);
  event.preventDefault();
});

screen.addEventListener("pointermove", (event) => {
  if (!drawing) return;
  const at = place(event);
  box = within({
    x: Math.min(at.x, drawing.x), y: Math.min(at.y, drawing.y),
    w: Math.abs(at.x - drawing.x), h: Math.abs(at.y - drawing.y),
  });
  draw();
});

screen.addEventListener("pointerup", () => {
  if (!drawing) return;
  drawing = null;
  open();
});

const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

screen.addEventListener("keydown", (event) => {
  if (!isOn()) return;
  const move = MOVES[event.key];
  const by_px = event.altKey ? 1 : 16;
  if (move) {
    const [dx, dy] = [move[0] * by_px, move[1] * by_px];
    box = within(event.shiftKey ? { ...box, w: box.w + dx, h: box.h + dy } : { ...box, x: box.x + dx, y: box.y + dy });
    draw();
  } else if (event.key === "Enter") {
    open();
  } else if (event.key === "Escape") {
    stop();
    by("box-tool").focus();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
});

function open() {
  groups = [];
  by("previews").replaceChildren();
  by("previews-more").hidden = true;
  by("paint-all").hidden = true;
  by("paint-window").hidden = false;
  by("paint-says").textContent = `A box of ${box.w} by ${box.h} pixels. The pixels under it go for good.`;
  by("paint").showModal();
}

async function preview() {
  by("paint-says").textContent = "Looking for the window in the other pictures.";
  try {
    const asked = `frame=${frame.frame_id}&x=${box.x}&y=${box.y}&w=${box.w}&h=${box.h}`;
    groups = (await ask(`episode/${episode}/affected?${asked}`)).pictures;
  } catch (error) {
    sayError(error);
    return;
  }
  for (const group of groups) group.chosen = true;
  by("paint-window").hidden = true;
  by("paint-all").hidden = false;
  by("previews").replaceChildren();
  count();
  more();
}

function count() {
  const chosen = groups.filter((group) => group.chosen);
  const pictures = chosen.reduce((sum, group) => sum + group.frames.length, 0);
  const unsure = groups.filter((group) => group.unsure);
  const told = unsure.length ? ` ${unsure.length} of those below are not certain: look at each.` : "";
  by("paint-says").textContent = `The window shows in ${groups.reduce((sum, group) => sum + group.frames.length, 0)} pictures, ${groups.length} of them different.${told}`;
  by("paint-all").textContent = `Paint out in ${pictures} pictures`;
  by("paint-all").disabled = pictures === 0;
}

// Those that are not certain come first: they are the ones to look at.
function more() {
  const ordered = [...groups].sort((a, b) => Boolean(b.unsure) - Boolean(a.unsure));
  const list = by("previews");
  const from = list.children.length;
  for (const group of ordered.slice(from, from + SHOWN)) list.append(tile(group));
  by("previews-more").hidden = list.children.length >= groups.length;
}

function tile(group) {
  const item = made("li", undefined, { class: group.unsure ? "unsure" : "" });
  const canvas = made("canvas", undefined, { width: 320, height: 180, role: "img" });
  const label = made("label", undefined, { class: "toggle" });
  const check = made("input", undefined, { type: "checkbox" });
  const times = group.frames.length > 1 ? `, ${group.frames.length} times` : "";
  check.checked = group.chosen;
  check.addEventListener("change", () => { group.chosen = check.checked; count(); });
  canvas.setAttribute("aria-label", `Picture of ${group.clock} with the box`);
  label.append(check, made("span", `${group.clock}${times}`));
  item.append(canvas, label);
  if (group.unsure) item.append(made("small", `Not certain: ${group.unsure}`));
  fill(canvas, group);
  return item;
}

async function fill(canvas, group) {
  try {
    const { bitmap } = await store.picture(group.frames[0]);
    canvas.height = Math.round((canvas.width * bitmap.height) / bitmap.width);
    const scale = canvas.width / bitmap.width;
    const pen = canvas.getContext("2d");
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const { x, y, w, h } = group.box;
    pen.fillStyle = "rgb(161 28 28 / 0.55)";
    pen.fillRect(x * scale, y * scale, w * scale, h * scale);
    pen.lineWidth = 2;
    pen.strokeStyle = "#fff";
    pen.strokeRect(x * scale, y * scale, w * scale, h * scale);
  } catch {
    canvas.setAttribute("aria-label", "This picture cannot be read");
  }
}

function decide(chosen) {
  const boxes = chosen.map((group) => ({ frames: group.frames, sha256: group.sha256, ...group.box }));
  const painted = [{ frame_id: frame.frame_id, sha256: frame.sha256 }];
  decideAndClose("paint", { kind: "paint", boxes, painted });
}
