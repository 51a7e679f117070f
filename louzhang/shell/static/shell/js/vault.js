// What a signed-in person has on this phone is sealed (AES-GCM) with a key that scripts can use and nobody can read
// out (a non-extractable CryptoKey). The place hands the key out to whoever is signed in; signing out throws it away
// here, so that what is left unsent stays closed until its writer signs in again. What was only read, the pocket, is
// gone with the key, and after three days in any case.
(() => {
  "use strict";

  const DAY = 86400000;
  const DAYS_KEPT = 3;
  const owner = document.querySelector("meta[name=lz-owner]")?.content || "";
  const cipher = window.crypto?.subtle;

  // ---- The store, shared with drafts.js ----------------------------------------------------------------

  let opening;

  function open() {
    opening = opening || new Promise((done, failed) => {
      const asked = indexedDB.open("louzhang", 2);
      asked.onupgradeneeded = ({ oldVersion }) => {
        if (oldVersion < 1) {
          asked.result.createObjectStore("entries", { keyPath: "id" });
          asked.result.createObjectStore("photos", { keyPath: "uid" }).createIndex("entry", "entry");
        }
        asked.result.createObjectStore("keys", { keyPath: "owner" });
        asked.result.createObjectStore("pocket", { keyPath: "owner" });
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => asked.result.close();
        done(asked.result);
      };
      asked.onerror = () => failed(asked.error);
    });
    return opening;
  }

  async function deal(store, mode, act) {
    const place = (await open()).transaction(store, mode);
    const asked = act(place.objectStore(store));
    return new Promise((done, failed) => {
      place.oncomplete = () => done(asked?.result);
      place.onerror = place.onabort = () => failed(place.error);
    });
  }

  const read = (store, act) => deal(store, "readonly", act);
  const write = (store, act) => deal(store, "readwrite", act);

  // ---- The key -----------------------------------------------------------------------------------------

  const keyOf = async (mark) => (mark && cipher ? (await read("keys", (rows) => rows.get(mark)))?.key : undefined);

  // `given` is the key in base64, as the place handed it out with the session of its owner.
  async function take(mark, given) {
    if (!cipher || !mark || !given || mark !== owner || (await keyOf(mark))) return false;
    const bytes = Uint8Array.from(atob(given), (sign) => sign.charCodeAt(0));
    const key = await cipher.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    await write("keys", (rows) => rows.put({ owner: mark, key }));
    return true;
  }

  // ---- Sealing: bytes in, bytes out; null where there is no key ----------------------------------------

  async function seal(mark, bytes) {
    const key = await keyOf(mark);
    if (!key) return null;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, closed: await cipher.encrypt({ name: "AES-GCM", iv }, key, bytes) };
  }

  async function unseal(mark, { iv, closed }) {
    const key = await keyOf(mark);
    return key ? cipher.decrypt({ name: "AES-GCM", iv }, key, closed) : null;
  }

  const sealWords = (mark, value) => seal(mark, new TextEncoder().encode(JSON.stringify(value)));

  async function unsealWords(mark, sealed) {
    const bytes = await unseal(mark, sealed).catch(() => null); // closed with another key: not ours to read
    return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : null;
  }

  // ---- The pocket: the day's list and what belongs to it, to be read without a signal -------------------

  async function fillPocket(content) {
    const sealed = await sealWords(owner, content);
    if (sealed) await write("pocket", (rows) => rows.put({ owner, at: Date.now(), ...sealed }));
  }

  // A clock that was set back must not make the pocket live longer.
  async function pocket() {
    const kept = await read("pocket", (rows) => rows.get(owner));
    if (!kept) return null;
    const age = Date.now() - kept.at;
    if (age > DAYS_KEPT * DAY || age < -DAY) {
      await emptyPocket(owner);
      return null;
    }
    const content = await unsealWords(owner, kept);
    return content && { at: kept.at, content };
  }

  const emptyPocket = (mark) => write("pocket", (rows) => rows.delete(mark));

  // Pockets of anybody, too old to be kept: cleared by whichever page opens next.
  async function clearOld() {
    for (const { owner: mark, at } of await read("pocket", (rows) => rows.getAll())) {
      if (Math.abs(Date.now() - at) > DAYS_KEPT * DAY) await emptyPocket(mark);
    }
  }

  async function lock(mark) {
    await emptyPocket(mark);
    await write("keys", (rows) => rows.delete(mark));
  }

  if (window.indexedDB) {
    window.lzVault = Object.freeze({ clearOld, emptyPocket, fillPocket, keyOf, lock, owner, pocket, read, seal, sealWords, take, unseal, unsealWords, write });
  }
})();
