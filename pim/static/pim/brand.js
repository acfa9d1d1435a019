// The page of a brand: samples that follow what is typed, and what speaks against it, at its place.
(() => {
  "use strict";
  const { ask, choose, element } = window.pmDesk;
  const form = document.querySelector("[data-pm-brand]");
  if (!form) return;
  const PAUSE = 400;
  const locale = document.querySelector("[data-pm-sample-locale]"), card = document.querySelector("[data-pm-card]");
  const list = document.querySelector("[data-pm-objections]");
  const token = Math.random().toString(36).slice(2);
  let timer = 0, running = null, place = "";

  form.querySelectorAll("[data-pm-hue]").forEach((picker) => {
    const text = form.elements[picker.dataset.pmHue];
    picker.addEventListener("input", () => { text.value = picker.value; });
    text.addEventListener("input", () => { if (/^#[0-9a-f]{6}$/i.test(text.value)) picker.value = text.value.toLowerCase(); });
  });
  // Logos are chosen from the assets, or uploaded; the picture shows which one it is.
  form.querySelectorAll("[data-pm-logo]").forEach((box) => {
    const input = box.querySelector("input"), image = box.querySelector("img"), data = box.dataset;
    const words = { search: data.wordsSearch, none: data.wordsNone, upload: data.wordsUpload, close: data.wordsClose };
    const show = (item) => { image.hidden = !item?.thumb; if (item?.thumb) image.src = item.thumb; };
    const look = async () => {
      const code = input.value.trim();
      const found = code ? await ask(data.url, { codes: code }) : [];
      if (code === input.value.trim()) show(found.find((item) => item.code === code));
    };
    const put = (item) => { input.value = item?.code || ""; show(item); input.dispatchEvent(new Event("input", { bubbles: true })); return "close"; };
    box.querySelector("[data-choose]").addEventListener("click", () => choose({ words, cards: true, upload: data.upload,
      source: (text) => ask(data.url, { q: text }), onpick: put, chosen: (code) => input.value === code }));
    box.querySelector("[data-clear]").addEventListener("click", () => put(null));
    input.addEventListener("change", look);
    look();
  });
  // A font that was uploaded joins the brand; its family is put first where somebody wants it.
  document.querySelector("[data-pm-fonts]")?.addEventListener("pm:uploaded", (event) => {
    const input = form.elements.faces, codes = input.value.split(/[\s,]+/).filter(Boolean);
    if (!codes.includes(event.detail.code)) input.value = [...codes, event.detail.code].join(", ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const shown = document.querySelector("[data-pm-faces]");
  function first(role, family) {
    const input = form.elements[`fonts.${role}`];
    const others = input.value.split(",").map((name) => name.trim()).filter((name) => name && name !== family);
    input.value = [family, ...others].join(", ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function families(found) {
    shown.replaceChildren(...found.map((face) => element("p", {}, element("b", {}, face.family), ` ${face.styles.join(", ")} `,
      ...["sans", "serif", "display"].flatMap((role) => {
        const button = element("button", { type: "button", class: "pm-btn pm-btn--small" }, `${shown.dataset.wordsUse} ${role}`);
        button.addEventListener("click", () => first(role, face.family));
        return [button, " "];
      }),
      ...(face.lacking.length ? [element("span", { class: "pm-chip pm-chip--warn" }, `${shown.dataset.wordsLacking} ${face.lacking.join("; ")}`)] : []))));
  }
  // A frame is filled by posting the form into it: it has no script and no address of its own.
  function fill(target, action) {
    const copy = element("form", { method: "post", action, target, hidden: true });
    new FormData(form).forEach((value, name) => copy.append(element("input", { type: "hidden", name, value })));
    copy.append(element("input", { type: "hidden", name: "sample_locale", value: locale.value }));
    copy.append(element("input", { type: "hidden", name: "sample_place", value: place }));
    document.body.append(copy);
    copy.submit();
    copy.remove();
  }
  function objections(found) {
    form.querySelectorAll("[data-pm-wrong]").forEach((place) => { place.textContent = (found[place.dataset.pmWrong] || []).join(" "); });
    form.querySelectorAll("[name]").forEach((input) => { if (found[input.name]) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid"); });
    list.replaceChildren(...Object.values(found).flat().slice(0, 4).map((text) => element("li", {}, text)));
  }
  async function draw() {
    running?.abort();
    running = new AbortController();
    const mine = running, data = new FormData(form);
    data.set("sample_locale", locale.value);
    data.set("preview_token", token);
    card.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.card, { method: "POST", body: data, signal: mine.signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      objections(found.errors);
      if (found.faces) families(found.faces);
      if (found.picture) card.replaceChildren(element("div", { class: "pm-leaves__pages" }, element("img", { src: found.picture, alt: found.of })));
      else if (found.said) card.replaceChildren(element("p", { class: "pm-muted" }, found.said));
    } catch (fault) {
      if (fault.name !== "AbortError") card.replaceChildren(element("p", { class: "pm-error" }, form.dataset.wordsFailed));
    }
    if (mine === running) card.setAttribute("aria-busy", "false");
  }
  const all = () => { fill("brand-page", form.dataset.page); fill("brand-kiosk", form.dataset.kiosk); draw(); };
  const soon = () => { clearTimeout(timer); timer = setTimeout(all, PAUSE); };
  form.addEventListener("input", soon);
  locale.addEventListener("change", () => { place = ""; all(); });
  // The kiosk says where its reader went: with the next look it opens there again.
  addEventListener("message", (event) => { if (typeof event.data?.kiosk === "string") place = event.data.kiosk; });
  const scale = () => document.querySelectorAll(".pm-look__frame").forEach((frame) => {
    frame.style.setProperty("--pm-scale", frame.clientWidth / Number(getComputedStyle(frame).getPropertyValue("--pm-screen")));
  });
  new ResizeObserver(scale).observe(document.querySelector(".pm-look__samples"));
  scale();
  all();
})();
