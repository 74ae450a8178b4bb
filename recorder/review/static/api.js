// Talking to the server: questions, decisions, and one element with text in it.

export const base = document.body.dataset.base;

async function read(answer) {
  if (answer.status === 423 || answer.status === 401) {
    location.reload();
    return new Promise(() => {});
  }
  if (answer.ok) return answer;
  let told = { error: "The page could not be answered", fix: "see whether recorder review still runs" };
  if ((answer.headers.get("content-type") ?? "").includes("json")) told = await answer.json();
  throw Object.assign(new Error(told.error), { fix: told.fix });
}

async function send(path, options) {
  try {
    return await read(await fetch(`${base}/api/${path}`, options));
  } catch (error) {
    if (error instanceof TypeError) {
      throw Object.assign(new Error("The page is closed"), { fix: "start recorder review again" });
    }
    throw error;
  }
}

export async function ask(path) {
  return (await send(path)).json();
}

export async function fetchPicture(path) {
  const answer = await send(path);
  return answer.arrayBuffer();
}

export async function tell(path, body) {
  const answer = await send(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
  return answer.json();
}

export function made(name, text, attributes = {}) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

let timer = 0;

export function say(text) {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => { toast.textContent = ""; }, 6000);
}

export function inWords(error) {
  return error.fix ? `${error.message}. Fix: ${error.fix}` : error.message;
}

export function sayError(error) {
  say(inWords(error));
}

// Captions are lists of parts; a part with a mark stands for something taken out.
export function captionInto(element, parts) {
  element.replaceChildren(...parts.map((part) => made(part.mark ? "mark" : "span", part.text)));
}

const keys = new Map();

export function onKey(key, act) {
  keys.set(key, act);
}

function typing(target) {
  return target.closest?.("input:not([type=checkbox]):not([type=range]), select, textarea, [contenteditable]");
}

export function startKeys(enabled) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const named = event.key.length > 1;
    if (!named && !enabled()) return;
    if ((event.key === " " || event.key === "Enter") && event.target.closest?.("button, a, summary, input")) return;
    if (event.target.matches?.("input[type=range]") && named) return;
    const act = keys.get(event.key);
    if (act) {
      event.preventDefault();
      act(event);
    }
  });
}
