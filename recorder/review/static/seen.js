// "Seen": a recording that was looked at. It does not wait, and the same button takes it back.

import { onKey, say, sayError, tell } from "./api.js";

async function toggle(button) {
  const seen = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-busy", "true");
  try {
    const state = await tell("seen", { ...JSON.parse(button.dataset.seen), seen });
    button.setAttribute("aria-pressed", String(state.seen));
    say(state.seen ? "Marked as seen, until it changes. The same button takes it back." : "No longer marked as seen.");
  } catch (error) {
    sayError(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

for (const button of document.querySelectorAll("[data-seen]")) {
  button.addEventListener("click", () => toggle(button));
}

onKey("s", () => document.querySelector("#player [data-seen]")?.click());
