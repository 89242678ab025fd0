// Help for those whose browser runs scripts. Every page works without it.
"use strict";

// Sections of a page as tabs: only the chosen one is shown, the address remembers which.
(() => {
  const tabs = [...document.querySelectorAll('.tabs a[href^="#"]')];
  const sections = tabs.map((t) => document.getElementById(t.hash.slice(1)));
  if (tabs.length < 2 || sections.some((s) => !s)) return;
  const show = () => {
    let n = tabs.findIndex((t) => t.hash === location.hash);
    if (n < 0) n = 0;
    tabs.forEach((t, i) => (i === n ? t.setAttribute("aria-current", "page") : t.removeAttribute("aria-current")));
    sections.forEach((s, i) => s.classList.toggle("unchosen", i !== n));
  };
  tabs.forEach((t) => t.addEventListener("click", (e) => {
    e.preventDefault();
    history.replaceState(null, "", t.hash);
    show();
  }));
  window.addEventListener("hashchange", show);
  show();
})();

// Where one stands is seen in a row that is wider than the screen.
for (const at of document.querySelectorAll(":is(.nav, .tabs) > [aria-current]")) {
  const row = at.parentElement;
  row.scrollLeft = at.offsetLeft - row.offsetLeft - (row.clientWidth - at.offsetWidth) / 2;
}

// The summary of faults is read first.
document.getElementById("summary")?.focus();
document.getElementById("unmet")?.scrollIntoView({ block: "nearest" });

for (const b of document.querySelectorAll("[data-print]")) {
  b.hidden = false;
  b.addEventListener("click", () => window.print());
}

// A menu closes when one presses elsewhere.
document.addEventListener("click", (e) => {
  for (const m of document.querySelectorAll("details.menu[open]")) if (!m.contains(e.target)) m.open = false;
});

// A usual phrase goes into the text that it was offered for.
for (const s of document.querySelectorAll("select.phrases")) s.hidden = false;
document.addEventListener("change", (e) => {
  const s = e.target, area = s.matches("select.phrases") && document.getElementById(s.dataset.for);
  if (!area || !s.value) return;
  const before = area.value.trim().replace(/[。；、]+$/, ""); // an article comes beside those that stand there
  area.value = s.dataset.join && before && !before.includes(s.value) ? before + s.dataset.join + s.value : s.dataset.join && before ? before : s.value;
  if (s.dataset.join) s.value = "";
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

// A table adds up while it is typed in: what a column less another leaves, and the sums below.
document.addEventListener("input", (e) => {
  const table = e.target.closest?.("table[data-table]");
  if (!table) return;
  const heads = [...table.tHead.rows[0].cells], foot = table.tFoot.rows[0].cells;
  const hundredths = (cell) => Math.round(100 * Number((cell?.querySelector("input")?.value ?? cell?.textContent ?? "").replace(/[\s,，]/g, "") || 0)) || 0;
  const words = (n, whole) => (n / 100).toLocaleString("en-US", { minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: 2 }).replaceAll(",", " ");
  for (const row of table.tBodies[0].rows) {
    heads.forEach((h, i) => {
      if (!h.dataset.less) return;
      const [from, less] = h.dataset.less.split("-").map((j) => hundredths(row.cells[Number(j) + 1]));
      row.cells[i].textContent = from || less ? words(from - less) : "";
    });
  }
  heads.forEach((h, i) => {
    if (!h.dataset.sum) return;
    const n = [...table.tBodies[0].rows].reduce((sum, row) => sum + hundredths(row.cells[i]), 0);
    foot[i].textContent = n ? words(n, h.dataset.sum === "number") : "";
  });
});

// Rows that were copied in a spreadsheet can be pasted straight into a table: the page reads them in.
document.addEventListener("paste", (e) => {
  const table = e.target.closest?.("table[data-table]");
  const text = e.clipboardData?.getData("text/plain") ?? "";
  if (!table || !text.includes("\t")) return;
  const field = table.closest(".field");
  const area = field?.querySelector("details.paste textarea");
  const read = field?.querySelector("details.paste button");
  if (!area || !read) return;
  e.preventDefault();
  area.value = text;
  read.click();
});

// An open page follows what others do. The desk's lists are drawn anew, but for the one that is just being used; the page of
// a case, and a form of it, say what has happened and leave alone what is typed. Only a page that is seen holds a stream open.
(() => {
  const desk = document.querySelector("[data-news]"), news = document.getElementById("news");
  if ((!desk && !news) || !window.EventSource) return;
  let stream = null, at = document.body.dataset.moves, stale = false, busy = false, again = false, timer = 0;

  async function redraw() {
    const r = await fetch(location.href, { credentials: "same-origin" });
    if (!r.ok || r.redirected) return;
    const fresh = new DOMParser().parseFromString(await r.text(), "text/html");
    at = fresh.body.dataset.moves;
    stale = false;
    for (const part of document.querySelectorAll("[data-news]")) {
      const next = fresh.getElementById(part.id);
      if (!next) continue;
      if (part.contains(document.activeElement)) stale = true;
      else part.replaceWith(next);
    }
  }
  async function tell() {
    const r = await fetch(news.dataset.at, { credentials: "same-origin" });
    if (r.status !== 200 || r.redirected) return;
    news.innerHTML = await r.text();
    news.hidden = false;
  }
  async function look() {
    if (busy) { again = true; return; }
    busy = true;
    try { await (desk ? redraw() : tell()); } catch { /* a reload shows the same */ }
    busy = false;
    if (again) { again = false; soon(); }
  }
  // Many commits in a row are one look.
  const soon = () => { if (!timer) timer = setTimeout(() => { timer = 0; look(); }, 400); };

  function open() {
    if (stream) return;
    stream = new EventSource("/alerts/stream");
    stream.addEventListener("at", (e) => { if (e.data !== at) { at = e.data; soon(); } });
    stream.addEventListener("alert", () => { if (desk) soon(); });
    stream.addEventListener("moved", (e) => { if (desk || e.data === "0" || e.data === news.dataset.case) soon(); });
  }
  function close() {
    stream?.close();
    stream = null;
  }
  const seen = () => (document.hidden ? close() : open());
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (e) => { if (e.persisted) seen(); });
  document.addEventListener("focusout", () => { if (stale) setTimeout(() => { if (stale) soon(); }, 0); });
  seen();
})();
