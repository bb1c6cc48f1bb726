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
      .map((word) => word.replace(/^\.+|\.+$/g, ""))
      .filter(Boolean);

  // Words of a question that say nothing of what is looked for.
  const COMMON = new Set(
    ("a about all am an and any are as at be been by can could did do does for from get gets got had has have how i if in " +
      "into is it its me mean means my of on or our should so somebody someone that the their them then there these they " +
      "this to us was we were what when where which who whom whose why will with would you your").split(" ")
  );

  // Words of one line stand for one another.
  const ALIKE = [
    "delete remove detach drop revoke gone",
    "disable deactivate off stop switch",
    "enable activate turn start",
    "create add make new made",
    "change update modify edit replace set",
    "attach assign grant give",
    "login signin logon sign",
    "leak leaked exposed stolen compromised quarantine",
    "admin administrator root power",
    "privilege privesc escalation escalate permission power",
    "mfa factor 2fa totp",
    "credential credentials key password secret",
    "scp organization control",
    "sso identitystore center",
    "undo restore back revert",
    "tamper tampering integrity digest verify",
    "federated federation saml oidc",
    "outsider external foreign cross trust",
    "undetected hide evade disguise",
  ].map((line) => line.split(" "));

  // What is left of a word without its ending: "changed" and "changes" are one.
  const stem = (word) => {
    const one = word.length > 3 ? word.replace(/ies$/, "y").replace(/([^su])s$/, "$1") : word;
    const short = one.replace(/(ing|ed|es|e|y)$/, "");
    return short.length > 3 ? short : one;
  };

  // How many letters differ, as far as it matters.
  const distance = (one, two, most) => {
    if (Math.abs(one.length - two.length) > most) return most + 1;
    let before = [];
    let row = Array.from({ length: two.length + 1 }, (_, at) => at);
    for (let i = 1; i <= one.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= two.length; j += 1) {
        const same = one[i - 1] === two[j - 1] ? 0 : 1;
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same);
        if (i > 1 && j > 1 && one[i - 1] === two[j - 2] && one[i - 2] === two[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1);
      }
      before = row;
      row = next;
    }
    return row[two.length];
  };

  let vocabulary = null;

  // A page of the file system may not read another file, but it may run one beside it.
  const load = () =>
    new Promise((done) => {
      if (pages) return done();
      const script = document.createElement("script");
      script.src = root + "search-index.js";
      script.onload = () => {
        pages = window.trailwardenIndex.map((page) => {
          const whole = page.n.toLowerCase();
          const short = whole.slice(whole.indexOf(":") + 1);
          return { ...page, whole, short, name: new Set([...split(page.n), short]), title: new Set(split(page.t)), words: new Set(split(page.w)) };
        });
        vocabulary = new Set(pages.flatMap((page) => [...page.name, ...page.title, ...page.words]));
        done();
      };
      script.onerror = () => done();
      document.head.append(script);
    });

  // How well each word that there is fits one that is looked for.
  const fits = (word) => {
    const found = new Map();
    const root = stem(word);
    const others = new Set(ALIKE.filter((line) => line.some((one) => stem(one) === root)).flat().map(stem));
    for (const own of vocabulary) {
      const short = stem(own);
      if (own === word) found.set(own, 1);
      else if (short === root) found.set(own, 0.9);
      else if (own.startsWith(word)) found.set(own, 0.75);
      else if (word.length > 4 && own.includes(word)) found.set(own, 0.6);
      else if (others.has(short)) found.set(own, 0.5);
    }
    if (found.size > 0 || word.length < 4) return found;
    // Nothing is called so: it may be written wrongly.
    const most = word.length < 7 ? 1 : 2;
    const near = [...vocabulary].map((own) => [distance(word, own, most), own]).filter(([far]) => far <= most);
    const nearest = Math.min(...near.map(([far]) => far));
    for (const [far, own] of near) if (far === nearest) found.set(own, 0.7);
    return found;
  };

  const weight = { event: 6, detection: 4, remediation: 3, guide: 5, concept: 3, list: 2 };

  // The pages that fit, the best first, and how many of them have every word.
  const search = (text) => {
    const query = text.trim().toLowerCase();
    const all = split(text);
    const telling = all.filter((word) => !COMMON.has(word));
    const words = telling.length > 0 ? telling : all;
    const best = (page, found) => {
      let rate = 0;
      for (const [part, worth] of [[page.name, 24], [page.title, 20], [page.words, 6]]) {
        for (const own of part) if (found.has(own)) rate = Math.max(rate, worth * found.get(own));
      }
      return rate;
    };
    const columns = words.map((word) => {
      const found = fits(word);
      const rates = pages.map((page) => best(page, found));
      const hits = rates.filter((rate) => rate > 0).length;
      // A word that few pages have tells more than one that many have.
      return { rates, tells: 0.3 + Math.log(pages.length / Math.max(1, hits)) / Math.log(pages.length) };
    });
    const whole = columns.reduce((sum, column) => sum + column.tells, 0);
    let full = 0;
    const rated = pages.map((page, at) => {
      let sum = 0;
      let told = 0;
      for (const { rates, tells } of columns) {
        sum += rates[at] * tells;
        if (rates[at] > 0) told += tells;
      }
      const share = whole > 0 ? told / whole : 0;
      const is = page.whole === query || page.short === query;
      if (share < 0.5 && !is) return [0, page];
      if (share > 0.999) full += 1;
      // Of pages that fit alike, the one that says little else fits best.
      const rank = sum * share * share + (weight[page.k] || 0) - Math.min(6, (page.name.size + page.title.size) / 4);
      return [Math.max(rank, 0.01) + (is ? 200 : 0), page];
    });
    const found = rated.filter(([rank]) => rank > 0).sort((a, b) => b[0] - a[0] || (a[1].n < b[1].n ? -1 : 1));
    return { found: found.map(([, page]) => page), full };
  };

  const told = (found, full) => {
    const pagesOf = (many) => (many === 1 ? "1 page" : `${many} pages`);
    if (found === 0) return "Nothing is found. Try fewer words, or look through all names.";
    if (full === 0) return `No page has all of these words. ${found === 1 ? "1 has" : `${found} have`} most of them.`;
    return found === full ? pagesOf(full) : `${pagesOf(full)} with all words, ${found - full} with most`;
  };

  const show = () => {
    const isEmpty = split(input.value).length === 0;
    hits.replaceChildren();
    panel.hidden = isEmpty;
    if (isEmpty) return;
    if (!pages) {
      count.textContent = "The index of the search could not be read.";
      return;
    }
    const { found, full } = search(input.value);
    count.textContent = told(found.length, full);
    for (const page of found.slice(0, SHOWN)) {
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
