
(() => {
  const form = document.getElementById("changes-filters");
  if (!form) return;
  const table = document.querySelector("table.changes");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const shown = document.getElementById("changes-shown");
  const none = document.getElementById("changes-none");
  const texts = new Map();

  const textOf = (row) => {
    let text = texts.get(row);
    if (text === undefined) {
      text = row.textContent.toLowerCase();
      texts.set(row, text);
    }
    return text;
  };

  const apply = () => {
    const chosen = new FormData(form);
    const rank = Number(chosen.get("rank"));
    const words = chosen.get("text").toLowerCase().split(/\s+/).filter(Boolean);
    const exact = ["kind", "who", "account", "authorized"].map((name) => [name, chosen.get(name)]).filter((pair) => pair[1]);
    let count = 0;
    for (const row of rows) {
      const data = row.dataset;
      const matches =
        Number(data.rank) >= rank &&
        exact.every(([name, value]) => data[name] === value) &&
        words.every((word) => textOf(row).includes(word));
      row.hidden = !matches;
      if (matches) count += 1;
    }
    shown.value = count === rows.length ? `${count} shown` : `${count} of ${rows.length} shown`;
    none.hidden = count > 0;
  };

  // Between equal rows the order of events decides, whichever way the others are sorted.
  const compare = (key, sign) => (a, b) => {
    const [x, y] = [a.dataset[key], b.dataset[key]];
    const first = key === "order" || key === "rank" ? Number(x) - Number(y) : x.localeCompare(y);
    return sign * first || Number(a.dataset.order) - Number(b.dataset.order);
  };

  const heads = Array.from(table.tHead.rows[0].cells).filter((cell) => cell.dataset.sort);
  const sort = (head) => {
    const key = head.dataset.sort;
    const before = head.getAttribute("aria-sort");
    // The worst come first when somebody asks for severities.
    const descending = before ? before === "ascending" : key === "rank";
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    for (const row of rows.slice().sort(compare(key, descending ? -1 : 1))) body.append(row);
  };

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => sort(head));
    head.replaceChildren(button);
  }
  form.querySelector(".filters").hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
