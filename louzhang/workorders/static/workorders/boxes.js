// Drawing boxes over a photo: each drawn box fills the next free row of numbers, and typed numbers show as boxes.
// Without this file the numbers do the same.
(() => {
  "use strict";

  const form = document.querySelector("form[data-boxes]");
  if (!form) return;
  const canvas = form.querySelector(".lz-canvas");
  const drawing = canvas.querySelector("svg");
  const rows = [...form.querySelectorAll(".lz-box-row")].map((row) => [...row.querySelectorAll("input")]);
  let from = null;

  function show(boxes) {
    drawing.replaceChildren(
      ...boxes.map((box) => {
        const shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        ["x", "y", "width", "height"].forEach((name, place) => shape.setAttribute(name, box[place]));
        return shape;
      }),
    );
  }

  const typed = () => rows.map((fields) => fields.map((field) => parseFloat(field.value))).filter((box) => box.every((share) => share >= 0));

  function at(event) {
    const frame = canvas.getBoundingClientRect();
    const share = (value, start, size) => Math.min(100, Math.max(0, ((value - start) / size) * 100));
    return [share(event.clientX, frame.left, frame.width), share(event.clientY, frame.top, frame.height)];
  }

  function box(one, other) {
    const [left, top] = [Math.min(one[0], other[0]), Math.min(one[1], other[1])];
    return [left, top, Math.abs(one[0] - other[0]), Math.abs(one[1] - other[1])].map((share) => Math.round(share * 10) / 10);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button) return;
    event.preventDefault();
    from = at(event);
    canvas.setPointerCapture(event.pointerId);
  });

  canvas.addEventListener("pointermove", (event) => from && show([...typed(), box(from, at(event))]));

  canvas.addEventListener("pointercancel", () => {
    from = null;
    show(typed());
  });

  canvas.addEventListener("pointerup", (event) => {
    if (!from) return;
    const drawn = box(from, at(event));
    from = null;
    const free = rows.find((fields) => fields.every((field) => !field.value));
    if (free && drawn[2] >= 1 && drawn[3] >= 1) drawn.forEach((share, place) => (free[place].value = share));
    show(typed());
  });

  form.addEventListener("input", () => show(typed()));
  show(typed());
})();
