// Building pages from plain values; text is always text, never mark-up.
"use strict";

function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "html") node.innerHTML = value; // cleaned by the renderer (nh3)
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function svg(name, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const ICONS = {
  home: "M4 11 12 4l8 7v9h-5v-6H9v6H4z",
  back: "M14 5l-7 7 7 7M7 12h14",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l5 5",
  language: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
  reach: "M12 4v13M6 11l6 6 6-6M5 21h14",
  restart: "M5 5v5h5M5.5 14a7 7 0 1 0 1-7L5 10",
};

function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: "icon icon-" + name, "aria-hidden": "true" },
    svg("path", { d: ICONS[name] }));
}

// A QR code from [modules across, rows of hexadecimal digits]: one path, runs of dark modules.
function qrCode([size, digits], label) {
  const perRow = Math.ceil(size / 4);
  let path = "";
  for (let y = 0; y < size; y += 1) {
    const row = digits.slice(y * perRow, (y + 1) * perRow);
    const bits = [...row].map((d) => parseInt(d, 16).toString(2).padStart(4, "0")).join("");
    for (const run of bits.slice(0, size).matchAll(/1+/g)) {
      path += `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`;
    }
  }
  const box = `0 0 ${size} ${size}`;
  return svg("svg", { viewBox: box, class: "qr", role: "img", "aria-label": label },
    svg("path", { d: path }));
}
