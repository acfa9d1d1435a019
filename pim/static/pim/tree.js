// The category tree: arrow keys walk, Alt+arrows move, drag and drop moves; branches load when opened.
(() => {
  "use strict";
  const tree = document.querySelector("[data-pm-tree]");
  if (!tree) return;
  const say = (text) => { document.querySelector(".pm-live").textContent = text; };
  const csrf = () => (document.cookie.match(/csrftoken=([^;]+)/) || [])[1] || "";
  const nodes = () => [...tree.querySelectorAll(".pm-node")].filter((n) => n.offsetParent !== null);
  const group = (node) => node.querySelector(":scope > ul");
  const parentOf = (node) => node.parentElement.closest(".pm-node");
  const siblings = (node) => [...node.parentElement.children];

  async function open(node) {
    if (!node.hasAttribute("aria-expanded")) return;
    const list = group(node);
    if (!list.childElementCount) {
      const answer = await fetch(`${tree.dataset.branch}?of=${node.dataset.id}`);
      if (!answer.ok) { say(String(answer.status)); return; }
      list.innerHTML = await answer.text();
    }
    list.hidden = false;
    node.setAttribute("aria-expanded", "true");
  }
  function close(node) {
    if (!node.hasAttribute("aria-expanded")) return;
    group(node).hidden = true;
    node.setAttribute("aria-expanded", "false");
  }
  const isOpen = (node) => node.getAttribute("aria-expanded") === "true";
  function focus(node) {
    if (!node) return;
    tree.querySelectorAll('.pm-node[tabindex="0"]').forEach((n) => { n.tabIndex = -1; });
    node.tabIndex = 0;
    node.focus();
  }

  async function place(node, parent, before) {
    const body = new URLSearchParams({ parent: parent ? parent.dataset.id : "", before: before ? before.dataset.id : "" });
    const answer = await fetch(node.dataset.place, { method: "POST", body, headers: { "X-CSRFToken": csrf() } });
    if (!answer.ok) {
      say((await answer.json().catch(() => ({ message: answer.status }))).message);
      return;
    }
    const old = parentOf(node);
    if (parent) { parent.setAttribute("aria-expanded", parent.getAttribute("aria-expanded") || "true"); await open(parent); }
    const list = parent ? group(parent) : tree;
    const here = list.querySelector(`:scope > #category-${node.dataset.id}`);
    if (here && here !== node) here.remove();
    list.insertBefore(node, before && before.parentElement === list ? before : null);
    if (old && !group(old).childElementCount) { old.removeAttribute("aria-expanded"); group(old).hidden = true; }
    list.hidden = false;
    node.querySelector(".pm-node__toggle").disabled = !node.hasAttribute("aria-expanded");
    if (parent) parent.querySelector(".pm-node__toggle").disabled = false;
    focus(node);
  }
  function move(node, way) {
    const all = siblings(node), at = all.indexOf(node), parent = parentOf(node);
    if (way === "up" && at > 0) return place(node, parent, all[at - 1]);
    if (way === "down" && at < all.length - 1) return place(node, parent, all[at + 2] || null);
    if (way === "in" && at > 0) return place(node, all[at - 1], null);
    if (way === "out" && parent) return place(node, parentOf(parent), parent.nextElementSibling);
    return null;
  }

  tree.addEventListener("click", (event) => {
    const node = event.target.closest(".pm-node");
    if (!node) return;
    const mover = event.target.closest("[data-move]");
    if (mover) { move(node, mover.dataset.move); return; }
    if (event.target.closest(".pm-node__toggle")) { if (isOpen(node)) close(node); else open(node); focus(node); }
  });
  tree.addEventListener("keydown", (event) => {
    const node = event.target.closest(".pm-node");
    if (!node || event.target !== node) return;
    const shown = nodes(), at = shown.indexOf(node);
    const walk = { ArrowDown: () => focus(shown[at + 1]), ArrowUp: () => focus(shown[at - 1]), Home: () => focus(shown[0]), End: () => focus(shown[shown.length - 1]),
      ArrowRight: () => (isOpen(node) ? focus(group(node).firstElementChild) : open(node)),
      ArrowLeft: () => (isOpen(node) ? close(node) : focus(parentOf(node))),
      Enter: () => { node.querySelector(".pm-node__label").click(); } };
    const carry = { ArrowDown: "down", ArrowUp: "up", ArrowRight: "in", ArrowLeft: "out" };
    if (event.altKey && carry[event.key]) { event.preventDefault(); move(node, carry[event.key]); } else if (walk[event.key]) { event.preventDefault(); walk[event.key](); }
  });

  let dragged = null;
  tree.addEventListener("dragstart", (event) => { dragged = event.target.closest(".pm-node"); event.dataTransfer.effectAllowed = "move"; });
  tree.addEventListener("dragover", (event) => {
    const over = event.target.closest(".pm-node");
    if (!dragged || !over || dragged.contains(over)) return;
    event.preventDefault();
    tree.querySelectorAll(".is-over").forEach((n) => n.classList.remove("is-over"));
    over.classList.add("is-over");
  });
  tree.addEventListener("drop", (event) => {
    const over = event.target.closest(".pm-node");
    tree.querySelectorAll(".is-over").forEach((n) => n.classList.remove("is-over"));
    if (!dragged || !over || dragged.contains(over)) return;
    event.preventDefault();
    const box = over.querySelector(".pm-node__row").getBoundingClientRect();
    if (event.clientY < box.top + box.height / 3) place(dragged, parentOf(over), over);
    else place(dragged, over, null);
    dragged = null;
  });
  const first = tree.querySelector(".pm-node");
  if (first) first.tabIndex = 0;
  [...tree.children].slice(0, 3).forEach(open);
})();
