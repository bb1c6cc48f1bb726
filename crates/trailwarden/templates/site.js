"use strict";
(() => {
  const form = document.querySelector("form.find");
  const input = document.getElementById("find");
  const panel = document.getElementById("found");
  const count = document.getElementById("count");
  const hits = document.getElementById("hits");
  const root = document.body.dataset.root;
  const SHOWN = 30;
  let pages = null;

  // "PutGroupPolicy" is found by "group policy" too.
  const split = (text) =>
    text
      .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
      .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
      .toLowerCase()
      .split(/[^a-z0-9.]+/)
      .filter(Boolean);

  // A page of the file system may not read another file, but it may run one beside it.
  const load = () =>
    new Promise((done) => {
      if (pages) return done();
      const script = document.createElement("script");
      script.src = root + "search-index.js";
      script.onload = () => {
        pages = window.trailwardenIndex.map((page) => ({
          ...page,
          whole: page.n.toLowerCase(),
          name: split(page.n),
          title: split(page.t),
          words: new Set(split(page.w)),
        }));
        done();
      };
      script.onerror = () => done();
      document.head.append(script);
    });

  const weight = { event: 6, detection: 4, remediation: 3, guide: 5, concept: 3, list: 2 };

  const score = (page, words, query) => {
    let sum = weight[page.k] || 0;
    if (page.whole === query || page.whole.endsWith(":" + query)) sum += 200;
    for (const word of words) {
      let best = 0;
      const rate = (own, full, begins) => {
        if (own === word) best = Math.max(best, full);
        else if (own.startsWith(word)) best = Math.max(best, begins);
      };
      for (const own of page.name) rate(own, 24, 14);
      for (const own of page.title) rate(own, 20, 16);
      for (const own of page.words) rate(own, 4, 2);
      if (best < 14 && word.length > 3 && page.whole.includes(word)) best = 14;
      if (best === 0) return 0;
      sum += best;
    }
    // Of pages that fit alike, the one that says little else fits best.
    return sum - Math.min(6, (page.name.length + page.title.length) / 4);
  };

  const show = () => {
    const query = input.value.trim().toLowerCase();
    const words = split(input.value);
    hits.replaceChildren();
    panel.hidden = words.length === 0;
    if (words.length === 0) return;
    if (!pages) {
      count.textContent = "The index of the search could not be read.";
      return;
    }
    const found = pages
      .map((page) => [score(page, words, query), page])
      .filter(([rank]) => rank > 0)
      .sort((a, b) => b[0] - a[0] || (a[1].n < b[1].n ? -1 : 1));
    count.textContent =
      found.length === 0
        ? "Nothing is found. Every word must begin a word of a name, a title or a first paragraph."
        : found.length === 1 ? "1 page" : `${found.length} pages`;
    for (const [, page] of found.slice(0, SHOWN)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = root + page.p;
      const name = document.createElement("b");
      name.textContent = page.n;
      const kind = document.createElement("span");
      kind.textContent = page.k;
      const title = document.createElement("small");
      title.textContent = page.t || page.w;
      link.append(name, " ", kind, title);
      item.append(link);
      hits.append(item);
    }
  };

  const links = () => Array.from(hits.querySelectorAll("a"));

  const move = (step) => {
    const all = links();
    if (all.length === 0) return;
    const next = all.indexOf(document.activeElement) + step;
    if (next < 0) input.focus();
    else all[Math.min(next, all.length - 1)].focus();
  };

  const close = () => {
    input.value = "";
    show();
    input.focus();
  };

  form.hidden = false;
  input.addEventListener("focus", load);
  input.addEventListener("input", () => load().then(show));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [first] = links();
    if (first) location.href = first.href;
  });
  document.addEventListener("keydown", (event) => {
    const inside = event.target === input || panel.contains(event.target);
    const writes = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !writes && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (inside && event.key === "ArrowDown") {
      event.preventDefault();
      move(1);
    } else if (inside && event.key === "ArrowUp") {
      event.preventDefault();
      move(-1);
    } else if (inside && event.key === "Escape") {
      close();
    }
  });

  // A part that is folded opens when a link leads to it.
  const unfold = () => {
    const part = document.getElementById(location.hash.slice(1));
    if (part && part.matches("details")) part.open = true;
  };
  window.addEventListener("hashchange", unfold);
  unfold();

  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    input.value = asked;
    load().then(show);
  }
})();
