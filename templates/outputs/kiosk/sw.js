// The kiosk's keeper of content: a bundle is downloaded whole, verified file by file, and only
// then switched to. A broken or half bundle is never shown; the one before it is kept.
"use strict";

const SCOPE = self.registration.scope;
const NAME = "kiosk:" + new URL(SCOPE).pathname;
const META = NAME + ":meta";
const PARALLEL = 6;
let running = null;

const cacheOf = (version) => NAME + ":" + version;
const address = (name) => new URL(name, SCOPE).href;

async function readState() {
  const found = await (await caches.open(META)).match(address("state"));
  return found ? found.json() : {};
}

async function writeState(state) {
  const meta = await caches.open(META);
  await meta.put(address("state"), new Response(JSON.stringify(state)));
}

async function digest(buffer) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", buffer));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

async function tell(message) {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) {
    client.postMessage(message);
  }
}

async function fetchManifest() {
  const response = await fetch(address("bundle.json"), { cache: "no-cache" });
  if (!response.ok) throw new Error("bundle.json: " + response.status);
  return response.json();
}

async function fetchFile(file) {
  const response = await fetch(address(file.url), { cache: "no-cache", redirect: "error" });
  if (!response.ok) throw new Error(file.url + ": " + response.status);
  const body = await response.arrayBuffer();
  if (body.byteLength !== file.size || (await digest(body)) !== file.sha256) {
    throw new Error(file.url + ": these are not the bytes that the manifest names");
  }
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.set("Content-Length", String(body.byteLength));
  return new Response(body, { headers });
}

// Names hold a digest: a file that the running bundle has need not be fetched again.
async function stage(manifest, state) {
  const staging = await caches.open(cacheOf(manifest.version));
  const running = state.active ? await caches.open(cacheOf(state.active.version)) : null;
  const waiting = manifest.files.slice();
  let done = 0;
  const work = async () => {
    for (let file = waiting.pop(); file; file = waiting.pop()) {
      const url = address(file.url);
      const known = (await staging.match(url)) || (running && (await running.match(url)));
      await staging.put(url, known ? known.clone() : await fetchFile(file));
      done += 1;
      if (done % 5 === 0) tell({ type: "progress", done, of: manifest.files.length });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  for (const file of manifest.files) {
    if (!(await staging.match(address(file.url)))) throw new Error(file.url + " is missing");
  }
}

async function forget(keep) {
  for (const name of await caches.keys()) {
    if (name.startsWith(NAME + ":") && name !== META && !keep.includes(name)) {
      await caches.delete(name);
    }
  }
}

async function bringUpToDate() {
  const state = await readState();
  const manifest = await fetchManifest();
  const now = new Date().toISOString();
  if (state.active && state.active.version === manifest.version) {
    await writeState({ ...state, checked: now });
    return false;
  }
  await stage(manifest, state);
  // One write switches; what was shown until now stays for going back.
  await writeState({ active: manifest, previous: state.active || null, checked: now });
  const keep = [manifest, state.active].filter(Boolean).map((m) => cacheOf(m.version));
  await forget(keep);
  return true;
}

function update() {
  running = running || bringUpToDate().finally(() => { running = null; });
  return running;
}

async function answer(request) {
  const url = new URL(request.url);
  const state = await readState();
  if (!state.active) return fetch(request);
  const bundle = await caches.open(cacheOf(state.active.version));
  const name = url.pathname.slice(new URL(SCOPE).pathname.length);
  if (request.mode === "navigate" || name === "") {
    return (await bundle.match(address(state.active.entry))) || fetch(request);
  }
  if (name === "bundle.json") {
    const body = JSON.stringify({ ...state.active, checked: state.checked });
    return new Response(body, { headers: { "Content-Type": "application/json" } });
  }
  const kept = (await bundle.match(request.url)) || (await older(state, request.url));
  return kept || fetch(request);
}

async function older(state, url) {
  return state.previous && (await caches.open(cacheOf(state.previous.version))).match(url);
}

self.addEventListener("install", (event) => {
  event.waitUntil(update().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim().then(() => tell({ type: "ready" })));
});

self.addEventListener("fetch", (event) => {
  const ours = event.request.method === "GET" && event.request.url.startsWith(SCOPE);
  if (ours) event.respondWith(answer(event.request));
});

self.addEventListener("message", (event) => {
  if (event.data.type !== "check") return;
  event.waitUntil(
    update()
      .then((changed) => tell({ type: changed ? "updated" : "current" }))
      .catch((error) => tell({ type: "failed", reason: String(error) })),
  );
});
