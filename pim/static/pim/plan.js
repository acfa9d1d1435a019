// The flat plan: products and pages are put elsewhere in their chapter, by pointer or keyboard.
"use strict";
(() => {
  const plan = document.querySelector("[data-pm-plan]");
  if (!plan) return;
  const dialog = document.getElementById("pm-move");
  const form = dialog.querySelector("form");
  const field = form.elements;
  const pins = plan.hasAttribute("data-pins");
  let dragged = null; // a product, or a page with all that stands on it

  const pageOf = (node) => node.closest("[data-chapter]");
  const isPage = (node) => node.matches("[data-page]");
  const chapter = (node) => pageOf(node).dataset.chapter;
  const inChapter = (selector, node) =>
    [...plan.querySelectorAll(selector)].filter((one) => chapter(one) === chapter(node));
  const products = (node) => inChapter("[data-chapter] [data-identifier]", node);
  const pages = (node) => inChapter("[data-chapter]", node);

  function send(values) {
    form.querySelectorAll("select").forEach((select) => { select.disabled = true; });
    Object.entries(values).forEach(([name, value]) => {
      if (field[name].tagName === "SELECT") field[name].replaceChildren(new Option(value, value));
      field[name].disabled = false;
      field[name].value = value;
    });
    form.submit();
  }

  function beside(product, anchor, behind) {
    const names = { identifier: product.dataset.identifier, anchor: anchor.dataset.identifier };
    send({ move: "beside", ...names, behind: behind ? "1" : "", page: pageOf(anchor).dataset.page });
  }

  function pageTo(page, target) {
    send({ move: "page", page: page.dataset.page, to: target.dataset.page });
  }

  function pinTo(product, page) {
    const number = page.dataset.page;
    send({ move: "pin", identifier: product.dataset.identifier, to: number, page: number });
  }

  // By pointer

  function clear() {
    plan.querySelectorAll(".is-over, .is-before, .is-behind").forEach((one) =>
      one.classList.remove("is-over", "is-before", "is-behind"));
  }

  function goal(event) {
    const page = event.target.closest("[data-chapter]");
    if (!page || !dragged || page.dataset.chapter !== chapter(dragged)) return null;
    if (isPage(dragged)) return page === dragged ? null : { page };
    const anchor = event.target.closest("[data-identifier]");
    if (anchor === dragged) return null;
    if (!anchor) return page !== pageOf(dragged) || pins ? { page } : null;
    const box = anchor.getBoundingClientRect();
    return { page, anchor, behind: event.clientY > box.top + box.height / 2 };
  }

  plan.addEventListener("dragstart", (event) => {
    const grip = event.target.closest("[data-move='page']");
    dragged = grip ? pageOf(grip) : event.target.closest("[data-identifier]");
    if (!dragged) return;
    event.dataTransfer.setData("text/plain", dragged.dataset.identifier || dragged.dataset.page);
    event.dataTransfer.effectAllowed = "move";
    dragged.classList.add("is-dragged");
  });
  plan.addEventListener("dragend", () => {
    if (dragged) dragged.classList.remove("is-dragged");
    dragged = null;
    clear();
  });
  plan.addEventListener("dragover", (event) => {
    clear();
    const found = goal(event);
    if (!found) return;
    event.preventDefault();
    if (found.anchor) found.anchor.classList.add(found.behind ? "is-behind" : "is-before");
    else found.page.classList.add("is-over");
  });
  plan.addEventListener("drop", (event) => {
    const found = goal(event);
    if (!found) return;
    event.preventDefault();
    if (isPage(dragged)) pageTo(dragged, found.page);
    else if (found.anchor) beside(dragged, found.anchor, found.behind);
    else pinTo(dragged, found.page);
  });

  // By keyboard

  function choose(node, grip) {
    const others = isPage(node)
      ? pages(node).filter((one) => one !== node)
      : products(node).filter((one) => one.dataset.identifier !== node.dataset.identifier);
    dialog.querySelector("h2").textContent = grip.getAttribute("aria-label");
    field.move.value = isPage(node) ? "page" : "beside";
    field.identifier.value = node.dataset.identifier || "";
    field.page.value = pageOf(node).dataset.page;
    field.anchor.replaceChildren(...others.filter((one) => !isPage(one)).map((one) =>
      new Option(`${one.dataset.identifier} (${pageOf(one).dataset.folio})`, one.dataset.identifier)));
    const there = isPage(node) ? others : pages(node);
    field.to.replaceChildren(...there.map((one) => new Option(one.dataset.folio, one.dataset.page)));
    field.behind.hidden = isPage(node);
    field.behind.value = "";
    show();
    dialog.showModal();
  }

  function show() {
    const page = field.move.value === "page" || field.behind.value === "pin";
    field.anchor.hidden = field.anchor.disabled = page;
    field.to.hidden = field.to.disabled = !page;
    form.querySelector(".pm-btn--main").disabled = !(page ? field.to : field.anchor).options.length;
  }

  function step(node, by) {
    const row = isPage(node) ? pages(node) : products(node);
    const target = row[row.indexOf(node) + by];
    if (!target) return;
    if (isPage(node)) pageTo(node, target);
    else beside(node, target, by > 0);
  }

  const holder = (grip) => (grip.dataset.move === "page" ? pageOf(grip) : grip.closest("[data-identifier]"));

  plan.addEventListener("click", (event) => {
    const grip = event.target.closest("[data-move]");
    if (grip) choose(holder(grip), grip);
    if (event.target.closest("[data-unpin]")) {
      const product = event.target.closest("[data-identifier]");
      send({ move: "free", identifier: product.dataset.identifier, page: pageOf(product).dataset.page });
    }
  });
  plan.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-move]");
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (!grip || !event.altKey || !by) return;
    event.preventDefault();
    step(holder(grip), by);
  });
  field.behind.addEventListener("change", show);
  form.addEventListener("submit", () => {
    if (field.behind.value === "pin") field.move.value = "pin";
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
})();
