// What is being shown: the bundle, the language, and where the visitor is.
"use strict";

const store = { bundle: null, languages: new Map(), language: null, trail: [], reach: false };

async function loadBundle() {
  const response = await fetch("bundle.json");
  if (!response.ok) throw new Error("bundle.json: " + response.status);
  store.bundle = await response.json();
}

async function loadLanguage(locale) {
  if (!store.languages.has(locale)) {
    const row = store.bundle.locales.find((each) => each.locale === locale);
    const data = await (await fetch(row.data)).json();
    data.products = data.products.filter(Boolean);
    data.byId = new Map();
    for (const product of data.products) {
      for (const id of [...(product.codes || []), product.id]) data.byId.set(id, product);
    }
    data.tree = categoryTree(data);
    store.languages.set(locale, data);
  }
  store.language = store.languages.get(locale);
  document.documentElement.lang = locale;
  document.documentElement.dir = store.language.direction;
  return store.language;
}

// Only categories that have products, in the editor's order.
function categoryTree(data) {
  const used = new Map();
  for (const product of data.products) {
    for (const code of product.in || []) {
      if (!used.has(code)) used.set(code, []);
      used.get(code).push(product);
    }
  }
  const kept = data.categories.filter((c) => used.has(c.code));
  kept.sort((a, b) => a.sort - b.sort || a.label.localeCompare(b.label, data.locale));
  const known = new Map(kept.map((c) => [c.code, { ...c, products: used.get(c.code) }]));
  const top = kept.filter((c) => !known.has(c.parent)).map((c) => known.get(c.code));
  const below = (code) => kept.filter((c) => c.parent === code).map((c) => known.get(c.code));
  return { top, below, get: (code) => known.get(code) };
}

function search(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  return store.language.products.filter((p) => words.every((w) => (p.find || "").includes(w)));
}

function say(key, values) {
  let text = store.language.say[key] || key;
  for (const [name, value] of Object.entries(values || {})) text = text.replace(`{${name}}`, value);
  return text;
}

// Where the visitor is lives in the address, so that a reload shows the same thing.
function here() {
  const [, locale, view, key] = location.hash.split("/");
  return { locale, view: view || "attract", key: decodeURIComponent(key || "") };
}

function address(view, key) {
  const tail = key ? "/" + encodeURIComponent(key) : "";
  return `#/${store.language.locale}/${view}${tail}`;
}

function go(view, key) {
  location.hash = address(view, key);
}
