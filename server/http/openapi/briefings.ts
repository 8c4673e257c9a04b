/** Briefings: their pages, their issues and what an editor adds. */

import { z } from "zod";
import {
  briefingItem,
  briefingOffer,
  edition,
  editionDraft,
  issueDraft,
  issuedBriefing,
  newestBriefing,
} from "../briefing-answers.ts";
import { archiveParameters, briefingPageParameters } from "../briefing-pages.ts";
import { linkParameters } from "../briefing-readers.ts";
import {
  briefingListParameters,
  briefingParameters,
  briefingTextType,
  latestParameters,
} from "../briefings.ts";
import {
  badBody,
  body,
  byThoseWhoMay,
  empty,
  json,
  noToken,
  refused,
  schemaOf,
  type Operations,
} from "./operation.ts";

const notIssued = {
  404: refused("There is no such briefing."),
  409: refused("There is nothing to issue: no alarm is active, or no figure has changed."),
  500: refused("It was not fit to be issued."),
  503: refused("It could not be kept, or the history is not there."),
};
const briefingResponses = (issue: z.ZodType) => ({
  304: empty("As the ETag says."),
  200: {
    description: "The issue, or its text.",
    content: {
      "application/json": { schema: schemaOf(issue) },
      [briefingTextType]: { schema: { type: "string" } },
    },
  },
  400: refused("A parameter cannot be used."),
  404: refused("Nothing was issued under this address."),
});
const notAdmitted = {
  401: refused("Briefings of this city open by the link that was sent, or with the token."),
  403: refused("The link is not the one that was sent, or it is over."),
};
const noReader = {
  403: {
    description:
      "The link is not the one that was sent or is over, or there is none where one is needed: a page.",
    content: { "text/html": {} },
  },
};
const briefingPage = {
  200: {
    description: "The page, the file or the paper.",
    content: { "text/html": {}, "application/pdf": {} },
  },
  400: refused("A parameter cannot be used."),
  ...noReader,
  404: refused("Nothing was issued under this address."),
  503: {
    description: "There is no PDF just now: a page that says why, and what to do.",
    content: { "text/html": {} },
  },
};

export const briefingOperations: Operations = {
  "/briefings": {
    get: {
      summary: "The archive of briefings, as a page.",
      query: archiveParameters,
      responses: {
        200: { description: "The page.", content: { "text/html": {} } },
        400: briefingPage[400],
        ...noReader,
      },
    },
  },
  "/briefing/{id}": {
    get: {
      summary: "A briefing to be read: an issue's permanent address.",
      path: { id: "The issue." },
      query: briefingPageParameters,
      responses: briefingPage,
    },
  },
  "/briefing/{definition}/latest": {
    get: {
      summary: "The newest issue of a briefing of the city folder, to be read.",
      path: { definition: "The briefing of the city folder." },
      query: briefingPageParameters,
      responses: briefingPage,
    },
  },
  "/api/v1/briefings": {
    get: {
      summary: "Issued briefings, the newest first; at most 1,000.",
      query: briefingListParameters,
      responses: {
        200: json("The issues.", z.array(briefingItem)),
        400: refused("A parameter cannot be used."),
        401: notAdmitted[401],
      },
    },
    post: {
      summary: "Issues a briefing by what is known now.",
      ...byThoseWhoMay,
      requestBody: body(issueDraft),
      responses: { 201: json("The issue.", issuedBriefing), ...notIssued, ...noToken, ...badBody },
    },
  },
  "/api/v1/briefings/offers": {
    get: {
      summary: "What can be issued: the briefings of the city folder.",
      responses: { 200: json("The briefings.", z.array(briefingOffer)), 401: notAdmitted[401] },
    },
  },
  "/api/v1/briefings/{id}": {
    get: {
      summary: "One issue. It never changes; an edition or a correction may come beside it.",
      path: { id: "The issue." },
      query: briefingParameters,
      responses: { ...briefingResponses(issuedBriefing), ...notAdmitted },
    },
  },
  "/api/v1/briefings/{definition}/latest": {
    get: {
      summary: "The newest issue of a briefing of the city folder that nothing corrects.",
      path: { definition: "The briefing of the city folder." },
      query: latestParameters,
      responses: {
        ...briefingResponses(newestBriefing),
        401: notAdmitted[401],
        307: empty("`html` and `pdf` are at its page."),
      },
    },
  },
  "/api/v1/briefings/{id}/corrections": {
    post: {
      summary: "Issues the same period anew by what is known now, and says what is another figure.",
      path: { id: "The issue to correct." },
      ...byThoseWhoMay,
      responses: { 201: json("The correction.", issuedBriefing), ...notIssued, ...noToken },
    },
  },
  "/api/v1/briefings/{id}/editions": {
    get: {
      summary: "What editors did with an issue, the first change first.",
      path: { id: "The issue." },
      query: linkParameters,
      responses: {
        200: json("The editions.", z.array(edition)),
        ...notAdmitted,
        404: refused("There is no such issue."),
      },
    },
    post: {
      summary: "Comments, hides or orders sections, signs. The generated text stays as it is.",
      path: { id: "The issue." },
      ...byThoseWhoMay,
      requestBody: body(editionDraft),
      responses: {
        201: json("The edition.", edition),
        ...noToken,
        404: refused("There is no such issue."),
        409: refused("Somebody has edited it since."),
        ...badBody,
      },
    },
  },
};
