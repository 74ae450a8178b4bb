// What is drawn over a picture: the pointer's way, clicks, drags, scrolls, what was taken out.

const SVG = "http://www.w3.org/2000/svg";

export function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function twice(name, attributes, haloClass, lineClass) {
  return [shape(name, { ...attributes, class: haloClass }), shape(name, { ...attributes, class: lineClass })];
}

function path(points) {
  return points.map(([x, y]) => `${x},${y}`).join(" ");
}

function arrow(x, y, dx, dy, size) {
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const head = [
    [x - size * (ux + uy * 0.6), y - size * (uy - ux * 0.6)],
    [x, y],
    [x - size * (ux - uy * 0.6), y - size * (uy + ux * 0.6)],
  ];
  return twice("polyline", { points: path(head) }, "halo", "line");
}

function pressed([x, y, button], size) {
  if (button === "left") return twice("circle", { cx: x, cy: y, r: size }, "ring-halo", "ring");
  const square = { x: x - size, y: y - size, width: 2 * size, height: 2 * size };
  return twice("rect", square, "ring-halo", "ring");
}

function scrolled([x, y, dx, dy], size) {
  const end = [x + Math.sign(dx) * size * 4, y - Math.sign(dy) * size * 4];
  const line = twice("polyline", { points: path([[x, y], end]) }, "halo", "line");
  return [...line, ...arrow(...end, end[0] - x, end[1] - y, size * 1.5)];
}

export function drawMarks(svg, moment) {
  const { frame, pointer } = moment;
  svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
  const size = Math.max(10, frame.width / 110);
  const found = frame.boxes
    .filter((box) => box.mark !== "scope")
    .map((box) => shape("rect", { x: box.x, y: box.y, width: box.w, height: box.h, class: "box", "data-mark": box.mark }));
  if (pointer.target) {
    const [x, y, width, height] = pointer.target;
    found.push(shape("rect", { x, y, width, height, class: "target" }));
  }
  if (pointer.trail.length > 1) {
    found.push(...twice("polyline", { points: path(pointer.trail) }, "halo", "line"));
  }
  for (const click of pointer.clicks) found.push(...pressed(click, size));
  if (pointer.drag && pointer.clicks.length) {
    const [x, y] = pointer.clicks[0];
    const [ex, ey] = pointer.drag;
    found.push(...twice("polyline", { points: path([[x, y], [ex, ey]]) }, "halo", "line"));
    found.push(...arrow(ex, ey, ex - x, ey - y, size * 1.5));
  }
  if (pointer.scroll) found.push(...scrolled(pointer.scroll, size));
  const last = pointer.clicks.length ? null : pointer.trail.at(-1);
  if (last) found.push(...twice("circle", { cx: last[0], cy: last[1], r: size / 3 }, "ring-halo", "ring"));
  svg.replaceChildren(...found);
}

export function light(svg, mark) {
  for (const box of svg.querySelectorAll(".box")) {
    box.classList.toggle("lit", mark !== null && box.dataset.mark === mark);
  }
}
