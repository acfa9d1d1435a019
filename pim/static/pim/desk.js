// On every page: small tables, pickers, context switches and questions before what cannot be undone.
(() => {
  "use strict";
  const element = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value !== undefined && value !== null) node.setAttribute(name, value);
    });
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };
  const icon = (name) => element("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, name);
  const touched = (input) => input.dispatchEvent(new Event("input", { bubbles: true }));
  const loads = (text, otherwise) => { try { return text ? JSON.parse(text) : otherwise; } catch { return otherwise; } };

  // --- small tables -----------------------------------------------------------------------
  const at = (row, path) => path.split(".").reduce((held, step) => (held || {})[step], row);
  const put = (row, path, value) => {
    const steps = path.split("."), last = steps.pop();
    const held = steps.reduce((inside, step) => (inside[step] = inside[step] || {}), row);
    held[last] = value;
  };

  function grid(root) {
    const columns = loads(root.dataset.columns, []), input = root.querySelector("input[type=hidden]");
    const rows = loads(input.value, []);
    const head = root.querySelector("thead"), body = root.querySelector("tbody");
    if (root.dataset.ready) return;
    root.dataset.ready = "yes";
    const keep = () => { input.value = JSON.stringify(rows); touched(input); };
    head.append(element("tr", {}, ...columns.map((c) => element("th", { scope: "col" }, c.label)), element("th", {})));

    function cell(row, column) {
      const value = at(row, column.code), label = { "aria-label": column.label };
      if (column.kind === "check") {
        const box = element("input", { type: "checkbox", ...label, onchange: () => { put(row, column.code, box.checked); keep(); } });
        box.checked = Boolean(value);
        return box;
      }
      if (column.kind === "choice") {
        const list = element("select", { class: "pm-select", ...label, onchange: () => { put(row, column.code, list.value); keep(); } },
          ...column.choices.map(([code, text]) => element("option", { value: code, selected: code === value }, text)));
        return list;
      }
      const kinds = { date: "date" };
      const box = element("input", { class: "pm-input", dir: "auto", type: kinds[column.kind] || "text", inputmode: column.kind === "number" ? "decimal" : null, required: column.required, value: value ?? "", ...label, oninput: () => { put(row, column.code, box.value); keep(); } });
      return box;
    }
    function draw() {
      body.replaceChildren(...rows.map((row, n) => element("tr", {}, ...columns.map((c) => element("td", {}, cell(row, c))),
        element("td", { class: "pm-grid__tools" },
          element("button", { type: "button", class: "pm-icon", title: root.dataset.up, disabled: n === 0, onclick: () => { rows.splice(n - 1, 0, rows.splice(n, 1)[0]); keep(); draw(); } }, icon("arrow_upward")),
          element("button", { type: "button", class: "pm-icon", title: root.dataset.remove, onclick: () => { rows.splice(n, 1); keep(); draw(); } }, icon("close"))))));
      if (!rows.length) body.append(element("tr", {}, element("td", { class: "pm-muted", colspan: columns.length + 1 }, root.dataset.empty)));
    }
    root.append(element("button", { type: "button", class: "pm-btn pm-btn--small", onclick: () => {
      const row = {};
      columns.filter((c) => c.kind === "choice").forEach((c) => put(row, c.code, c.choices[0][0]));
      rows.push(row); keep(); draw();
      body.lastElementChild.querySelector("input,select").focus();
    } }, `+ ${root.dataset.add}`));
    draw();
  }

  // --- a dialog to choose from --------------------------------------------------------------
  async function ask(url, parameters) {
    const joined = `${url}${url.includes("?") ? "&" : "?"}${new URLSearchParams(parameters)}`;
    const answer = await fetch(joined, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).results : [];
  }
  function choose({ words, source, cards, onpick, upload, chosen }) {
    let dialog = document.querySelector("[data-pm-dialog]");
    if (!dialog) { dialog = element("dialog", { class: "pm-dialog", "data-pm-dialog": true }); document.body.append(dialog); }
    const list = element("ul", { class: cards ? "pm-cards" : "pm-options" });
    const search = element("input", { class: "pm-input", type: "search", placeholder: words.search, "aria-label": words.search });
    const show = async () => {
      const found = await source(search.value);
      list.replaceChildren(...found.map((item) => element("li", {}, option(item))));
      if (!found.length) list.append(element("li", { class: "pm-muted" }, words.none));
    };
    const option = (item) => {
      const button = element("button", { type: "button", class: cards ? "pm-card" : "pm-option", "aria-pressed": chosen(item.code) ? "true" : "false", onclick: () => {
        if (onpick(item) === "stay") button.setAttribute("aria-pressed", chosen(item.code) ? "true" : "false"); else dialog.close();
      } }, picture(item, cards), element("strong", { dir: "auto" }, item.label), item.hint && item.hint !== item.label ? element("small", {}, item.hint) : null);
      return button;
    };
    let timer;
    search.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 200); });
    search.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); show(); } });
    const close = element("button", { type: "button", class: "pm-icon", title: words.close, onclick: () => dialog.close() }, icon("close"));
    const bar = element("div", { class: "pm-toolbar" }, search);
    if (upload && window.pmUpload) {
      const file = element("input", { type: "file", multiple: true, hidden: true, onchange: async () => {
        for (const one of file.files) {
          try { onpick(await window.pmUpload.send(upload, one)); } catch (error) { bar.append(element("p", { class: "pm-error" }, `${one.name}: ${error.message}`)); }
        }
        show();
      } });
      bar.append(element("label", { class: "pm-btn" }, words.upload, file));
    }
    bar.append(close);
    dialog.replaceChildren(bar, list);
    dialog.showModal();
    show();
  }
  const picture = (item, cards) => {
    if (item.thumb) return element("span", { class: cards ? "pm-card__picture" : "pm-mini" }, element("img", { src: item.thumb, alt: "", loading: "lazy" }));
    return cards ? element("span", { class: "pm-card__picture" }, icon(item.kind === "video" ? "movie" : "description")) : null;
  };

  // --- pickers: chips or cards, whose codes live in a hidden input ---------------------------
  function picker(root) {
    if (root.dataset.ready) return;
    root.dataset.ready = "yes";
    const input = root.querySelector("input[type=hidden]"), data = root.dataset;
    const cards = Boolean(data.cards), most = Number(data.most) || 0;
    const words = { add: data.wordsAdd, remove: data.wordsRemove, search: data.wordsSearch, none: data.wordsNone, upload: data.wordsUpload, earlier: data.wordsEarlier, close: data.wordsClose };
    const fixed = data.items ? loads(data.items, []) : null;
    const known = new Map((fixed || loads(data.known, [])).map((item) => [item.code, item]));
    // A picker of one option holds its code as a select would.
    let codes = data.single ? [input.value].filter(Boolean) : loads(input.value, []);
    const list = element("ul", { class: cards ? "pm-cards pm-cards--small" : "pm-chips" });
    const keep = () => { input.value = data.single ? codes[0] || "" : JSON.stringify(codes); touched(input); draw(); };

    function draw() {
      list.replaceChildren(...codes.map((code, n) => {
        const item = known.get(code) || { code, label: code };
        const tools = element("span", { class: "pm-tools" },
          cards && n > 0 ? element("button", { type: "button", class: "pm-icon", title: words.earlier, onclick: () => { codes.splice(n - 1, 0, codes.splice(n, 1)[0]); keep(); } }, icon("arrow_back")) : null,
          element("button", { type: "button", class: "pm-icon", title: `${words.remove}: ${item.label}`, onclick: () => { codes = codes.filter((other) => other !== code); keep(); } }, icon("close")));
        const label = item.href ? element("a", { href: item.href, target: "_blank", rel: "noopener", dir: "auto" }, item.label) : element("span", { dir: "auto" }, item.label);
        const row = element("li", { class: cards ? "pm-card" : "", "data-code": code, draggable: cards && !input.disabled }, picture(item, cards), label, input.disabled ? null : tools);
        if (cards) sortable(row);
        return row;
      }));
      add.hidden = input.disabled || (most > 1 && codes.length >= most);
    }
    let dragged = null;
    function sortable(row) {
      row.addEventListener("dragstart", () => { dragged = row.dataset.code; });
      row.addEventListener("dragover", (event) => event.preventDefault());
      row.addEventListener("drop", (event) => {
        event.preventDefault();
        if (!dragged || dragged === row.dataset.code) return;
        codes = codes.filter((code) => code !== dragged);
        codes.splice(codes.indexOf(row.dataset.code), 0, dragged);
        dragged = null;
        keep();
      });
    }
    function pick(item) {
      known.set(item.code, item);
      if (codes.includes(item.code)) codes = codes.filter((code) => code !== item.code);
      else codes = most === 1 ? [item.code] : [...codes, item.code];
      keep();
      return most === 1 ? "close" : "stay";
    }
    const source = async (text) => {
      if (!fixed) return ask(data.url, { q: text });
      const wanted = text.toLowerCase();
      return fixed.filter((item) => `${item.label} ${item.code}`.toLowerCase().includes(wanted));
    };
    const add = element("button", { type: "button", class: "pm-btn pm-btn--small", onclick: () => choose({ words, source, cards, onpick: pick, upload: data.upload, chosen: (code) => codes.includes(code) }) }, `+ ${words.add}`);
    root.append(list, add);
    draw();
    root.addEventListener("pm:refresh", draw);
    if (!fixed && codes.some((code) => !known.has(code))) ask(data.url, { codes: codes.join(",") }).then((found) => { found.forEach((item) => known.set(item.code, item)); draw(); });
  }

  // --- selects too long to read: what is chosen is shown, all else is searched ------------------
  function searchable(select) {
    if (select.dataset.ready) return;
    select.dataset.ready = "yes";
    const options = [...select.options].map((o) => ({ option: o, code: o.value, label: o.textContent, hint: o.parentElement.label || "" }));
    const source = async (text) => options.filter((o) => (o.code || !text) && `${o.label} ${o.hint} ${o.code}`.toLowerCase().includes(text.toLowerCase())).slice(0, 200);
    const words = { search: "…", none: "–", close: "×" };
    const told = () => { touched(select); select.dispatchEvent(new Event("change", { bubbles: true })); };
    const chosen = (code) => options.some((o) => o.code === code && o.option.selected);
    const face = select.multiple ? element("span", { class: "pm-chosen" }) : element("button", { type: "button", class: "pm-select pm-select--button", disabled: select.disabled, "aria-label": select.getAttribute("aria-label") });
    const draw = () => {
      if (!select.multiple) { face.textContent = select.selectedOptions.length ? select.selectedOptions[0].textContent : "–"; return; }
      const chips = options.filter((o) => o.option.selected).map((o) => element("li", {}, element("span", { dir: "auto" }, o.label), select.disabled ? null : element("button", { type: "button", class: "pm-icon", "aria-label": `× ${o.label}`, onclick: () => { o.option.selected = false; draw(); told(); } }, icon("close"))));
      face.replaceChildren(element("ul", { class: "pm-chips" }, ...chips), select.disabled ? "" : element("button", { type: "button", class: "pm-btn pm-btn--small", "aria-label": select.getAttribute("aria-label"), onclick: open }, `+ ${select.dataset.pmSearch || "…"}`));
    };
    const open = () => choose({ words, source, chosen, onpick: (item) => {
      item.option.selected = select.multiple ? !item.option.selected : true;
      draw();
      told();
      return select.multiple ? "stay" : "close";
    } });
    if (!select.multiple) face.addEventListener("click", open);
    select.hidden = true;
    select.after(face);
    draw();
  }

  // --- texts in languages that few forms are opened for: their inputs are made as somebody looks ---
  function languages(root) {
    const kept = root.querySelector('input[name$="__kept"]'), texts = loads(kept.value, {});
    const model = root.parentElement.querySelector(".pm-localized__row :is(input, textarea)");
    root.dataset.pmLocales.trim().split(" ").forEach((code) => {
      const input = model.cloneNode();
      input.name = kept.name.replace(/kept$/, code);
      input.id = model.id.replace(/__[^_]*$/, `__${code}`);
      input.lang = code;
      input.removeAttribute("aria-label");
      input.value = texts[code] || "";
      root.append(element("div", { class: "pm-localized__row" }, element("label", { class: "pm-locale", for: input.id }, code), input));
    });
    root.removeAttribute("data-pm-locales");
  }
  document.addEventListener("toggle", (event) => { if (event.target.matches("[data-pm-locales]")) languages(event.target); }, true);

  // --- rows of a form that are searched: Enter asks for the page with fewer of them -----------------
  document.addEventListener("keydown", (event) => {
    const { pmNarrow: name, without } = event.target.dataset || {};
    if (!name || event.key !== "Enter") return;
    event.preventDefault();
    const query = new URLSearchParams(window.location.search);
    query.delete(without);
    if (event.target.value) query.set(name, event.target.value); else query.delete(name);
    window.location.assign(`?${query}${window.location.hash}`);
  });

  // --- the rest -------------------------------------------------------------------------------
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-pm-switch]");
    if (!form) return;
    const query = new URLSearchParams(window.location.search);
    new FormData(form).forEach((value, key) => query.set(key, value));
    window.location.assign(`?${query}${window.location.hash}`);
  });
  document.addEventListener("submit", (event) => {
    const question = (event.submitter && event.submitter.dataset.pmConfirm) || event.target.dataset.pmConfirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // --- a part of the page that is asked for again while something runs --------------------------
  function live(root) {
    const wait = Number(root.dataset.pmLive) || 2000;
    const again = async () => {
      if (document.hidden) { setTimeout(again, wait); return; }
      try {
        const answer = await fetch(window.location.href, { headers: { "X-Requested-With": "fetch" } });
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(root.id);
        if (!fresh) return;
        root.replaceChildren(...fresh.childNodes);
        root.dataset.running = fresh.dataset.running || "";
      } catch { /* the next round tries again */ }
      if (root.dataset.running) setTimeout(again, wait);
    };
    if (root.dataset.running) setTimeout(again, wait);
  }

  // --- what a cadence means: its next slots, as it is typed --------------------------------------
  function cadence(input) {
    const out = element("ul", { class: "pm-slots", "aria-live": "polite" });
    input.after(out);
    let timer;
    const show = async () => {
      const zone = document.querySelector('[name="time_zone"]');
      const query = new URLSearchParams({ cadence: input.value, zone: zone ? zone.value : "UTC" });
      const answer = await fetch(`${input.dataset.pmCadence}?${query}`);
      if (!answer.ok) return;
      const { slots, error } = await answer.json();
      out.replaceChildren(...(error ? [element("li", { class: "pm-error" }, error)] : slots.map((slot) => element("li", {}, slot))));
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 300); });
    document.querySelector('[name="time_zone"]')?.addEventListener("change", show);
    show();
  }

  // --- settings that have an effect only beside another one ------------------------------------
  const lineOf = (input) => input.closest(".form-row, .field-line, [class*='field-']");
  function needing(inputs) {
    const holds = (field, values) => {
      const said = field.type === "checkbox" ? field.checked : field.value;
      return values ? values.split("|").includes(said) : Boolean(said);
    };
    inputs.forEach((input) => {
      const [name, values] = input.dataset.pmNeeds.split("=");
      const field = document.querySelector(`[name="${name}"]`);
      const line = lineOf(input), box = input.closest("fieldset");
      if (!name || !field || !line) return;
      const show = () => {
        line.style.display = holds(field, values) ? "" : "none";
        // A heading with nothing left below it goes too.
        const shown = (one) => one.type !== "hidden" && lineOf(one)?.style.display !== "none";
        if (box) box.style.display = [...box.querySelectorAll("input, select, textarea")].some(shown) ? "" : "none";
      };
      field.addEventListener("change", show);
      show();
    });
  }

  const start = (scope) => {
    needing(scope.querySelectorAll("[data-pm-needs]"));
    scope.querySelectorAll("[data-pm-cadence]").forEach(cadence);
    scope.querySelectorAll("[data-pm-grid]").forEach(grid);
    scope.querySelectorAll("[data-pm-pick]").forEach(picker);
    scope.querySelectorAll("select[data-pm-search]").forEach(searchable);
    scope.querySelectorAll("[data-pm-live]").forEach(live);
  };
  window.pmDesk = { element, icon, ask, choose, touched, loads, searchable, start };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => start(document));
  else start(document);
})();
