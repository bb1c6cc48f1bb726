
"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const findings = Array.from(document.querySelectorAll("details.finding"));
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const unfold = document.getElementById("unfold");
  const texts = new Map();

  // Read once per finding, and only when somebody searches: ten thousand take a moment.
  const textOf = (finding) => {
    let text = texts.get(finding);
    if (text === undefined) {
      text = finding.textContent.toLowerCase();
      texts.set(finding, text);
    }
    return text;
  };

  const apply = () => {
    const chosen = new FormData(form);
    const severities = new Set(chosen.getAll("severity"));
    const words = chosen.get("text").toLowerCase().split(/\s+/).filter(Boolean);
    const exact = ["rule", "account", "kind", "status"].map((name) => [name, chosen.get(name)]).filter((pair) => pair[1]);
    let count = 0;
    for (const finding of findings) {
      const data = finding.dataset;
      const matches =
        severities.has(data.severity) &&
        exact.every(([name, value]) => data[name] === value) &&
        words.every((word) => textOf(finding).includes(word));
      finding.hidden = !matches;
      if (matches) count += 1;
    }
    const all = findings.length;
    shown.value = count === all ? `${all} shown` : `${count} of ${all} shown`;
    none.hidden = count > 0;
  };

  // A mark in the timeline leads to a finding, and a finding to what its events are: show it even when a filter hides
  // it, and open it.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details")) {
      target.hidden = false;
      target.open = true;
      target.scrollIntoView();
    }
  };

  form.querySelector(".filters").hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  unfold.addEventListener("click", () => {
    const visible = findings.filter((finding) => !finding.hidden);
    const open = visible.some((finding) => !finding.open);
    for (const finding of visible) finding.open = open;
    unfold.textContent = open ? "Close all" : "Open all";
  });
  window.addEventListener("hashchange", follow);
  apply();
  follow();
})();
