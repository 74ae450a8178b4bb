// Decisions that wait: the list at the foot of every page, undo, apply.

import { ask, made, onKey, say, sayError, tell } from "./api.js";

const by = (id) => document.getElementById(id);
const box = by("changes");
let waiting = [];
let known = false;

function show(state) {
  known = true;
  waiting = state.changes;
  box.hidden = waiting.length === 0;
  by("changes-count").textContent = waiting.length === 1 ? "1 change waits" : `${waiting.length} changes wait`;
  by("changes-list").replaceChildren(...waiting.map(line));
}

function line(change) {
  const item = made("li", change.says);
  if (change.trouble) item.append(made("strong", ` Not done: ${change.trouble}`));
  const undo = made("button", "Undo", { type: "button", class: "small", "aria-label": `Undo: ${change.says}` });
  undo.addEventListener("click", () => takeBack(change.number));
  item.append(" ", undo);
  return item;
}

export async function decide(decision) {
  try {
    const state = await tell("changes", decision);
    show(state);
    say(`Waits: ${waiting.at(-1).says}. Nothing is changed until you apply it.`);
    return true;
  } catch (error) {
    sayError(error);
    return false;
  }
}

async function takeBack(number) {
  if (!waiting.length) return;
  try {
    show(await tell("undo", number === undefined ? {} : { number }));
    say("Taken back.");
  } catch (error) {
    sayError(error);
  }
}

async function apply() {
  by("sure").close();
  by("apply").disabled = true;
  const total = waiting.length;
  const timer = setInterval(async () => {
    try {
      const state = await ask("changes");
      if (state.total) say(`${state.done} of ${state.total} done`);
    } catch { /* the answer to apply says what is wrong */ }
  }, 1000);
  say(total === 1 ? "Applying 1 change" : `Applying ${total} changes`);
  try {
    const state = await tell("apply", {});
    show(state);
    say(state.said.join(" "));
    if (!state.changes.length) setTimeout(() => location.reload(), 2500);
  } catch (error) {
    sayError(error);
  } finally {
    clearInterval(timer);
    by("apply").disabled = false;
  }
}

if (box) {
  by("undo").addEventListener("click", () => takeBack());
  onKey("u", () => takeBack());
  by("apply").addEventListener("click", () => {
    by("sure-list").replaceChildren(...waiting.map((change) => made("li", change.says)));
    by("sure").showModal();
  });
  by("sure-yes").addEventListener("click", apply);
  by("sure-no").addEventListener("click", () => by("sure").close());
  for (const button of document.querySelectorAll("[data-decide]")) {
    button.addEventListener("click", () => decide(JSON.parse(button.dataset.decide)));
  }
  // A decision that was quicker than this first answer is the newer news.
  ask("changes").then((state) => { if (!known) show(state); }, sayError);
}
