"use strict";
(() => {
  const table = document.querySelector("table.all");
  const tools = document.querySelector(".tools");
  if (!table || !tools) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const text = (row, place) => row.cells[place].textContent.trim();
  const figure = (row, place) => {
    const said = row.cells[place].dataset.s;
    return said === undefined ? null : Number(said);
  };
  const chosen = new Map();
  let sought = "";
  const count = document.createElement("output");

  const show = () => {
    let shown = 0;
    for (const row of rows) {
      const fits = [...chosen].every(([place, value]) => text(row, place) === value)
        && (!sought || row.textContent.toLowerCase().includes(sought));
      row.hidden = !fits;
      shown += fits;
    }
    count.textContent = `${shown} of ${rows.length} on this page`;
  };

  const labelled = (name, control) => {
    const label = document.createElement("label");
    label.append(name, control);
    tools.append(label);
  };

  const search = document.createElement("input");
  search.type = "search";
  search.addEventListener("input", () => { sought = search.value.trim().toLowerCase(); show(); });
  labelled("Contains", search);

  heads.forEach((head, place) => {
    const name = head.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    head.replaceChildren(button);
    const figures = rows.some((row) => figure(row, place) !== null);
    button.addEventListener("click", () => {
      const was = head.getAttribute("aria-sort");
      const down = was ? was === "ascending" : figures;
      const order = down ? -1 : 1;
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keys = new Map(rows.map((row) => [row, figures ? figure(row, place) : text(row, place)]));
      rows.sort((a, b) => {
        const [one, other] = [keys.get(a), keys.get(b)];
        if (one === null || other === null) return (one === null) - (other === null);
        return order * (figures ? one - other : one < other ? -1 : one > other ? 1 : 0);
      });
      body.append(...rows);
    });
    if (!head.hasAttribute("data-f")) return;
    const values = [...new Set(rows.map((row) => text(row, place)))].sort();
    if (values.length < 2 || values.length > 300) return;
    const select = document.createElement("select");
    select.append(new Option("all", ""));
    values.forEach((value) => select.append(new Option(value, `=${value}`)));
    select.addEventListener("change", () => {
      if (select.value) chosen.set(place, select.value.slice(1));
      else chosen.delete(place);
      show();
    });
    labelled(name, select);
  });

  tools.append(count);
  tools.hidden = false;
  show();
})();
