// The list of moments: only the rows in sight exist; the server gives them page by page.

import { ask, captionInto, made, sayError } from "./api.js";

const PAGE = 100;

export function makeList(box, source, choose, look) {
  const pages = new Map();
  const steps = new Map();
  const fill = made("div", "", { class: "fill", role: "presentation" });
  let view = "all";
  let total = 0;
  let chosen = -1;
  let chosenPlace = -1;
  box.append(fill);

  const rowHeight = () => 2 * parseFloat(getComputedStyle(document.documentElement).fontSize);

  function page(number) {
    if (!pages.has(number)) {
      const asked = ask(`${source}/moments?view=${view}&first=${number * PAGE}&count=${PAGE}`);
      pages.set(number, asked);
      asked.catch(() => pages.delete(number));
    }
    return pages.get(number);
  }

  function element(row, place, height) {
    const option = made("div", undefined, {
      class: "row", role: "option", id: `moment-${row.index}`, "aria-posinset": place + 1,
      "aria-setsize": total, "aria-selected": String(row.index === chosen),
    });
    option.style.top = `${place * height}px`;
    option.classList.toggle("in-range", look(row));
    const what = made("span", undefined, { class: "what" });
    captionInto(what, row.caption);
    option.append(made("span", row.clock, { class: "time" }), made("span", row.kind, { class: "kind" }), what);
    option.addEventListener("click", () => choose(row.index));
    return option;
  }

  let drawing = 0;
  async function draw() {
    const mine = ++drawing;
    const height = rowHeight();
    const first = Math.max(0, Math.floor(box.scrollTop / height) - 5);
    const last = Math.min(total, first + Math.ceil(box.clientHeight / height) + 10);
    const wanted = [];
    for (let at = Math.floor(first / PAGE); at * PAGE < last; at += 1) wanted.push(page(at));
    let loaded;
    try {
      loaded = await Promise.all(wanted);
    } catch (error) {
      sayError(error);
      return;
    }
    if (mine !== drawing) return;
    const rows = [];
    for (const one of loaded) {
      one.rows.forEach((row, at) => {
        const place = one.first + at;
        if (place >= first && place < last) rows.push(element(row, place, height));
      });
    }
    box.replaceChildren(fill, ...rows);
    const option = document.getElementById(`moment-${chosen}`);
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  box.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
  addEventListener("resize", () => { size(); draw(); });

  function size() {
    fill.style.height = `${total * rowHeight()}px`;
  }

  async function select(index, place) {
    chosen = index;
    chosenPlace = place;
    const height = rowHeight();
    const top = place * height;
    if (top < box.scrollTop || top + height > box.scrollTop + box.clientHeight) {
      box.scrollTop = Math.max(0, top - box.clientHeight / 2);
    }
    await draw();
  }

  async function show(name, index) {
    view = name;
    pages.clear();
    steps.clear();
    total = (await page(0)).total;
    size();
    const at = await ask(`${source}/step?view=${view}&index=${index}&by=here`);
    await select(index, at.place);
    return total;
  }

  function beside(index, by) {
    const path = `${source}/step?view=${view}&index=${index}&by=${by}`;
    if (!steps.has(path)) {
      const asked = ask(path);
      steps.set(path, asked);
      asked.catch(() => steps.delete(path));
    }
    return steps.get(path);
  }

  // Gives the number of the moment on a line of the view.
  async function at(place) {
    const found = await page(Math.floor(place / PAGE));
    return found.rows[place - found.first].index;
  }

  return { show, select, beside, at, draw, get view() { return view; }, get total() { return total; }, get place() { return chosenPlace; } };
}
