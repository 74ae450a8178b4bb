// A click on the time line of a day leads to that moment; j and k to the days beside.

import { base, onKey } from "./api.js";

const line = document.getElementById("timeline");
const jumps = JSON.parse(line.dataset.jumps);

line.addEventListener("click", (event) => {
  const strip = event.target.closest(".strip");
  if (!strip) return;
  const box = strip.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * 1000;
  const hit = jumps.find(([start, end]) => x >= start && x <= end);
  if (!hit) return;
  const [start, end, id, endNs] = hit;
  const at = Math.round(((x - start) / Math.max(end - start, 0.001)) * endNs);
  location.assign(`${base}/episode/${id}?at=${at}`);
});

onKey("j", () => document.getElementById("later")?.click());
onKey("k", () => document.getElementById("earlier")?.click());
