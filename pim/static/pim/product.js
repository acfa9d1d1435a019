// The product page: tabs, states, overriding, copying over, unsaved changes, ties and categories.
(() => {
  "use strict";
  const { element, icon, ask, choose, touched, loads } = window.pmDesk;
  const form = document.querySelector("[data-pm-product]");
  const all = (selector, scope = document) => [...scope.querySelectorAll(selector)];

  // --- counters -----------------------------------------------------------------------------------
  all("[data-pm-count]").forEach((input) => {
    const most = Number(input.dataset.pmCount), out = element("small", { class: "pm-counter", "aria-live": "off" });
    const show = () => { const used = [...input.value].length; out.textContent = `${used} / ${most}`; out.classList.toggle("is-over", used > most); };
    input.after(out);
    input.addEventListener("input", show);
    show();
  });
  if (!form) return;

  // --- tabs -------------------------------------------------------------------------------------
  const tabs = all('[role="tab"]', form), panels = all("[data-panel]", form);
  function openTab(name) {
    const known = panels.some((panel) => panel.dataset.panel === name) ? name : panels[0].dataset.panel;
    panels.forEach((panel) => { panel.hidden = panel.dataset.panel !== known; });
    tabs.forEach((tab) => { const on = tab.dataset.tab === known; tab.setAttribute("aria-selected", String(on)); tab.tabIndex = on ? 0 : -1; });
    all('input[name="tab"]').forEach((input) => { if (input.form.id !== "cancel-plan") input.value = known; });
    return known;
  }
  tabs.forEach((tab, n) => {
    tab.addEventListener("click", () => { openTab(tab.dataset.tab); window.history.replaceState(null, "", `#${tab.dataset.tab}`); });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(n + step + tabs.length) % tabs.length];
      next.focus();
      next.click();
    });
  });
  function goTo(hash) {
    const target = hash.startsWith("field-") ? document.getElementById(hash) : null;
    if (!target) { openTab(hash); return; }
    openTab(target.closest("[data-panel]").dataset.panel);
    target.hidden = false;
    target.scrollIntoView({ block: "center" });
    target.classList.add("is-shown");
    setTimeout(() => target.classList.remove("is-shown"), 2000);
    const override = target.querySelector("[data-pm-override]");
    const input = target.querySelector('.pm-control:not([hidden]) :is(input:not([type="hidden"]), textarea, select, [contenteditable="true"], button, [tabindex])');
    (input || override || target).focus({ preventScroll: true });
  }
  all("[data-pm-focus]").forEach((link) => link.addEventListener("click", (event) => {
    const [query, hash] = link.getAttribute("href").split("#");
    if (query) return;
    event.preventDefault();
    goTo(hash);
  }));
  const wrong = form.querySelector(".pm-field.is-wrong");
  goTo(wrong ? wrong.id : window.location.hash.slice(1));
  window.addEventListener("hashchange", () => goTo(window.location.hash.slice(1)));
  all("[data-pm-only]", form).forEach((box) => box.addEventListener("change", () => {
    all(".pm-field", box.closest("[data-panel]")).forEach((field) => { field.hidden = box.checked && !field.classList.contains("is-missing"); });
  }));

  // --- states, overriding, copying ------------------------------------------------------------------
  function showState(select) {
    const field = select.closest(".pm-field");
    field.classList.toggle("has-state", Boolean(select.value));
  }
  all("[data-pm-state]", form).forEach((select) => {
    showState(select);
    select.addEventListener("change", () => {
      if (select.value) override(select.closest(".pm-field"));
      showState(select);
    });
  });
  function override(field) {
    const inherited = field.querySelector("[data-pm-inherited]");
    if (!inherited || inherited.hidden) return;
    inherited.hidden = true;
    field.querySelector(".pm-control").hidden = false;
    all("[disabled]", field).forEach((input) => { input.disabled = false; });
    all("[data-pm-pick]", field).forEach((root) => root.dispatchEvent(new Event("pm:refresh")));
    all("textarea[data-pm-prose]", field).forEach((area) => { area.setAttribute("data-django-prose-editor-configurable", area.dataset.pmProse); area.removeAttribute("data-pm-prose"); document.dispatchEvent(new Event("prose-editor:refresh")); });
    touched(field.querySelector('input[name$="-on"]'));
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pm-override]");
    if (button) { override(button.closest(".pm-field")); goTo(button.closest(".pm-field").id); }
    const copy = event.target.closest("[data-pm-copy]");
    if (copy) copyOver(copy.closest(".pm-field"), copy.dataset.pmCopy);
  });
  function copyOver(field, text) {
    override(field);
    const input = field.querySelector(".pm-control textarea, .pm-control input:not([type=hidden])");
    const prose = field.querySelector('.ProseMirror[contenteditable="true"]');
    if (prose) {
      prose.focus();
      document.execCommand("selectAll");
      document.execCommand("insertHTML", false, text);
    } else { input.value = text; touched(input); input.focus(); }
  }

  // --- unsaved changes --------------------------------------------------------------------------------
  const serial = () => {
    const found = new Map();
    new FormData(form).forEach((value, key) => { if (!["tab", "csrfmiddlewaretoken", "opened"].includes(key)) found.set(key, `${found.get(key) || ""}\u0000${value}`); });
    return found;
  };
  let leaving = false;
  const clean = serial(), bar = form.querySelector(".pm-unsaved");
  // The rich text editor writes its own form of the text when it wakes up; that is no edit.
  setTimeout(() => {
    const now = serial(), writing = document.activeElement && document.activeElement.closest(".pm-prose");
    all(".pm-prose textarea", form).forEach((area) => { if (!writing || !writing.contains(area)) clean.set(area.name, now.get(area.name)); });
  }, 800);
  function labelOf(key) {
    const input = form.querySelector(`[name="${CSS.escape(key)}"]`);
    const field = input && input.closest(".pm-field");
    return (field && field.dataset.label) || (input && input.dataset.label) || key;
  }
  function unsaved() {
    const now = serial();
    const keys = [...new Set([...clean.keys(), ...now.keys()])].filter((key) => clean.get(key) !== now.get(key));
    return [...new Set(keys.map(labelOf))];
  }
  function showUnsaved() {
    if (!bar) return;
    const names = unsaved(), more = names.length > 4 ? ` +${names.length - 4} ${form.dataset.wordsMore}` : "";
    bar.textContent = names.length ? `${form.dataset.wordsUnsaved} ${names.slice(0, 4).join(", ")}${more}` : "";
    form.classList.toggle("is-dirty", names.length > 0);
  }
  form.addEventListener("input", () => setTimeout(showUnsaved, 0));
  form.addEventListener("change", () => setTimeout(showUnsaved, 0));
  form.addEventListener("keyup", () => setTimeout(showUnsaved, 0));
  form.addEventListener("submit", () => { leaving = true; });
  all("[data-pm-publish]").forEach((other) => other.addEventListener("submit", (event) => {
    if (unsaved().length && !window.confirm(form.dataset.wordsLeave)) event.preventDefault(); else leaving = true;
  }));
  window.addEventListener("beforeunload", (event) => { if (!leaving && unsaved().length) event.preventDefault(); });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); const save = form.querySelector('[name="_save"]'); if (save) form.requestSubmit(save); }
  });

  // --- ties ----------------------------------------------------------------------------------------------
  const tiesInput = form.querySelector('[name="@associations"]');
  function keepTies() {
    const held = loads(tiesInput.value, {});
    all("[data-pm-ties]", form).forEach((root) => {
      const products = all("li[data-identifier]", root).map((row) => {
        const box = row.querySelector('input[type="number"]');
        return { identifier: row.dataset.identifier, quantity: box && box.value ? Number(box.value) : null };
      });
      const groups = (held[root.dataset.pmTies] || {}).groups || [];
      if (products.length || groups.length || held[root.dataset.pmTies]) held[root.dataset.pmTies] = { products, groups };
    });
    tiesInput.value = JSON.stringify(held);
    touched(tiesInput);
  }
  all("[data-pm-ties]", form).forEach((root) => {
    const data = root.dataset, words = { search: data.wordsSearch, none: data.wordsNone, close: data.wordsClose };
    const list = root.querySelector("ul");
    const row = (item) => element("li", { "data-identifier": item.code }, element("a", { class: "pm-link", href: item.href, target: "_blank" }, item.code), " ", element("span", { dir: "auto" }, item.label),
      data.quantified ? element("input", { class: "pm-input pm-input--tiny", type: "number", min: 1, value: 1, "aria-label": data.wordsQuantity }) : null,
      element("button", { type: "button", class: "pm-icon", "data-remove": true, title: data.wordsRemove }, icon("close")));
    const has = (code) => Boolean(list.querySelector(`[data-identifier="${CSS.escape(code)}"]`));
    root.addEventListener("click", (event) => {
      if (event.target.closest("[data-remove]")) { event.target.closest("li").remove(); keepTies(); }
      if (event.target.closest("[data-add]")) choose({ words, source: (text) => ask(data.url, { q: text }), chosen: has,
        onpick: (item) => { if (has(item.code)) list.querySelector(`[data-identifier="${CSS.escape(item.code)}"]`).remove(); else list.append(row(item)); keepTies(); return "stay"; } });
    });
    root.addEventListener("change", keepTies);
  });

  // --- enabled and categories ---------------------------------------------------------------------------
  const enabled = form.querySelector("[data-pm-enabled]");
  if (enabled) enabled.addEventListener("change", () => { const input = form.querySelector('[name="@enabled"]'); input.value = JSON.stringify(enabled.checked); touched(input); });
  const chooser = form.querySelector("[data-pm-categories]");
  if (chooser) {
    const input = chooser.querySelector("input[type=hidden]"), chips = chooser.querySelector(".pm-chips");
    let codes = loads(input.value, []);
    const keep = () => { input.value = JSON.stringify([...codes].sort()); touched(input); };
    const chip = (code, label) => element("li", { "data-code": code }, element("span", {}, label), element("button", { type: "button", class: "pm-icon", "data-remove": true, title: chooser.dataset.wordsRemove }, icon("close")));
    const toggle = (code, label, on) => {
      codes = on ? [...new Set([...codes, code])] : codes.filter((other) => other !== code);
      const shown = chips.querySelector(`[data-code="${CSS.escape(code)}"]`);
      if (on && !shown) chips.append(chip(code, label));
      if (!on && shown) shown.remove();
      all(`.pm-picktree input[value="${CSS.escape(code)}"]`, chooser).forEach((box) => { box.checked = on; });
      keep();
    };
    chips.addEventListener("click", (event) => { if (event.target.closest("[data-remove]")) toggle(event.target.closest("li").dataset.code, "", false); });
    const dress = (item) => {
      const { code, label, deeper } = item.dataset, id = `category-${code}`;
      const box = element("input", { type: "checkbox", value: code, id, disabled: Boolean(chooser.dataset.locked), onchange: () => toggle(code, label, box.checked) });
      box.checked = codes.includes(code);
      const open = element("button", { type: "button", class: "pm-icon", "aria-expanded": "false", disabled: !deeper }, icon("chevron_right"));
      const list = element("ul", { role: "group", hidden: true });
      open.addEventListener("click", async () => {
        if (!list.childElementCount) {
          const found = await ask(chooser.dataset.url, { of: code });
          list.append(...found.map((child) => { const row = element("li", { "data-code": child.code, "data-label": child.label, "data-deeper": child.deeper ? "yes" : null }); dress(row); return row; }));
        }
        list.hidden = !list.hidden;
        open.setAttribute("aria-expanded", String(!list.hidden));
      });
      item.append(open, box, element("label", { for: id, dir: "auto" }, label), list);
      return open;
    };
    const opens = all(".pm-picktree > li[data-code]", chooser).map(dress);
    if (opens.length === 1) opens[0].click();
  }
})();
