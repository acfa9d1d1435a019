// Builders: conditions and operations put together row by row; what they say lives in a hidden input.
(() => {
  "use strict";
  const { element, icon, searchable } = window.pmDesk;
  const source = document.getElementById("pm-vocabulary");
  if (!source) return;
  const words = JSON.parse(source.textContent);
  const attributes = new Map(words.attributes.map((a) => [a.code, a]));
  const fields = new Map(words.fields.map((f) => [f.code, f]));
  // Sent once, for conditions and operations alike.
  fields.get("categories").choices = words.categories;
  fields.get("family").choices = words.families;
  const MANY = 20;

  // --- small parts ----------------------------------------------------------------------------
  const select = (choices, value, change, more = {}) => {
    const list = element("select", { class: "pm-select", ...more, onchange: () => change(more.multiple ? [...list.selectedOptions].map((o) => o.value) : list.value) },
      ...choices.map(([code, label]) => element("option", { value: code, selected: more.multiple ? (value || []).includes(code) : code === value }, label)));
    return list;
  };
  const input = (value, change, more = {}) => {
    const box = element(more.long ? "textarea" : "input", { class: "pm-input", dir: "auto", value: more.long ? null : value ?? "", ...more, oninput: () => change(box.value) });
    if (more.long) box.value = value ?? "";
    return box;
  };
  const labelled = (text, ...parts) => element("label", { class: "pm-part" }, element("small", {}, text), ...parts);
  const check = (text, value, change) => {
    const box = element("input", { type: "checkbox", onchange: () => change(box.checked) });
    box.checked = Boolean(value);
    return element("label", { class: "pm-check" }, box, text);
  };
  const list = (text) => text.split(",").map((part) => part.trim()).filter(Boolean);
  const pickAttribute = (value, change, wanted = () => true) => {
    const box = element("select", { class: "pm-select", "aria-label": words.words.attribute, onchange: () => change(box.value) }, element("option", { value: "" }, words.words.attribute));
    words.groups.forEach(([group, label]) => {
      const held = words.attributes.filter((a) => a.group === group && wanted(a));
      if (held.length) box.append(element("optgroup", { label }, ...held.map((a) => element("option", { value: a.code, selected: a.code === value }, a.label))));
    });
    return box;
  };
  const place = (spot, changed, { all = false, wanted } = {}) => {
    const attribute = attributes.get(spot.attribute);
    const parts = [pickAttribute(spot.attribute, (code) => {
      const next = attributes.get(code);
      spot.attribute = code;
      if (next && next.localizable) spot.locale = spot.locale || words.locale; else delete spot.locale;
      if (next && next.scopable) spot.channel = spot.channel || words.channel; else delete spot.channel;
      changed(true);
    }, wanted)];
    const star = all ? [["*", words.words.all]] : [];
    if (attribute && attribute.localizable) parts.push(select([...star, ...words.locales], spot.locale, (code) => { spot.locale = code; changed(); }, { "aria-label": words.words.locale }));
    if (attribute && attribute.scopable) parts.push(select([...star, ...words.channels], spot.channel, (code) => { spot.channel = code; changed(); }, { "aria-label": words.words.channel }));
    return parts;
  };

  // --- values by kind --------------------------------------------------------------------------
  const value = (attribute, held, change) => {
    const named = { "aria-label": words.words.value };
    if (!attribute) return null;
    switch (attribute.kind) {
      case "boolean": return select([["", "–"], ["true", words.words.yes], ["false", words.words.no]], String(held ?? ""), (v) => change(v === "" ? null : v === "true"), named);
      case "select": return attribute.options ? select([["", "–"], ...attribute.options], held, change, named) : input(held, change, named);
      case "multiselect": return attribute.options ? select(attribute.options, held, change, { ...named, multiple: true, size: Math.min(6, attribute.options.length || 1) }) : input((held || []).join(", "), (v) => change(list(v)), named);
      case "date": return input(held, change, { ...named, type: "date" });
      case "number": return input(held, change, { ...named, inputmode: "decimal" });
      case "measurement": {
        const now = typeof held === "object" && held ? held : { amount: "", unit: attribute.unit };
        return element("span", { class: "pm-pair" }, input(now.amount, (v) => { now.amount = v; change({ ...now }); }, { ...named, inputmode: "decimal", class: "pm-input pm-input--short" }), select(attribute.units, now.unit, (v) => { now.unit = v; change({ ...now }); }));
      }
      case "price": {
        const now = typeof held === "object" && held ? held : {};
        return element("span", { class: "pm-prices" }, ...words.currencies.map((code) => element("label", { class: "pm-pair" }, input(now[code], (v) => { if (v) now[code] = v; else delete now[code]; change({ ...now }); }, { inputmode: "decimal", class: "pm-input pm-input--short" }), code)));
      }
      case "media": case "product": case "reference": return input((held || []).join(", "), (v) => change(list(v)), { ...named, placeholder: words.words.codes });
      case "table": case "packaging": return input(held ? JSON.stringify(held) : "", (v) => { try { change(JSON.parse(v)); } catch { change(v); } }, { ...named, long: true });
      case "textarea": case "richtext": return input(held, change, { ...named, long: true });
      default: return input(held, change, named);
    }
  };
  const stated = (attribute, row, changed) => {
    const state = row.value && typeof row.value === "object" ? row.value.$state : "";
    const box = select([["", words.words.value], ["empty", words.words.empty], ["unknown", words.words.unknown], ["na", words.words.na]], state || "", (code) => { row.value = code ? { $state: code } : null; changed(true); });
    return [box, state ? null : value(attribute, row.value, (v) => { row.value = v; changed(); })];
  };

  // --- operations ------------------------------------------------------------------------------
  const TEXTS = ["text", "textarea", "richtext"], LISTS = ["multiselect", "media", "product", "reference"];
  const codes = (choices, row, changed, name = "codes") => [
    select([["add", words.words.add], ["remove", words.words.take], ["replace", words.words.instead]], row.mode || "add", (v) => { row.mode = v; changed(); }),
    choices ? select(choices, row[name], (v) => { row[name] = v; changed(); }, { multiple: true, size: Math.min(8, Math.max(2, choices.length)) }) : input((row[name] || []).join(", "), (v) => { row[name] = list(v); changed(); }, { placeholder: words.words.codes }),
  ];
  const side = (row, name) => (row[name] = row[name] && typeof row[name] === "object" ? row[name] : {});
  const ifEmpty = (row, changed) => check(words.words.ifEmpty, row.if_empty, (v) => { if (v) row.if_empty = true; else delete row.if_empty; changed(); });
  const EDITORS = {
    set: (row, changed) => [...place(row, changed, { all: true }), ...stated(attributes.get(row.attribute), row, changed), ifEmpty(row, changed)],
    clear: (row, changed) => place(row, changed, { all: true }),
    copy: (row, changed) => [labelled(words.words.from, ...place(side(row, "from"), changed, { all: true })), labelled(words.words.to, ...place(side(row, "to"), changed, { all: true })), ifEmpty(row, changed)],
    append: (row, changed) => [...place(row, changed, { all: true, wanted: (a) => LISTS.includes(a.kind) }), value(attributes.get(row.attribute), row.values, (v) => { row.values = v; changed(); })],
    remove: (row, changed) => EDITORS.append(row, changed),
    replace: (row, changed) => [...place(row, changed, { all: true, wanted: (a) => TEXTS.includes(a.kind) }), labelled(words.words.find, input(row.find, (v) => { row.find = v; changed(); })), labelled(words.words.with, input(row.with, (v) => { row.with = v; changed(); })), check(words.words.anyCase, row.any_case, (v) => { row.any_case = v; changed(); }), check(words.words.wholeWords, row.whole_words, (v) => { row.whole_words = v; changed(); })],
    concatenate: (row, changed) => {
      const box = input(row.template, (v) => { row.template = v; changed(); }, { placeholder: "{brand} {name}" });
      const add = pickAttribute("", (code) => { box.value += `${box.value && !box.value.endsWith(" ") ? " " : ""}{${code}}`; row.template = box.value; changed(); add.value = ""; }, (a) => !["media", "table", "packaging", "price", "product"].includes(a.kind));
      return [labelled(words.words.to, ...place(side(row, "to"), changed, { all: true, wanted: (a) => TEXTS.includes(a.kind) })), labelled(words.words.template, box), labelled(words.words.insert, add), ifEmpty(row, changed)];
    },
    convert: (row, changed) => {
      const attribute = attributes.get(row.attribute);
      return [...place(row, changed, { all: true, wanted: (a) => a.kind === "measurement" }), attribute ? labelled(words.words.unit, select([["", "–"], ...attribute.units], row.unit, (v) => { row.unit = v; changed(); })) : null, labelled(words.words.decimals, input(row.decimals, (v) => { if (v === "") delete row.decimals; else row.decimals = Number(v); changed(); }, { type: "number", min: 0, max: 12, class: "pm-input pm-input--tiny" }))];
    },
    map: (row, changed) => [labelled(words.words.from, ...place(side(row, "from"), changed, { all: true })), labelled(words.words.to, ...place(side(row, "to"), changed, { all: true })), table(row, changed),
      labelled(words.words.otherwise, select([["keep", words.words.keep], ["clear", words.words.clear]], row.otherwise || "keep", (v) => { row.otherwise = v; changed(); }))],
    categories: (row, changed) => codes(words.categories, row, changed),
    groups: (row, changed) => codes(words.productGroups, row, changed),
    associations: (row, changed) => [select([["", words.words.type], ...words.associations], row.type, (v) => { row.type = v; changed(); }), ...codes(null, row, changed, "products")],
    family: (row, changed) => [select([["", words.words.none], ...words.families], row.family, (v) => { row.family = v; delete row.family_variant; changed(true); }), select([["", words.words.noVariant], ...words.variants.filter(([, , family]) => family === row.family)], row.family_variant, (v) => { row.family_variant = v; changed(); })],
    parent: (row, changed) => [input(row.parent, (v) => { row.parent = v; changed(); }, { placeholder: words.words.parent })],
    enabled: (row, changed) => [select([["true", words.words.on], ["false", words.words.off]], String(row.value ?? true), (v) => { row.value = v === "true"; changed(); })],
    publish: () => [], withdraw: () => [],
  };
  function table(row, changed) {
    const from = attributes.get((row.from || {}).attribute), to = attributes.get((row.to || {}).attribute);
    const pairs = Object.entries(row.table || {});
    if (!pairs.length) pairs.push(["", ""]);
    const keep = () => { row.table = Object.fromEntries(pairs.filter(([key]) => key !== "")); changed(); };
    const box = element("div", { class: "pm-table2" });
    const draw = () => box.replaceChildren(...pairs.map((pair, n) => element("div", { class: "pm-pair" },
      from && from.options ? select([["", "–"], ...from.options], pair[0], (v) => { pair[0] = v; keep(); }) : input(pair[0], (v) => { pair[0] = v; keep(); }), element("span", { class: "pm-muted" }, "→"),
      value(to, pair[1], (v) => { pair[1] = v; keep(); }) || input(pair[1], (v) => { pair[1] = v; keep(); }),
      element("button", { type: "button", class: "pm-icon", title: words.words.drop, onclick: () => { pairs.splice(n, 1); keep(); draw(); } }, icon("close")))),
      element("button", { type: "button", class: "pm-btn pm-btn--small", onclick: () => { pairs.push(["", ""]); draw(); } }, `+ ${words.words.row}`));
    draw();
    return box;
  }

  // --- conditions ------------------------------------------------------------------------------
  const property = (code) => fields.get(code) || (attributes.has(code) ? { ...attributes.get(code), operators: words.operators[attributes.get(code).kind], attribute: true } : null);
  const NONE = ["EMPTY", "NOT EMPTY", "UNCLASSIFIED"];
  function conditionParts(row, changed) {
    const known = property(row.property);
    const box = element("select", { class: "pm-select", "aria-label": words.words.property, onchange: () => {
      const next = property(box.value);
      Object.keys(row).forEach((name) => delete row[name]);
      Object.assign(row, { property: box.value, operator: next ? next.operators[0][0] : "" });
      if (next && next.localizable) row.locale = words.locale;
      if (next && (next.scopable || next.perChannel)) row.scope = words.channel;
      changed(true);
    } }, element("option", { value: "" }, words.words.property), element("optgroup", { label: words.words.product }, ...words.fields.map((f) => element("option", { value: f.code, selected: f.code === row.property }, f.label))));
    words.groups.forEach(([group, label]) => {
      const held = words.attributes.filter((a) => a.group === group && a.kind !== "identifier");
      if (held.length) box.append(element("optgroup", { label }, ...held.map((a) => element("option", { value: a.code, selected: a.code === row.property }, a.label))));
    });
    if (!known) return [box];
    const parts = [box];
    if (known.localizable) parts.push(select(words.locales, row.locale, (v) => { row.locale = v; changed(); }));
    if (known.scopable || known.perChannel) parts.push(select(words.channels, row.scope, (v) => { row.scope = v; changed(); }));
    parts.push(select(known.operators, row.operator, (v) => { row.operator = v; if (NONE.includes(v)) delete row.value; changed(true); }, { "aria-label": words.words.operator }));
    if (!NONE.includes(row.operator)) parts.push(conditionValue(known, row, changed));
    return parts;
  }
  function conditionValue(known, row, changed) {
    const put = (v) => { row.value = v; changed(); };
    const many = row.operator.includes("IN") && !row.operator.includes("CONTAIN");
    if (known.choices || known.options) return select(known.choices || known.options, [].concat(row.value ?? []), put, { multiple: true, size: Math.min(6, (known.choices || known.options).length || 1) });
    if (known.truth || known.kind === "boolean") { if (row.value === undefined) row.value = true; return select([["true", words.words.yes], ["false", words.words.no]], String(row.value), (v) => put(v === "true")); }
    if (known.whole) return input(row.value, (v) => put(v === "" ? null : Number(v)), { type: "number", class: "pm-input pm-input--short" });
    if (known.kind === "measurement") return value(known, row.value, put);
    if (known.kind === "price") {
      const now = row.value && typeof row.value === "object" ? row.value : { amount: "", currency: words.currencies[0] };
      return element("span", { class: "pm-pair" }, input(now.amount, (v) => { now.amount = v; put({ ...now }); }, { class: "pm-input pm-input--short" }), select(words.currencies.map((c) => [c, c]), now.currency, (v) => { now.currency = v; put({ ...now }); }));
    }
    if (known.kind === "date") return input(row.value, put, { type: "date" });
    if (many) return input([].concat(row.value ?? []).join(", "), (v) => put(list(v)), { placeholder: words.words.codes });
    return input(row.value, put);
  }
  const toRows = (search) => Object.entries(search || {}).flatMap(([name, tests]) => [].concat(tests).map((test) => ({ property: name, ...test })));
  const toSearch = (rows) => {
    const search = {};
    rows.filter((row) => row.property).forEach(({ property: name, ...test }) => { (search[name] = search[name] || []).push(test); });
    return search;
  };

  // --- rows --------------------------------------------------------------------------------------
  const loads = (text, otherwise) => { try { return JSON.parse(text) ?? otherwise; } catch { return otherwise; } };
  function build(root) {
    const held = root.querySelector("input[type=hidden]"), conditions = root.dataset.pmBuild === "conditions";
    const rows = conditions ? toRows(loads(held.value, {}).search) : loads(held.value, []);
    const body = element("div", { class: "pm-build" });
    const offered = words.operations.filter(([code]) => !(root.dataset.without || "").split(" ").includes(code));
    const keep = () => { held.value = JSON.stringify(conditions ? (rows.some((r) => r.property) ? { search: toSearch(rows) } : { all: true }) : rows); held.dispatchEvent(new Event("input", { bubbles: true })); };
    const changed = (again) => { keep(); if (again) draw(); };
    function draw() {
      body.replaceChildren(...rows.map((row, n) => element("div", { class: "pm-build__row" },
        conditions ? null : select(offered, row.op, (code) => { rows[n] = code === "enabled" ? { op: code, value: true } : { op: code }; changed(true); }, { class: "pm-select pm-build__op", "aria-label": words.words.operation }),
        element("div", { class: "pm-build__parts" }, ...(conditions ? conditionParts(row, changed) : (EDITORS[row.op] || (() => []))(row, changed)).filter(Boolean)),
        element("span", { class: "pm-build__tools" },
          conditions ? null : element("button", { type: "button", class: "pm-icon", title: words.words.up, disabled: n === 0, onclick: () => { rows.splice(n - 1, 0, rows.splice(n, 1)[0]); changed(true); } }, icon("arrow_upward")),
          element("button", { type: "button", class: "pm-icon", title: words.words.drop, onclick: () => { rows.splice(n, 1); changed(true); } }, icon("close"))))));
      body.querySelectorAll("select").forEach((one) => { if (one.options.length > MANY) { one.dataset.pmSearch = words.words.add; searchable(one); } });
      if (!rows.length) body.append(element("p", { class: "pm-muted" }, root.dataset.none || ""));
    }
    root.append(body, element("button", { type: "button", class: "pm-btn pm-btn--small", onclick: () => { rows.push(conditions ? {} : { op: offered[0][0] }); changed(true); } }, `+ ${root.dataset.add}`));
    draw();
  }
  document.querySelectorAll("[data-pm-build]").forEach(build);
})();
