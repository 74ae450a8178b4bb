// Moments and pictures, fetched ahead; a picture comes with the digest of its bytes.

import { ask, fetchPicture } from "./api.js";

const HELD = 14;

async function digestOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function holder(load) {
  const held = new Map();
  return {
    get(key) {
      let found = held.get(key);
      held.delete(key);
      if (!found) {
        found = load(key);
        found.catch(() => held.delete(key));
      }
      held.set(key, found);
      while (held.size > HELD) held.delete(held.keys().next().value);
      return found;
    },
    clear: () => held.clear(),
  };
}

export function makeStore(source) {
  const moments = holder((index) => ask(`${source}/moment/${index}`));
  const pictures = holder(async (frame) => {
    const bytes = await fetchPicture(`${source}/frame/${frame}`);
    const [bitmap, sha256] = await Promise.all([
      createImageBitmap(new Blob([bytes], { type: "image/webp" })),
      digestOf(bytes),
    ]);
    return { bitmap, sha256, frame };
  });
  async function both(index) {
    const moment = await moments.get(index);
    if (!moment.frame) return { moment, picture: null, trouble: null };
    try {
      return { moment, picture: await pictures.get(moment.frame.frame_id), trouble: null };
    } catch (error) {
      return { moment, picture: null, trouble: error };
    }
  }
  return { both, picture: pictures.get, clear: () => { moments.clear(); pictures.clear(); } };
}
