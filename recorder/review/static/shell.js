// What every page has: help, lock, search key, and locking after ten minutes without you.

import { base, onKey, sayError, startKeys, tell } from "./api.js";
import "./changes.js";
import "./seen.js";

const IDLE_MS = 600_000;
const help = document.getElementById("help");
const single = document.getElementById("single-keys");

single.checked = sessionStorage.getItem("single-keys") !== "off";
single.addEventListener("change", () => {
  sessionStorage.setItem("single-keys", single.checked ? "on" : "off");
});
startKeys(() => single.checked);

const openHelp = () => help.showModal();
onKey("?", openHelp);
onKey("/", () => document.getElementById("q")?.focus());
document.getElementById("help-button")?.addEventListener("click", openHelp);
document.getElementById("help-close").addEventListener("click", () => help.close());

// Other tabs of this page hold text too: they reload, and get the locked page.
const tabs = new BroadcastChannel(base);
tabs.addEventListener("message", () => location.reload());
// A page that the browser kept for "back" may be from before the page was locked.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

async function lock() {
  try {
    await tell("lock");
    tabs.postMessage("locked");
  } catch (error) {
    sayError(error);
  }
  location.reload();
}

const lockButton = document.getElementById("lock-button");
lockButton?.addEventListener("click", lock);

if (lockButton) {
  // By the wall clock: timers stand still while a laptop sleeps.
  let last = Date.now();
  const lockWhenIdle = () => {
    if (Date.now() - last >= IDLE_MS) lock();
  };
  const note = () => {
    lockWhenIdle();
    last = Date.now();
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    addEventListener(name, note, { passive: true });
  }
  document.addEventListener("visibilitychange", lockWhenIdle);
  setInterval(lockWhenIdle, 5000);
}
