// A check on a phone: one item a screen, photographs, a signature. Everything is kept on the phone as it is filled, and is sent
// piece by piece, each with a key of its own, so that what was sent twice counts once. Without this script the page is one form.
"use strict";

(() => {
  const form = document.getElementById("check");
  if (!form || !window.indexedDB) return;
  const said = document.getElementById("unsent"), signIn = document.getElementById("sign-in"), pen = document.getElementById("pen");
  const screens = [...form.querySelectorAll(".screen")], name = form.elements.who.value + " " + form.action;
  const before = document.getElementById("before"), next = document.getElementById("next"), finish = document.getElementById("finish");
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((x) => x.toString(16).padStart(2, "0")).join("");
  let kept = { values: [], photos: [], signature: null, done: false, at: 0, key: form.elements.key.value }, busy = false, db = null, refused = "";

  // The phone's own shelf.
  const open = new Promise((yes, no) => {
    const r = indexedDB.open("dossier-checks", 1);
    r.onupgradeneeded = () => r.result.createObjectStore("checks");
    r.onsuccess = () => yes(r.result);
    r.onerror = () => no(r.error);
  });
  const shelf = (mode, f) => new Promise((yes, no) => {
    const t = db.transaction("checks", mode), r = f(t.objectStore("checks"));
    t.oncomplete = () => yes(r.result);
    t.onerror = () => no(t.error);
  });
  const keep = () => shelf("readwrite", (s) => s.put(kept, name)).then(tell);

  // tell says what stands on the phone and is not sent.
  function tell() {
    const left = [], d = said.dataset;
    if (kept.photos.length) left.push(d.photos.replace("{n}", kept.photos.length));
    if (kept.signature) left.push(d.signature);
    if (kept.values.length || kept.done) left.push(d.record);
    said.hidden = !left.length;
    said.textContent = d.left.replace("{what}", left.join("、")) + (refused ? d.refused + refused : navigator.onLine ? "" : d.off) + (kept.done || refused ? "" : d.kept);
    for (const p of form.querySelectorAll(".photo")) {
      const proves = p.querySelector("input").dataset.proves, n = kept.photos.filter((x) => x.proves === proves).length;
      p.querySelector("span").textContent = n ? d.photos.replace("{n}", n) : "";
    }
  }

  const show = (n) => {
    kept.at = Math.max(0, Math.min(n, screens.length - 1));
    screens.forEach((s, i) => { s.hidden = i !== kept.at; });
    before.hidden = kept.at === 0;
    next.hidden = kept.at === screens.length - 1;
    finish.hidden = !next.hidden;
    document.getElementById("at").textContent = kept.at + 1 + " / " + screens.length;
    if (screens[kept.at].id === "signing") size();
    scrollTo(0, 0);
  };

  const fields = () => [...new FormData(form)].filter(([, v]) => !(v instanceof File));
  const ours = ["seq", "key", "who", "then", "back", "walk"];
  function restore() {
    for (const x of form.querySelectorAll("[name]")) {
      const mine = kept.values.filter(([k]) => k === x.name).map(([, v]) => v);
      if (!mine.length || ours.includes(x.name)) continue;
      if (x.type === "radio" || x.type === "checkbox") x.checked = mine.includes(x.value);
      else if (x.type !== "hidden") x.value = mine[0];
    }
  }
  const changed = () => { kept.values = fields().filter(([k]) => !ours.includes(k)); refused = ""; keep(); };

  // The pen.
  const ink = pen.getContext("2d");
  let down = false, marked = false;
  function size() {
    ink.lineWidth = 5;
    ink.lineCap = ink.lineJoin = "round";
    ink.strokeStyle = "#111";
    if (!marked) { ink.fillStyle = "#fff"; ink.fillRect(0, 0, pen.width, pen.height); }
  }
  const at = (e) => { const r = pen.getBoundingClientRect(); return [(e.clientX - r.left) * pen.width / r.width, (e.clientY - r.top) * pen.height / r.height]; };
  pen.addEventListener("pointerdown", (e) => { down = marked = true; ink.beginPath(); ink.moveTo(...at(e)); e.preventDefault(); pen.setPointerCapture(e.pointerId); });
  pen.addEventListener("pointermove", (e) => { if (down) { ink.lineTo(...at(e)); ink.stroke(); } });
  pen.addEventListener("pointerup", () => {
    down = false;
    pen.toBlob((b) => { kept.signature = { blob: b, proves: pen.dataset.proves, key: fresh() }; keep(); }, "image/png");
  });
  document.getElementById("wipe").addEventListener("click", () => { marked = false; size(); kept.signature = null; keep(); });

  for (const p of form.querySelectorAll(".photo")) {
    p.hidden = false;
    p.querySelector("input").addEventListener("change", (e) => {
      for (const f of e.target.files) kept.photos.push({ blob: f, name: f.name || "photo.jpg", proves: e.target.dataset.proves, key: fresh() });
      e.target.value = "";
      keep();
    });
  }

  // post sends one piece; it gives "" when it is on record, else what the page that answered says is wrong.
  async function post(to, body) {
    const r = await fetch(to, { method: "POST", body, credentials: "same-origin" });
    if (r.redirected && new URL(r.url).pathname === "/login" || r.status === 401) { signIn.hidden = false; throw new Error(said.dataset.out); }
    signIn.hidden = true;
    if (r.ok && r.redirected) return "";
    if (r.status >= 500) throw new Error(String(r.status));
    const page = new DOMParser().parseFromString(await r.text(), "text/html");
    return [...page.querySelectorAll(".summary li, .summary h2")].map((x) => x.textContent.trim()).join(" ") || String(r.status);
  }
  const picture = (x, file) => {
    const d = new FormData();
    for (const [k, v] of [["seq", form.elements.seq.value], ["key", x.key], ["v.proves", x.proves], ["then", "do"]]) d.append(k, v);
    d.append("file.camera", x.blob, file);
    return d;
  };

  // send sends what is done, pictures first: the record is on record when all else is.
  async function send() {
    if (busy || !kept.done || refused) return;
    busy = true;
    try {
      while (kept.photos.length) {
        const x = kept.photos[0];
        refused = await post(form.dataset.attach, picture(x, x.name));
        if (refused) break;
        kept.photos.shift();
        await keep();
      }
      if (!refused && kept.signature) {
        refused = await post(form.dataset.attach, picture(kept.signature, "signature.png"));
        if (!refused) { kept.signature = null; await keep(); }
      }
      if (!refused) {
        const d = new FormData();
        for (const [k, v] of fields().filter(([k]) => ours.includes(k) && k !== "key")) d.append(k, v);
        d.append("key", kept.key);
        for (const [k, v] of kept.values) d.append(k, v);
        refused = await post(form.action, d);
        if (!refused) {
          await shelf("readwrite", (s) => s.delete(name));
          location.replace(form.dataset.case);
          return;
        }
      }
      kept.done = false; // what is refused is mended and sent again
      kept.key = fresh();
      await keep();
    } catch { /* no line: it is tried again */ }
    busy = false;
    tell();
  }

  form.addEventListener("submit", (e) => { e.preventDefault(); kept.done = true; refused = ""; changed(); send(); });
  form.addEventListener("input", changed);
  form.addEventListener("change", (e) => { if (e.target.type !== "file") changed(); });
  before.addEventListener("click", () => { show(kept.at - 1); keep(); });
  next.addEventListener("click", () => { show(kept.at + 1); changed(); });
  window.addEventListener("online", () => { tell(); send(); });
  window.addEventListener("offline", tell);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  setInterval(send, 10000);

  document.getElementById("signing").hidden = false;
  open.then(async (d) => {
    db = d;
    const was = await shelf("readonly", (s) => s.get(name));
    if (was) { kept = was; restore(); tell(); }
    show(was ? kept.at : 0);
    send();
  }, () => show(0));
})();
