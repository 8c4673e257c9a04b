import { describe, expect, it } from "vitest";
import { sampleBriefing } from "../../../test/briefing-sample.ts";
import type { Edition } from "../../../shared/briefing.ts";
import { draftOf, editionOf, moved, shownOrNot } from "./edition-draft.ts";

const edition: Edition = {
  briefing: sampleBriefing.id,
  number: 2,
  at: 0,
  editor: "Chief of staff",
  comments: [
    { section: null, text: "Read this first." },
    { section: "areas", text: "Old Town only." },
  ],
  hidden: ["services"],
  order: ["areas", "score"],
  isSigned: true,
};

describe("an edition", () => {
  it("begins as generated, and says nothing that nobody said", () => {
    const draft = draftOf(sampleBriefing, null, "Me");
    expect(editionOf(draft, sampleBriefing, null)).toEqual({
      number: 1,
      editor: "Me",
      comments: [],
      hidden: [],
      order: null,
      isSigned: false,
    });
  });

  it("goes on from the one before, but for its signature", () => {
    const draft = draftOf(sampleBriefing, edition, "Me");
    expect(editionOf(draft, sampleBriefing, edition)).toMatchObject({
      number: 3,
      editor: "Chief of staff",
      comments: edition.comments,
      hidden: ["services"],
      isSigned: false,
    });
    expect(draft.order.slice(0, 2)).toEqual(["areas", "score"]);
    expect(draft.order.toSorted()).toEqual(sampleBriefing.sections.map(({ kind }) => kind).toSorted());
  });

  it("moves sections by one place, not over the ends, and back to as generated", () => {
    const draft = draftOf(sampleBriefing, null, "");
    const [first, second] = draft.order;
    expect(moved(draft, first!, -1)).toBe(draft);
    expect(moved(draft, draft.order.at(-1)!, 1)).toBe(draft);
    const down = moved(draft, first!, 1);
    expect(down.order.slice(0, 2)).toEqual([second, first]);
    expect(editionOf(down, sampleBriefing, null).order).toEqual(down.order);
    expect(editionOf(moved(down, first!, -1), sampleBriefing, null).order).toBeNull();
  });

  it("hides and shows, and leaves out comments that were emptied", () => {
    const hidden = shownOrNot(draftOf(sampleBriefing, edition, ""), "data", false);
    expect(editionOf(hidden, sampleBriefing, edition).hidden).toContain("data");
    const shown = { ...shownOrNot(hidden, "data", true), comments: { whole: "  " } };
    expect(editionOf(shown, sampleBriefing, edition)).toMatchObject({ hidden: ["services"], comments: [] });
  });
});
