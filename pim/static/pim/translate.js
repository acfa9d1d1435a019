/* Proposals of the translation memory: a click puts one into its field. */
"use strict";
document.querySelectorAll("[data-pm-propose]").forEach((button) => {
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.pmPropose);
    if (!field) return;
    field.value = button.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    const prose = field.closest(".pm-prose");
    const editor = prose && prose.querySelector(".ProseMirror");
    if (editor && editor.editor) editor.editor.commands.setContent(button.value, true);
    else field.focus();
  });
});
