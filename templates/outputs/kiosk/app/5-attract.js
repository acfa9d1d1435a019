// The attract loop: large pictures, one invitation in every language; it can be paused.
"use strict";

const attract = { timer: null, paused: false, n: 0 };
const EVERY = 7000;

function attractPage() {
  const shown = store.language.products.filter((p) => p.pictures).slice(0, 40);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const frames = [0, 1].map(() => el("img", { alt: "", class: "frame" }));
  const caption = el("p", { class: "caption" });
  const step = () => {
    if (!shown.length) return;
    const product = shown[attract.n % shown.length];
    const [front, behind] = attract.n % 2 ? frames : [frames[1], frames[0]];
    front.src = product.pictures[0].l;
    front.classList.add("on");
    behind.classList.remove("on");
    caption.textContent = product.name;
    attract.n += 1;
  };
  const said = store.bundle.locales.find((row) => row.locale === store.language.locale)?.tagline || null;
  clearInterval(attract.timer);
  step();
  if (!still) attract.timer = setInterval(() => attract.paused || step(), EVERY);
  return el("main", { class: "attract", id: "content" }, frames,
    el("div", { class: "veil" },
      el("div", {}, el("p", { class: "wordmark" }, store.bundle.brand), said && el("p", { class: "tagline" }, said)),
      el("div", { class: "invitation" },
        el("h1", {}, store.bundle.title || say("attract")), caption,
        el("div", { class: "begin" }, store.bundle.locales.map(beginButton))),
      still ? null : el("button", { type: "button", class: "quiet pause",
        "aria-pressed": String(attract.paused),
        onclick(event) {
          attract.paused = !attract.paused;
          event.currentTarget.setAttribute("aria-pressed", String(attract.paused));
        } }, say("pause"))));
}

function beginButton(row) {
  return el("button", { type: "button", lang: row.locale, dir: row.direction,
    onclick: () => changeLanguage(row.locale, "home") }, row.name);
}

function leaveAttract() {
  clearInterval(attract.timer);
}
