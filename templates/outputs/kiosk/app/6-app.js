// The frame around the pages, changing between them, and the way to the offline bundle.
"use strict";

let offline = Boolean(navigator.serviceWorker && navigator.serviceWorker.controller);

function barButton(name, label, action, attributes) {
  return el("button", { type: "button", onclick: action, ...attributes }, icon(name),
    el("span", {}, label));
}

function frame(content) {
  const bar = el("nav", { class: "bar", "aria-label": store.bundle.brand },
    barButton("home", say("home"), () => go("home")),
    barButton("back", say("back"), () => (store.trail.length > 1 ? history.back() : go("home"))),
    barButton("search", say("search"), () => go("search")),
    store.bundle.locales.length > 1
      ? barButton("language", say("language"), () => document.getElementById("languages").showModal())
      : null,
    barButton("reach", say("reach"), toggleReach, { "aria-pressed": String(store.reach) }),
    barButton("restart", say("start_again"), startAgain));
  return [el("header", { class: "head" }, el("p", { class: "wordmark" }, wordmark()), status()),
    el("main", { id: "content", tabindex: "-1" }, content), bar];
}

function wordmark() {
  const { logo, brand } = store.bundle;
  return logo ? el("img", { class: "logo", src: logo, alt: brand }) : brand;
}

function status() {
  const day = new Date(store.bundle.created + "T12:00:00Z");
  const date = new Intl.DateTimeFormat(store.bundle.locales.length ? store.language.locale
    + "-u-nu-latn" : "en", { dateStyle: "medium" }).format(day);
  const ready = offline ? say("offline_ready") : say("preparing");
  return el("p", { class: "status", id: "status", "data-offline": String(offline) },
    el("span", {}, `${say("content_from")} ${date}`),
    el("span", {}, `${say("data_version")} ${store.bundle.edition}`), el("span", {}, ready));
}

function languageDialog() {
  const rows = store.bundle.locales.map((row) => el("button", {
    type: "button", lang: row.locale, dir: row.direction,
    "aria-current": row.locale === store.language.locale ? "true" : null,
    onclick() {
      document.getElementById("languages").close();
      const place = here();
      changeLanguage(row.locale, place.view === "attract" ? "home" : place.view, place.key);
    },
  }, row.name));
  return el("dialog", { id: "languages", "aria-label": say("language") },
    el("h2", {}, say("language")), el("div", { class: "answers" }, rows),
    el("button", { type: "button", class: "quiet",
      onclick: () => document.getElementById("languages").close() }, say("close")));
}

async function changeLanguage(locale, view, key) {
  await loadLanguage(locale);
  if (location.hash === address(view, key)) showPlace();
  else go(view, key);
}

function toggleReach() {
  store.reach = !store.reach;
  document.body.classList.toggle("reach", store.reach);
  const button = document.querySelector(".bar [aria-pressed]");
  button.setAttribute("aria-pressed", String(store.reach));
}

async function showPlace() {
  const place = here();
  const known = store.bundle.locales.some((row) => row.locale === place.locale);
  await loadLanguage(known ? place.locale : store.bundle.locales[0].locale);
  const view = known ? place.view : "attract";
  leaveAttract();
  if (view === "attract") store.trail = [];
  else store.trail.push(location.hash);
  const shown = view === "attract" ? [attractPage()]
    : frame((views[view] || views.home)(place.key).filter(Boolean));
  document.getElementById("app").replaceChildren(...shown, idleDialog(), languageDialog());
  document.body.className = (view === "attract" ? "at-rest" : "in-use")
    + (store.reach ? " reach" : "");
  document.title = store.bundle.brand;
  scrollTo(0, 0);
  if (view !== "attract") document.getElementById("content").focus({ preventScroll: true });
  stir();
}

function heard(event) {
  const { type } = event.data;
  if (type === "ready" || type === "current") markOffline();
  if (type !== "updated") return;
  // New content never interrupts a visitor: it waits until the kiosk is at rest.
  if (here().view === "attract") location.reload();
  else idle.pending = true;
}

function markOffline() {
  offline = true;
  const shown = document.getElementById("status");
  if (shown) shown.replaceWith(status());
  document.documentElement.dataset.offline = "true";
}

function look() {
  const worker = navigator.serviceWorker.controller;
  if (worker) worker.postMessage({ type: "check" });
}

async function keepOffline() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", heard);
  if (offline) markOffline();
  await navigator.serviceWorker.register("sw.js", { scope: "./", updateViaCache: "none" });
  await navigator.serviceWorker.ready;
  markOffline();
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  setInterval(look, Math.max(10, store.bundle.poll_seconds || 300) * 1000);
}

async function begin() {
  await loadBundle();
  await showPlace();
  addEventListener("hashchange", showPlace);
  for (const name of ["pointerdown", "keydown", "wheel", "touchmove", "scroll"]) {
    addEventListener(name, stir, { passive: true, capture: true });
  }
  addEventListener("contextmenu", (event) => event.preventDefault());
  keepOffline().catch(() => {});
  // The browser may have kept an older page while a newer bundle became active.
  if (offline) look();
}

begin().catch((error) => {
  document.getElementById("app").textContent = String(error);
});
