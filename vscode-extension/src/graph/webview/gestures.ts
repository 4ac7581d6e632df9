/** Pan by dragging, pan and zoom by wheel or pinch. A drag that hardly moves is a click and left alone. */
import type { Point } from "../layout-input.ts";
import { type View, zoomed } from "../viewport.ts";

export function gestures(page: HTMLElement, view: () => View, move: (to: View) => void): void {
  const pointers = new Map<number, Point>();
  const pointIn = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = page.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  let isDrag = false;

  page.addEventListener("pointerdown", (event) => {
    if (event.button > 1) return;
    pointers.set(event.pointerId, pointIn(event));
    isDrag = false;
  });
  page.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = pointIn(event);
    const by = { x: now.x - before.x, y: now.y - before.y };
    if (!isDrag && Math.hypot(by.x, by.y) < 4) return;
    if (!isDrag) page.setPointerCapture(event.pointerId);
    isDrag = true;
    page.classList.add("dragging");
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (other) {
      const apart = (point: Point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      move(zoomed(view(), apart(now) / apart(before), other));
    } else move({ ...view(), x: view().x + by.x, y: view().y + by.y });
  });
  for (const end of ["pointerup", "pointercancel"] as const)
    page.addEventListener(end, (event) => {
      pointers.delete(event.pointerId);
      if (pointers.size === 0) page.classList.remove("dragging");
    });
  // The click that ends a drag is none.
  page.addEventListener(
    "click",
    (event) => {
      if (isDrag) event.stopPropagation();
      isDrag = false;
    },
    { capture: true },
  );

  page.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      if (event.ctrlKey || event.metaKey) {
        const factor = Math.exp((-event.deltaY * unit) / (Math.abs(event.deltaY) < 40 ? 100 : 400));
        move(zoomed(view(), factor, pointIn(event)));
      } else {
        const [dx, dy] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
        move({ ...view(), x: view().x - dx * unit, y: view().y - dy * unit });
      }
    },
    { passive: false },
  );
}
