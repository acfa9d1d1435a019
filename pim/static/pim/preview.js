// Live previews: posts a form as it stands, shows the pages that come back, follows every change.
(() => {
  "use strict";
  const { element, icon } = window.pmDesk;
  const PAUSE = 450;

  function preview(root) {
    if (root.dataset.ready) return;
    root.dataset.ready = "yes";
    const form = document.querySelector(root.dataset.form), stage = root.querySelector("[data-pm-stage]");
    const where = root.querySelector("[data-pm-where]"), notes = root.querySelector("[data-pm-notes]");
    const words = (name) => root.dataset[`words${name}`];
    const token = Math.random().toString(36).slice(2);
    let page = 0, pages = 0, shown = [], timer = 0, running = null, known = "";

    const body = (width) => {
      const data = new FormData(form);
      [...data.entries()].forEach(([name, value]) => { if (value instanceof File) data.delete(name); });
      root.querySelectorAll("[name]").forEach((input) => {
        data.delete(input.name);
        if (input.type !== "checkbox" || input.checked) data.set(input.name, input.value);
      });
      data.set("preview_page", String(page));
      data.set("preview_width", String(width));
      data.set("preview_token", token);
      return data;
    };
    async function fetched(width, signal) {
      const answer = await fetch(root.dataset.url, { method: "POST", body: body(width), signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }
    const width = (asked) => Math.round(asked * Math.min(2, window.devicePixelRatio || 1) / (spread() ? 2 : 1));
    const spread = () => Boolean(root.querySelector("[name=preview_spread]")?.checked);

    async function draw() {
      clearTimeout(timer);
      if (root.closest("details:not([open])")) return;
      running?.abort();
      running = new AbortController();
      const mine = running;
      stage.setAttribute("aria-busy", "true");
      try {
        show(await fetched(width(Number(root.dataset.width)), mine.signal));
      } catch (fault) {
        if (fault.name !== "AbortError") show({ error: words("Failed") });
      }
      if (mine === running) stage.setAttribute("aria-busy", "false");
    }
    function show(found) {
      notes.replaceChildren(...(found.notes || []).map((text) => element("li", { dir: "auto" }, text)));
      if (found.error) {
        stage.replaceChildren(element("p", { class: "pm-error", role: "alert" }, found.error));
        return;
      }
      pages = found.pages;
      root.querySelector("[data-pm-products]")?.replaceChildren(...[...new Set(found.products)].map((code) => element("option", { value: code })));
      shown = found.shown;
      const text = words("Page").replace("%(page)s", shown.join(" – ")).replace("%(pages)s", pages);
      where.textContent = text;
      stage.replaceChildren(element("button", { type: "button", class: "pm-leaves__pages", title: words("Larger"), onclick: enlarge },
        ...found.pictures.map((source, n) => element("img", { src: source, alt: `${text}${n ? " (2)" : ""}` }))));
      steps();
    }
    const steps = () => root.querySelectorAll("[data-pm-step]").forEach((button) => {
      const forth = button.dataset.pmStep === "1";
      button.disabled = forth ? shown.includes(pages) : shown.includes(1);
    });
    async function enlarge() {
      const dialog = element("dialog", { class: "pm-dialog pm-leaves__large", "aria-label": where.textContent },
        element("button", { type: "button", class: "pm-icon", title: words("Close"), onclick: () => dialog.close() }, icon("close")),
        element("p", { class: "pm-muted" }, words("Busy")));
      dialog.addEventListener("close", () => dialog.remove());
      document.body.append(dialog);
      dialog.showModal();
      const before = page;
      page = shown[0];
      const sent = fetched(1400, undefined);
      page = before;
      try {
        const found = await sent;
        dialog.lastElementChild.replaceWith(element("div", { class: "pm-leaves__pages" }, ...(found.pictures || []).map((source) => element("img", { src: source, alt: where.textContent }))));
      } catch { dialog.lastElementChild.textContent = words("Failed"); }
    }
    const soon = () => { clearTimeout(timer); timer = setTimeout(draw, PAUSE); };
    // Not every write of a script tells: what would be sent is what counts.
    const changed = () => {
      const now = JSON.stringify([...body(0).entries()].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "tab"));
      if (now !== known) { known = now; soon(); }
    };
    ["input", "change", "click", "keyup"].forEach((kind) => form.addEventListener(kind, () => setTimeout(changed)));
    root.querySelectorAll("[name]").forEach((input) => input.addEventListener("change", () => { if (input.name !== "preview_spread") page = 0; draw(); }));
    root.querySelectorAll("[data-pm-step]").forEach((button) => button.addEventListener("click", () => {
      page = button.dataset.pmStep === "1" ? Math.min(pages, shown[shown.length - 1] + 1) : Math.max(1, shown[0] - 1);
      draw();
    }));
    root.closest("details")?.addEventListener("toggle", draw);
    known = JSON.stringify([...body(0).entries()].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "tab"));
    draw();
  }
  const start = () => document.querySelectorAll("[data-pm-preview]").forEach(preview);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
