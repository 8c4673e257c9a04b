// Presentation: one part at a time, as large as the screen, by keys, hand or the buttons below. A part that does not fit
// is shown in several steps. The page reads without it.
(() => {
  const root = document.documentElement;
  const slides = Array.from(document.querySelectorAll(".slide"));
  const bar = document.querySelector(".presenting");
  const counter = bar.querySelector("output");
  /** What comes after what: a part, and of one in several steps what of it is left out. */
  let steps = [];
  let shown = -1;
  /** What somebody turned to, however the screen has changed since. */
  let reading = null;

  const setSize = (percent) => root.style.setProperty("--fit", String(percent / 100));
  const fits = () => root.scrollHeight <= innerHeight + 1 && root.scrollWidth <= innerWidth + 1;

  /** Shrinks what is shown until it fits. */
  function fit() {
    for (let size = 100; size >= 40; size -= 5) {
      setSize(size);
      if (fits()) return;
    }
  }

  /** What a part may be parted at: sentences, comments, sources, and pictures or their rows. */
  function piecesOf(slide) {
    const pieces = slide.querySelectorAll(
      ".statements > li, .comment, .sources > li, .bullets > li, .multiples > li, figure",
    );
    return Array.from(pieces).filter((one) => !(one.matches("figure") && one.querySelector("li")));
  }

  function lay({ slide, off }) {
    for (const one of slides) one.classList.toggle("shown", one === slide);
    for (const one of slide.querySelectorAll(".off")) one.classList.remove("off");
    for (const one of off) one.classList.add("off");
    for (const figure of slide.querySelectorAll("figure:has(li)"))
      figure.classList.toggle(
        "off",
        !figure.querySelector(".bullets > li:not(.off), .multiples > li:not(.off)"),
      );
  }

  /** As few steps as show all of a part. Sentences keep a size that is read from the last row. */
  function stepsOf(slide) {
    setSize(slide.id === "evidence" ? 50 : 75);
    const pieces = piecesOf(slide);
    const from = (first, end) => ({
      slide,
      first: pieces[first],
      off: pieces.filter((_, i) => i < first || i >= end),
    });
    const hasRoom = (step) => {
      lay(step);
      return fits();
    };
    const found = [];
    let first = 0;
    do {
      // The most pieces that have room, at least one.
      let [most, tooMany] = [first + 1, pieces.length + 1];
      if (hasRoom(from(first, pieces.length))) most = pieces.length;
      else
        while (tooMany - most > 1) {
          const middle = (most + tooMany) >> 1;
          if (hasRoom(from(first, middle))) most = middle;
          else tooMany = middle;
        }
      found.push(from(first, most));
      first = most;
    } while (first < pieces.length);
    return found;
  }

  function layOut() {
    steps = slides.flatMap(stepsOf);
  }

  function show(at) {
    shown = Math.min(Math.max(at, 0), steps.length - 1);
    reading = steps[shown];
    lay(steps[shown]);
    counter.value = `${shown + 1} / ${steps.length}`;
    scrollTo(0, 0);
    fit();
  }

  function present() {
    const isNear = (slide) => slide.getBoundingClientRect().bottom > innerHeight / 3;
    const near = (scrollY > 0 && slides.find(isNear)) || slides[0];
    root.classList.add("present");
    bar.hidden = false;
    layOut();
    show(steps.findIndex(({ slide }) => slide === near));
  }

  function leave() {
    const at = steps[shown]?.slide;
    for (const one of document.querySelectorAll(".off")) one.classList.remove("off");
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
    End: () => show(steps.length - 1),
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
  /** The step that now has what was read, once a frame. */
  let nextFrame = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(nextFrame);
    nextFrame = requestAnimationFrame(() => {
      if (shown < 0) return;
      const read = reading;
      layOut();
      show(steps.findIndex(({ slide, off }) => slide === read.slide && !off.includes(read.first)));
      reading = read;
    });
  });

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
