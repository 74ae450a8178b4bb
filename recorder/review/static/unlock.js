// The passphrase goes to the server's short-lived child and nowhere else.

import { inWords, tell } from "./api.js";

const form = document.getElementById("unlock");
const says = document.getElementById("unlock-says");
const field = document.getElementById("passphrase");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const passphrase = field ? field.value : null;
  if (field) field.value = "";
  form.querySelector("button").disabled = true;
  says.textContent = field ? "Unlocking; this takes a few seconds, so that nobody can guess fast." : "Opening.";
  try {
    await tell("unlock", { passphrase });
    location.reload();
  } catch (error) {
    says.textContent = inWords(error);
    form.querySelector("button").disabled = false;
    field?.focus();
  }
});
