// The product list's branches panel and the choice of family when creating.
(() => {
  "use strict";
  const { element, icon, ask } = window.pmDesk;
  const panel = document.querySelector("[data-pm-branches]");
  if (panel) {
    const { url, chosen } = panel.dataset;
    const link = (code) => { const query = new URLSearchParams(window.location.search); query.set("category", code); query.delete("p"); return `?${query}`; };
    const row = (item) => {
      const list = element("ul", { hidden: true });
      const open = element("button", { type: "button", class: "pm-icon", "aria-expanded": "false", disabled: !item.deeper, "aria-label": item.label }, icon("chevron_right"));
      open.addEventListener("click", async () => {
        if (!list.childElementCount) list.append(...(await ask(url, { of: item.code, counts: 1 })).map(row));
        list.hidden = !list.hidden;
        open.setAttribute("aria-expanded", String(!list.hidden));
      });
      return element("li", {}, open, element("a", { href: link(item.code), dir: "auto", "aria-current": item.code === chosen ? "true" : null }, element("span", {}, item.label), element("small", {}, item.count ?? "")), list);
    };
    ask(url, { counts: 1 }).then((found) => {
      const rows = found.map(row);
      panel.querySelector("[data-roots]").append(...rows);
      if (rows.length <= 2) rows.forEach((one) => one.querySelector("button:not([disabled])")?.click());
    });
  }
  const wizard = document.querySelector("[data-pm-wizard]");
  if (wizard) {
    const show = () => {
      const family = (wizard.querySelector('[name="family"]:checked') || {}).value;
      wizard.querySelectorAll("[data-family]").forEach((tile) => {
        tile.hidden = tile.dataset.family !== family;
        if (tile.hidden) tile.querySelector("input").checked = false;
      });
      if (!wizard.querySelector('[name="family_variant"]:checked')) wizard.querySelector('[name="family_variant"]').checked = true;
    };
    wizard.addEventListener("change", show);
    const search = wizard.querySelector("[data-pm-tiles]");
    if (search) {
      const tiles = [...wizard.querySelectorAll('.pm-tile:has([name="family"])')];
      search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
      search.addEventListener("input", () => tiles.forEach((tile) => {
        const held = `${tile.querySelector("b").textContent} ${tile.querySelector("input").value}`.toLowerCase();
        tile.hidden = !held.includes(search.value.trim().toLowerCase()) && !tile.querySelector("input").checked;
      }));
    }
    show();
  }
})();
