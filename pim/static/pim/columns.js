// The columns of an export, in the order in which they are ticked.
(() => {
  "use strict";
  document.querySelectorAll("[data-pm-columns]").forEach((held) => {
    const boxes = [...held.parentElement.querySelectorAll("[data-code]")];
    const chosen = held.value ? held.value.split(",") : [];
    const number = () => boxes.forEach((box) => { const at = chosen.indexOf(box.dataset.code); box.parentElement.dataset.place = at < 0 ? "" : String(at + 1); });
    boxes.forEach((box) => box.addEventListener("change", () => {
      const at = chosen.indexOf(box.dataset.code);
      if (at >= 0) chosen.splice(at, 1);
      if (box.checked) chosen.push(box.dataset.code);
      held.value = chosen.join(",");
      number();
    }));
    number();
  });
})();
