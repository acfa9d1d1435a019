// Packaging: its levels side by side; what is wrong or doubtful is said under the cell it is about.
(() => {
  "use strict";
  const { element, icon, touched, loads } = window.pmDesk;

  function packs(root) {
    const setup = loads(root.dataset.setup, {}), input = root.querySelector("input[type=hidden]");
    const names = new Map(setup.levels), order = setup.levels.map(([code]) => code);
    const held = new Map(), off = input.disabled;
    loads(input.value, []).forEach((level) => { if (names.has(level.level)) held.set(level.level, { ...level }); });
    if (!held.has(order[0])) held.set(order[0], { level: order[0] });
    const table = element("table", {}), notes = element("p", { class: "pm-error" });
    const adders = element("div", { class: "pm-packs__add" });
    const present = () => order.filter((code) => held.has(code));

    const filled = (value) => value !== undefined && value !== null && value !== "" && (typeof value !== "object" || value.amount !== "");
    function keep() {
      const levels = present().map((code) => Object.fromEntries(Object.entries(held.get(code)).filter(([, value]) => filled(value))));
      const bare = levels.length === 1 && Object.keys(levels[0]).every((part) => ["level", "base_units"].includes(part));
      input.value = JSON.stringify(bare ? [] : levels);
      touched(input);
      later();
    }
    function put(level, part, value) { held.get(level)[part] = value; keep(); }

    // --- cells ---------------------------------------------------------------------------------
    const says = (level, part, more) => ({ "aria-label": [names.get(level), part.label, more].filter(Boolean).join(" · "), disabled: off });
    const choice = (options, chosen, onchange, attributes) => {
      const list = element("select", { class: "pm-select", ...attributes, onchange: () => onchange(list.value) },
        ...options.map(([code, label]) => element("option", { value: code, selected: code === chosen }, label)));
      return list;
    };
    const box = (value, oninput, attributes) => {
      const made = element("input", { class: "pm-input", type: "text", dir: "ltr", value: value ?? "", ...attributes, oninput: () => oninput(made.value.trim()) });
      return made;
    };
    function measure(level, part) {
      const units = setup.units[part.code], now = held.get(level)[part.code];
      const data = now && typeof now === "object" ? { ...now } : { amount: now ?? "", unit: setup.unit[part.code] };
      const change = () => put(level, part.code, { ...data });
      return element("span", { class: "pm-packs__pair" },
        box(data.amount, (text) => { data.amount = text; change(); }, { inputmode: "decimal", ...says(level, part) }),
        choice(units, data.unit, (unit) => { data.unit = unit; change(); }, says(level, part, setup.words.unit)));
    }
    function contains(level, part) {
      const smaller = present().filter((code) => order.indexOf(code) < order.indexOf(level));
      const now = held.get(level);
      if (!smaller.includes(now.contains)) now.contains = smaller[smaller.length - 1];
      return element("span", { class: "pm-packs__pair" },
        box(now.quantity, (text) => put(level, "quantity", text), { inputmode: "numeric", ...says(level, part) }),
        element("span", { "aria-hidden": "true" }, "×"),
        choice(smaller.map((code) => [code, names.get(code)]), now.contains, (code) => put(level, "contains", code), says(level, part, setup.words.inside)));
    }
    function control(level, part) {
      if (part.code !== "base_units" && part.groups && level === order[0]) return element("span", { class: "pm-muted" }, "–");
      if (part.kind === "out") return element("output", { class: "pm-packs__out" }, held.get(level).base_units ?? "");
      if (part.kind === "contains") return contains(level, part);
      if (part.kind === "measure") return measure(level, part);
      if (part.kind === "material") return choice([["", "–"], ...setup.materials], held.get(level).material, (code) => put(level, "material", code), says(level, part));
      return box(held.get(level)[part.code], (text) => put(level, part.code, text), { inputmode: "numeric", ...says(level, part) });
    }

    // --- table ---------------------------------------------------------------------------------
    function draw() {
      const levels = present();
      const heads = levels.map((level) => element("th", { scope: "col" }, element("span", { class: "pm-packs__head" }, names.get(level),
        level === order[0] || off ? null : element("button", { type: "button", class: "pm-icon", title: `${setup.words.remove}: ${names.get(level)}`, onclick: () => { held.delete(level); draw(); keep(); } }, icon("close")))));
      const rows = setup.parts.map((part) => element("tr", {}, element("th", { scope: "row" }, part.label),
        ...levels.map((level) => element("td", { "data-cell": `${level}|${part.code}` }, control(level, part)))));
      table.replaceChildren(element("thead", {}, element("tr", {}, element("td", {}), ...heads)), element("tbody", {}, ...rows));
      adders.replaceChildren(...(off ? [] : order.filter((code) => !held.has(code)).map((code) =>
        element("button", { type: "button", class: "pm-btn pm-btn--small", title: setup.words.add, onclick: () => {
          held.set(code, { level: code });
          draw();
          keep();
          table.querySelector(`[data-cell="${code}|gtin"] input`).focus();
        } }, `+ ${names.get(code)}`))));
    }

    // --- what is wrong, and how many pieces there are ---------------------------------------------
    let timer, turn = 0;
    const later = () => { clearTimeout(timer); timer = setTimeout(check, 300); };
    async function check() {
      const mine = (turn += 1), own = setup.own && document.querySelector(`[name="${CSS.escape(setup.own)}"]`);
      const body = JSON.stringify({ attribute: setup.attribute, levels: loads(input.value, []), gtin: own ? own.value : "" });
      const token = document.querySelector("[name=csrfmiddlewaretoken]");
      const answer = await fetch(setup.check, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token ? token.value : "" } });
      if (answer.ok && mine === turn) show(await answer.json());
    }
    function show({ problems, units }) {
      table.querySelectorAll("[data-cell]").forEach((cell) => {
        cell.classList.remove("is-wrong", "is-doubtful");
        cell.querySelectorAll("small").forEach((note) => note.remove());
        cell.querySelectorAll("[aria-invalid]").forEach((box) => { box.removeAttribute("aria-invalid"); box.removeAttribute("aria-describedby"); });
      });
      present().forEach((level) => {
        const out = table.querySelector(`[data-cell="${level}|base_units"] output`);
        out.textContent = units[level] ?? "";
      });
      const elsewhere = problems.filter((problem) => !beside(problem)).map((problem) => problem.text);
      notes.textContent = elsewhere.join(" ");
      notes.hidden = !elsewhere.length;
    }
    function beside({ level, part, text, doubt }) {
      const cell = table.querySelector(`[data-cell="${level}|${part}"]`);
      if (!cell) return false;
      const id = `${input.id}-${level}-${part}`, box = cell.querySelector("input, select");
      cell.classList.add(doubt ? "is-doubtful" : "is-wrong");
      cell.append(element("small", { id, role: "status" }, text));
      if (box) { box.setAttribute("aria-describedby", id); box.setAttribute("aria-invalid", String(!doubt)); }
      return true;
    }

    draw();
    root.append(element("div", { class: "pm-packs__scroll" }, table), adders, notes);
    notes.hidden = true;
    if (input.value !== "[]") check();
    const own = setup.own && document.querySelector(`[name="${CSS.escape(setup.own)}"]`);
    if (own) own.addEventListener("input", later);
  }
  document.querySelectorAll("[data-pm-packs]").forEach(packs);
})();
