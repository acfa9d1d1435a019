// The pages: attract loop, home, category, product, search.
"use strict";

function picture(file, options) {
  const alt = options.alt || "";
  return el("img", { src: file, alt, class: options.class, loading: options.lazy ? "lazy" : null });
}

function card(product, ahead) {
  const first = (product.pictures || [])[0];
  const image = first
    ? picture(first.s, { lazy: !ahead })
    : el("span", { class: "blank", "aria-hidden": "true" }, product.name.slice(0, 1));
  return el("a", { class: "card", href: address("product", product.id) }, image,
    el("span", { class: "name" }, product.name),
    product.price ? el("span", { class: "note" }, priceText(product.price)) : null);
}

function priceText(price) {
  return (price.from ? price.from + " " : "") + "\u2068" + price.text + "\u2069";
}

function grid(products) {
  if (!products.length) return el("p", { class: "lead" }, say("no_results"));
  return el("div", { class: "grid" }, products.map((p, n) => card(p, n < 8)));
}

// No two neighbours show the same product.
function categoryCard(category, n, all) {
  const before = new Set(all.slice(0, n).map((each) => each.shown));
  const pictured = category.products.filter((p) => p.pictures);
  const shown = pictured.find((p) => !before.has(p)) || pictured[0] || category.products[0];
  category.shown = shown;
  const first = (shown.pictures || [])[0];
  const count = say("products_count", { count: category.products.length });
  return el("a", { class: "category", href: address("category", category.code) },
    first ? picture(first.s, {}) : null,
    el("span", { class: "label" }, el("strong", {}, category.label),
      el("span", { class: "note" }, count)));
}

const views = {
  home() {
    const { top } = store.language.tree;
    // A tree with one branch at its top begins below it.
    const shown = top.length === 1 ? store.language.tree.below(top[0].code) : top;
    const body = shown.length
      ? el("div", { class: "categories" }, shown.map(categoryCard))
      : grid(store.language.products);
    return [el("h1", {}, store.bundle.title || say("categories")), body];
  },

  category(code) {
    const found = store.language.tree.get(code);
    if (!found) return views.home();
    const below = store.language.tree.below(code);
    const chips = below.map((c) =>
      el("a", { class: "chip", href: address("category", c.code) }, c.label));
    return [el("h1", {}, found.label),
      chips.length ? el("nav", { class: "chips" }, chips) : null, grid(found.products)];
  },

  product(id) {
    const product = store.language.byId.get(id);
    return product ? productPage(product) : views.home();
  },

  search(text) {
    const results = el("div", { class: "results" });
    const field = el("input", { type: "text", value: text, "aria-label": say("search"),
      autocomplete: "off", spellcheck: "false", inputmode: "none" });
    const show = () => results.replaceChildren(field.value ? grid(search(field.value)) : "");
    field.addEventListener("input", () => {
      history.replaceState(null, "", address("search", field.value));
      show();
    });
    show();
    return [el("h1", {}, say("search")),
      el("div", { class: "searching" }, field, keyboard(field)), results];
  },
};

function productPage(product) {
  return [el("div", { class: "product" }, gallery(product), facts(product)),
    product.html ? el("section", { class: "prose", html: product.html }) : null,
    ...(product.specs || []).map(specTable), variantTable(product.variants), related(product)];
}

function gallery(product) {
  const shown = product.pictures || [];
  if (!shown.length) return el("div", { class: "gallery blank" }, product.name.slice(0, 1));
  const main = picture(shown[0].l, { alt: shown[0].alt, class: "main" });
  const buttons = shown.map((each, n) => el("button", {
    type: "button", "aria-pressed": String(n === 0), "aria-label": `${say("pictures")} ${n + 1}`,
    onclick(event) {
      main.src = each.l;
      main.alt = each.alt;
      for (const b of buttons) b.setAttribute("aria-pressed", String(b === event.currentTarget));
    },
  }, picture(each.s, {})));
  return el("div", { class: "gallery" }, main,
    shown.length > 1 ? el("div", { class: "thumbs" }, buttons) : null);
}

function facts(product) {
  const { price, state } = product;
  return el("div", { class: "facts" },
    product.maker ? el("p", { class: "maker" }, product.maker) : null,
    el("h1", {}, product.name),
    product.lead ? el("p", { class: "lead" }, product.lead) : null,
    price ? el("p", { class: "price" }, price.from ? el("span", { class: "note" }, price.from) : null,
      el("strong", {}, el("bdi", {}, price.text)),
      price.regular ? el("s", {}, el("bdi", {}, price.regular)) : null,
      el("span", { class: "note" }, price.tax)) : null,
    state && state.code ? el("p", { class: "state " + state.code }, state.text) : null,
    el("p", { class: "note" }, say("article_number") + ": ", el("bdi", {}, product.id)),
    el("figure", { class: "handover" }, qrCode(product.qr, say("scan")),
      el("figcaption", {}, say("scan"))));
}

function specTable([title, rows]) {
  return el("section", { class: "specs" }, el("h2", {}, title), el("table", {}, el("tbody", {},
    rows.map(([label, html]) =>
      el("tr", {}, el("th", { scope: "row" }, label), el("td", { html }))))));
}

function variantTable(variants) {
  if (!variants) return null;
  const head = [say("article_number"), ...variants.axes, say("price"), say("availability")];
  const rows = variants.rows.map((row) => el("tr", {},
    el("th", { scope: "row" }, el("bdi", {}, row.id)), row.cells.map((c) => el("td", {}, c)),
    el("td", {}, el("bdi", {}, row.price)),
    el("td", {}, row.state.code ? el("span", { class: "state " + row.state.code }, row.state.text)
      : "–")));
  return el("section", { class: "variants" }, el("h2", {}, say("variants")),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("variants") },
      el("table", {}, el("thead", {}, el("tr", {},
        head.map((text) => el("th", { scope: "col" }, text)))), el("tbody", {}, rows))));
}

function related(product) {
  const found = (product.related || []).map((id) => store.language.byId.get(id)).filter(Boolean);
  const once = [...new Set(found)].filter((each) => each !== product).slice(0, 6);
  return once.length
    ? el("section", { class: "related" }, el("h2", {}, say("related")), grid(once)) : null;
}

const LETTERS = {
  ar: "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىء",
  da: "abcdefghijklmnopqrstuvwxyzæøå",
  de: "abcdefghijklmnopqrstuvwxyzäöüß",
  fi: "abcdefghijklmnopqrstuvwxyzåäö",
  fr: "abcdefghijklmnopqrstuvwxyzéèçàêô",
  pl: "aąbcćdeęfghijklłmnńoóprsśtuvwxyzźż",
  sv: "abcdefghijklmnopqrstuvwxyzåäö",
};

function keyboard(field) {
  const letters = LETTERS[store.language.locale.split("-")[0]] || "abcdefghijklmnopqrstuvwxyz";
  const type = (change) => {
    field.value = change(field.value);
    field.dispatchEvent(new Event("input"));
  };
  const key = (label, change, name) =>
    el("button", { type: "button", class: "key" + (name ? " wide" : ""), "aria-label": name,
      onclick: () => type(change) }, label);
  return el("div", { class: "keyboard", role: "group", "aria-label": say("search") },
    [..."1234567890", ...letters, "-"].map((c) => key(c, (text) => text + c)),
    key("␣", (text) => text + " ", "space"), key("⌫", (text) => text.slice(0, -1), say("back")));
}
