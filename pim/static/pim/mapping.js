// The columns of an import profile: where each goes, and what is done to its cells first.
(() => {
  "use strict";
  const read = (id) => { const node = document.getElementById(id); return node ? JSON.parse(node.textContent) : null; };
  const form = document.getElementById("profile");
  if (!form) return;
  const words = read("words"), known = read("operations"), header = read("header") || [];
  const columns = (read("columns") || []).map((c) => ({ from: c.from, to: c.to, ops: c.ops || [], join: c.join || " " }));
  const make = (tag, properties = {}, ...inside) => { const node = Object.assign(document.createElement(tag), properties); node.append(...inside); return node; };
  const fields = { replace: ["find", "with"], split: ["by", "take"], default: ["value"], prefix: ["text"], suffix: ["text"], list: ["by"] };
  const choices = { case: ["to", known && known.cases], date: ["from", known && known.dates] };

  const pairs = (values) => Object.entries(values || {}).map(([k, v]) => `${k} = ${v}`).join("\n");
  const parsed = (text) => Object.fromEntries(text.split("\n").map((line) => line.split("=")).filter((p) => p.length > 1).map(([k, ...v]) => [k.trim(), v.join("=").trim()]));

  function inputs(op) {
    if (op.op === "map") {
      const area = make("textarea", { className: "pm-input", rows: 3, value: pairs(op.values), placeholder: "rot = red" });
      area.addEventListener("input", () => { op.values = parsed(area.value); });
      return [area];
    }
    if (choices[op.op]) {
      const [name, listed] = choices[op.op];
      const select = make("select", { className: "pm-select" }, ...listed.map((v) => make("option", { value: v, textContent: v })));
      op[name] = op[name] || listed[0];
      select.value = op[name];
      select.addEventListener("change", () => { op[name] = select.value; });
      return [select];
    }
    return (fields[op.op] || []).map((name) => {
      const input = make("input", { className: "pm-input pm-input--tiny", value: op[name] ?? "", size: Math.max(5, String(op[name] ?? "").length), ariaLabel: name, placeholder: name });
      input.addEventListener("input", () => { op[name] = input.value; });
      return input;
    });
  }

  function chip(column, op, draw) {
    const away = make("button", { type: "button", className: "pm-icon", textContent: "×", ariaLabel: words.remove });
    away.addEventListener("click", () => { column.ops.splice(column.ops.indexOf(op), 1); draw(); });
    return make("span", { className: "pm-op" }, words[op.op], ...inputs(op), away);
  }

  function joined(column, title, draw) {
    const by = make("input", { className: "pm-input pm-input--tiny", value: column.join, ariaLabel: words.join });
    by.addEventListener("input", () => { column.join = by.value; });
    const away = make("button", { type: "button", className: "pm-icon", textContent: "×", ariaLabel: words.remove });
    away.addEventListener("click", () => { column.from.splice(column.from.indexOf(title), 1); draw(); });
    return make("span", { className: "pm-op" }, "+ ", title, by, away);
  }

  function prepare(row, column) {
    const cell = row.querySelector("[data-ops]"), target = row.querySelector("input[list]");
    target.addEventListener("input", () => { column.to = target.value.trim(); });
    const draw = () => {
      const add = make("select", { className: "pm-select pm-op__add", ariaLabel: words.add }, make("option", { value: "", textContent: words.add }), ...known.names.map((n) => make("option", { value: n, textContent: words[n] })), ...(column.from.length ? header.filter((t) => t && !column.from.includes(t)).map((t) => make("option", { value: `+${t}`, textContent: `${words.join}: ${t}` })) : []));
      add.addEventListener("change", () => {
        if (add.value.startsWith("+")) column.from.push(add.value.slice(1)); else column.ops.push({ op: add.value });
        draw();
      });
      cell.replaceChildren(...column.from.slice(1).map((t) => joined(column, t, draw)), ...column.ops.map((op) => chip(column, op, draw)), add);
    };
    draw();
  }

  const body = document.querySelector("#mapping tbody");
  if (body) [...body.rows].forEach((row, place) => prepare(row, columns[place]));
  const constant = form.querySelector("[data-pm-constant]");
  if (constant) constant.addEventListener("click", () => {
    const column = { from: [], to: "", ops: [{ op: "default", value: "" }], join: " " };
    const input = make("input", { className: "pm-input" });
    input.setAttribute("list", "targets");
    const cell = make("td");
    cell.dataset.ops = "";
    const row = make("tr", {}, make("th", {}, make("span", { className: "pm-muted", textContent: words.same })), make("td"), make("td", {}, input), cell);
    columns.push(column);
    body.append(row);
    prepare(row, column);
  });

  const source = form.querySelector("[data-pm-source]");
  const show = () => form.querySelectorAll("[data-pm-for]").forEach((node) => { node.hidden = !node.dataset.pmFor.split(" ").includes(source.value); });
  source.addEventListener("change", show);
  show();
  form.addEventListener("submit", () => { form.elements.mapping.value = JSON.stringify({ columns }); });
})();
