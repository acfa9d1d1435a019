// The flat plan: products are dragged onto pages of their chapter, and pins let go.
"use strict";
(() => {
  const plan = document.querySelector("[data-pm-plan]");
  if (!plan) return;
  const form = document.getElementById("pm-pin");
  let dragged = null;

  function send(identifier, page) {
    form.elements.identifier.value = identifier;
    form.elements.page.value = page;
    form.submit();
  }

  function chapterOf(item) {
    return item.closest("[data-chapter]").dataset.chapter;
  }

  plan.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-identifier]");
    if (dragged) event.dataTransfer.setData("text/plain", dragged.dataset.identifier);
  });
  plan.addEventListener("dragend", () => {
    dragged = null;
    plan.querySelectorAll(".is-over").forEach((page) => page.classList.remove("is-over"));
  });
  plan.addEventListener("dragover", (event) => {
    const page = event.target.closest("[data-chapter]");
    plan.querySelectorAll(".is-over").forEach((one) => one !== page && one.classList.remove("is-over"));
    if (!page || !dragged || page.dataset.chapter !== chapterOf(dragged)) return;
    event.preventDefault();
    page.classList.add("is-over");
  });
  plan.addEventListener("drop", (event) => {
    const page = event.target.closest("[data-chapter]");
    if (!page || !dragged) return;
    event.preventDefault();
    if (page !== dragged.closest("[data-chapter]")) send(dragged.dataset.identifier, page.dataset.page);
  });
  plan.addEventListener("click", (event) => {
    if (event.target.closest("[data-unpin]")) {
      send(event.target.closest("[data-identifier]").dataset.identifier, "");
    }
  });
})();
