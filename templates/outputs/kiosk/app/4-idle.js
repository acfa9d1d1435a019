// Nobody there: a warning with a way to extend it, then everything personal is cleared.
"use strict";

const idle = { timer: null, ticking: null, pending: false };
const WARNING_SECONDS = 15;

function idleSeconds() {
  return Math.max(4, store.bundle.idle_seconds || 60);
}

function stir() {
  if (document.querySelector("dialog[open]")) return;
  clearTimeout(idle.timer);
  if (here().view !== "attract") idle.timer = setTimeout(warn, idleSeconds() * 1000);
}

function warn() {
  const dialog = document.getElementById("idle");
  const warning = Math.min(WARNING_SECONDS, idleSeconds());
  let left = warning;
  const count = () => {
    dialog.querySelector("p").textContent = say("idle_text", { seconds: left });
    if (left <= 0) startAgain();
    left -= 1;
  };
  dialog.querySelector("h2").textContent = say("idle_title");
  dialog.querySelector(".stay").textContent = say("stay");
  dialog.querySelector(".restart").textContent = say("start_again");
  dialog.showModal();
  count();
  idle.ticking = setInterval(count, 1000);
}

function stay() {
  clearInterval(idle.ticking);
  document.getElementById("idle").close();
  stir();
}

// Clears language, search, place and reach; new content waits for this moment too.
function startAgain() {
  clearInterval(idle.ticking);
  clearTimeout(idle.timer);
  const dialog = document.getElementById("idle");
  if (dialog && dialog.open) dialog.close();
  store.reach = false;
  document.body.classList.remove("reach");
  sessionStorage.clear();
  history.replaceState(null, "", location.pathname + location.search);
  if (idle.pending) location.reload();
  else showPlace();
}

function idleDialog() {
  return el("dialog", { id: "idle", "aria-labelledby": "idle-title" },
    el("h2", { id: "idle-title" }), el("p", { role: "timer" }),
    el("div", { class: "answers" },
      el("button", { type: "button", class: "stay primary", onclick: stay }),
      el("button", { type: "button", class: "restart", onclick: startAgain })));
}
