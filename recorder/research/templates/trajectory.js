"use strict";
const steps = [...document.querySelectorAll("section")];
const forward = new Set(["ArrowRight", "ArrowDown", "j"]);
const back = new Set(["ArrowLeft", "ArrowUp", "k"]);
let at = steps.findIndex((step) => "#" + step.id === location.hash);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (!forward.has(event.key) && !back.has(event.key)) return;
  event.preventDefault();
  at = Math.min(steps.length - 1, Math.max(0, at + (forward.has(event.key) ? 1 : -1)));
  if (!steps[at]) return;
  history.replaceState(null, "", "#" + steps[at].id);
  steps[at].focus({ preventScroll: true });
  steps[at].scrollIntoView();
});
