// Uploading by dropping or choosing files, one request per file, each with its own answer.
(() => {
  "use strict";
  const csrf = () => (document.querySelector("[name=csrfmiddlewaretoken]") || {}).value || (document.cookie.match(/csrftoken=([^;]+)/) || [])[1] || "";

  async function send(url, file) {
    const body = new FormData();
    body.append("file", file);
    const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrf() } });
    const data = await answer.json().catch(() => ({ message: `${answer.status}` }));
    if (!answer.ok) throw new Error(data.message);
    return data;
  }

  async function takeAll(zone, files) {
    const list = zone.querySelector(".pm-drop__list");
    let taken = 0;
    for (const file of files) {
      const line = document.createElement("li");
      line.textContent = `${file.name} …`;
      list.append(line);
      try {
        const card = await send(zone.dataset.url, file);
        line.textContent = `${file.name} – ${zone.dataset.done}`;
        taken += 1;
        zone.dispatchEvent(new CustomEvent("pm:uploaded", { detail: card, bubbles: true }));
      } catch (error) {
        line.textContent = `${file.name} – ${error.message}`;
        line.className = "is-bad";
      }
    }
    if (zone.dataset.reload && taken && taken === files.length) window.location.reload();
  }

  function prepare(zone) {
    if (zone.dataset.ready) return;
    zone.dataset.ready = "yes";
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("is-over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("is-over");
      takeAll(zone, [...event.dataTransfer.files]);
    });
    zone.querySelector('input[type="file"]').addEventListener("change", (event) => takeAll(zone, [...event.target.files]));
  }
  window.pmUpload = { send, prepare };
  document.querySelectorAll("[data-pm-upload]").forEach(prepare);
})();
