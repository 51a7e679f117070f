// Paper typed in line by line: Enter goes to the next field, after the last one the line is saved by itself. What is
// typed and not saved yet stays in this tab, so that a reload loses nothing; it goes once the line is saved.
(() => {
  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  const says = document.querySelector("[data-says]");
  const back = document.querySelector("form[data-back]");
  const keyOf = (row) => `survey-paper:${grid.dataset.grid}:${row.dataset.row}`;
  const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")];
  const rows = () => [...grid.querySelectorAll("[data-row]")];

  const tell = (words, wrong = false) => {
    says.textContent = words;
    says.classList.toggle("sv-says-wrong", wrong);
  };
  // What an answer that was taken back had set going, and somebody is at work on.
  const leave = (lines) => {
    const list = document.querySelector("[data-left]");
    list.hidden = lines.length === 0;
    list.replaceChildren(...lines.map((line) => {
      const item = document.createElement("li");
      const words = document.createElement(line.url ? "a" : "span");
      if (line.url) words.href = line.url;
      words.textContent = `${line.words}。`;
      item.append(words);
      return item;
    }));
  };
  const keep = (row) => {
    const typed = Object.fromEntries(cellsOf(row).filter((cell) => cell.value).map((cell) => [cell.name, cell.value]));
    if (!Object.keys(typed).length) return sessionStorage.removeItem(keyOf(row));
    typed.entry_id = row.querySelector("[name=entry_id]").value;
    return sessionStorage.setItem(keyOf(row), JSON.stringify(typed));
  };
  const restore = (row) => {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(row)) || "null");
    if (!kept) return;
    // The same id as before the reload: a line that was saved without our hearing of it is not saved twice.
    for (const field of row.querySelectorAll("[data-cell], [name=entry_id]")) {
      if (kept[field.name]) field.value = kept[field.name];
    }
  };
  const show = (told) => {
    if (told.total === undefined) return;
    const bar = document.querySelector("[data-progress]");
    bar.max = told.total;
    bar.value = told.done;
    document.querySelector("[data-typed]").textContent = `${told.done} / ${told.total}`;
  };
  const nextOf = (row) => {
    const after = rows().slice(rows().indexOf(row) + 1);
    const next = after.find((each) => !each.classList.contains("sv-row-done")) || after[0];
    if (next) cellsOf(next)[0].focus();
  };
  const mark = (row, told) => {
    const isDone = told.mark === "已答" || told.mark === "已问";
    row.classList.toggle("sv-row-done", isDone);
    row.querySelector("[data-mark]").textContent = isDone ? "已问" : told.mark ? "没遇到人" : "还没问";
    row.querySelector("[name=entry_id]").value = told.entry;
  };
  const post = async (form) => {
    const answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" }, credentials: "same-origin",
    });
    if (!answer.headers.get("Content-Type")?.includes("json")) throw new Error("no answer");
    return answer.json();
  };
  const point = (row, problems) => {
    let first = null;
    for (const cell of cellsOf(row)) {
      const isWrong = cell.name.slice(2) in problems;
      cell.setAttribute("aria-invalid", String(isWrong));
      if (isWrong) first ||= cell;
    }
    first?.focus();
    first?.select();
  };
  const save = async (row) => {
    if (row.dataset.saving) return;
    row.dataset.saving = "yes";
    const door = row.querySelector("th").textContent;
    try {
      const told = await post(row.querySelector("form"));
      show(told);
      point(row, told.taken ? {} : told.problems);
      if (!told.taken) return tell(`${door}：${told.message}`, true);
      sessionStorage.removeItem(keyOf(row));
      mark(row, told);
      for (const cell of cellsOf(row)) cell.value = "";
      tell(`${door} 已保存。`);
      nextOf(row);
    } catch {
      tell(`${door} 还没有保存：没有连上。您写的还在这一页上，连上以后再按一次回车。`, true);
    } finally {
      delete row.dataset.saving;
    }
  };

  for (const row of rows()) restore(row);
  grid.addEventListener("input", (event) => keep(event.target.closest("[data-row]")));
  grid.addEventListener("submit", (event) => {
    event.preventDefault();
    save(event.target.closest("[data-row]"));
  });
  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell || event.isComposing) return;
    const row = cell.closest("[data-row]");
    const cells = cellsOf(row);
    const place = cells.indexOf(cell);
    const move = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Enter") {
      event.preventDefault();
      if (event.shiftKey) cells[Math.max(0, place - 1)].focus();
      else if (place + 1 < cells.length && cell.value.trim() !== "--") cells[place + 1].focus();
      else if (cells.some((each) => each.value.trim())) save(row);
      else nextOf(row);
    } else if (move) {
      event.preventDefault();
      const other = rows()[rows().indexOf(row) + move];
      if (other) cellsOf(other)[place].focus();
    }
  });
  back?.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const told = await post(back);
      if (!told.taken) return tell(told.message, true);
      const row = document.getElementById(`row-${told.row}`);
      if (row) {
        mark(row, told);
        cellsOf(row)[0].focus();
      }
      show(told);
      tell(told.message);
      leave(told.left || []);
    } catch {
      tell("没有撤回：没有连上，请再试一次。", true);
    }
  });
  const first = rows().find((row) => !row.classList.contains("sv-row-done"));
  if (first) cellsOf(first)[0].focus();
})();
