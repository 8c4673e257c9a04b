// Presentation: one part at a time, as large as the screen, by keys, hand or the buttons below. The page reads without it.
(() => {
  const root = document.documentElement;
  const slides = Array.from(document.querySelectorAll(".slide"));
  const bar = document.querySelector(".presenting");
  const counter = bar.querySelector("output");
  let shown = -1;

  /** Shrinks what is shown until it fits; below half its size it scrolls instead. */
  function fit() {
    for (let size = 100; size >= 50; size -= 5) {
      root.style.setProperty("--fit", String(size / 100));
      if (root.scrollHeight <= innerHeight + 1) return;
    }
  }

  function show(at) {
    shown = Math.min(Math.max(at, 0), slides.length - 1);
    slides.forEach((slide, i) => slide.classList.toggle("shown", i === shown));
    counter.value = `${shown + 1} / ${slides.length}`;
    scrollTo(0, 0);
    fit();
  }

  function present() {
    root.classList.add("present");
    bar.hidden = false;
    const near = slides.findIndex((slide) => slide.getBoundingClientRect().bottom > innerHeight / 3);
    show(Math.max(near, 0));
  }

  function leave() {
    const at = slides[shown];
    shown = -1;
    root.classList.remove("present");
    root.style.removeProperty("--fit");
    bar.hidden = true;
    at?.scrollIntoView();
  }

  const does = {
    present,
    leave,
    print: () => window.print(),
    next: () => show(shown + 1),
    previous: () => show(shown - 1),
  };
  for (const button of document.querySelectorAll("[data-does]")) {
    if (!bar.contains(button)) button.hidden = false;
    button.addEventListener("click", () => does[button.dataset.does]());
  }

  const keys = {
    ArrowRight: does.next,
    ArrowDown: does.next,
    PageDown: does.next,
    " ": does.next,
    ArrowLeft: does.previous,
    ArrowUp: does.previous,
    PageUp: does.previous,
    Home: () => show(0),
    End: () => show(slides.length - 1),
    Escape: leave,
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (shown < 0) {
      if (event.key.toLowerCase() === "p" && !event.repeat) present();
      return;
    }
    const act = keys[event.key];
    if (!act || (event.key === " " && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    act();
  });
  addEventListener("resize", () => shown >= 0 && fit());

  let touchedAt = 0;
  addEventListener("touchstart", (event) => (touchedAt = event.touches[0].clientX), { passive: true });
  addEventListener("touchend", (event) => {
    const moved = event.changedTouches[0].clientX - touchedAt;
    if (shown >= 0 && Math.abs(moved) > 60) show(shown + (moved < 0 ? 1 : -1));
  });

  // Paper has all parts, whatever the screen shows.
  if (location.hash === "#present") present();

  const links = Array.from(document.querySelectorAll("nav a"));
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries)
        if (isIntersecting)
          for (const link of links) {
            const isHere = link.hash === `#${target.id}`;
            if (isHere) link.setAttribute("aria-current", "true");
            else link.removeAttribute("aria-current");
            if (isHere) link.parentElement.scrollLeft = link.offsetLeft - 20;
          }
    },
    { rootMargin: "-30% 0px -60% 0px" },
  );
  for (const slide of slides) watch.observe(slide);
})();
