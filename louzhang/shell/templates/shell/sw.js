// Keeps what a phone needs to write something down without a signal: the pages named below, their styles and
// scripts, and a page that says so. Never a page about somebody's matter, never an answer to a POST or of the API.
"use strict";

const { version: VERSION, offline: OFFLINE, pages: PAGES, still: STILL, left: LEFT } = {{ facts|safe }};
const KEPT = `lz-${VERSION}`;
const PATIENCE = 10000;

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(clear().then(() => self.clients.claim())));

async function fill() {
  const kept = await caches.open(KEPT);
  const found = new Set();
  for (const page of new Set([OFFLINE, ...Object.values(PAGES)])) {
    const answer = await fetch(page, { credentials: "same-origin", cache: "no-store" });
    if (!answer.ok || answer.redirected) continue;
    await kept.put(page, answer.clone());
    for (const [, file] of (await answer.text()).matchAll(/ (?:href|src)="([^"#?]+)/g)) if (file.startsWith(STILL)) found.add(file);
  }
  await kept.addAll([...found]);
}

async function clear() {
  const old = (await caches.keys()).filter((name) => name.startsWith("lz-") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith(STILL)) event.respondWith(file(request));
  else if (request.mode === "navigate" && !LEFT.some((part) => url.pathname.startsWith(part))) event.respondWith(page(request, url));
});

async function file(request) {
  return (await caches.match(request, { ignoreSearch: true })) || fetch(request);
}

async function page(request, url) {
  const blank = PAGES[url.pathname];
  try {
    return await (blank ? inTime(fetch(request)) : fetch(request));
  } catch (lost) {
    const found = (blank && (await caches.match(blank))) || (await caches.match(OFFLINE));
    if (found) return found;
    throw lost;
  }
}

function inTime(asked) {
  return Promise.race([asked, new Promise((_, failed) => setTimeout(() => failed(new Error("slow")), PATIENCE))]);
}
