/** What people keep in a city: notes, annotations, views, what walls show, the city's files. */

import { z } from "zod";
import { sent, sentDraft, wallNow } from "../wall-answers.ts";
import {
  annotation,
  annotationChange,
  annotationDraft,
  editableFile,
  faults,
  fileChange,
  fileDraft,
  note,
  noteDraft,
  savedView,
  savedViewChange,
  savedViewDraft,
  session,
  signInDraft,
} from "../record-answers.ts";
import { annotationParameters } from "../records.ts";
import {
  badBody,
  body,
  byThoseWhoMay,
  empty,
  json,
  noRecords,
  noToken,
  refused,
  type Operations,
} from "./operation.ts";

const noView = { 404: refused("There is no such view.") };
const fileParts = { folder: "`indicators`, `rules` or `walls`.", name: "The file's name, with `.json`." };
const noFile = refused("No file of this city that can be changed here.");

export const recordOperations: Operations = {
  "/api/v1/session": {
    get: { summary: "Whether whoever asks may change anything.", responses: { 200: json("That.", session) } },
    post: {
      summary:
        "Takes the access token once, for a cookie that no script can read. A wrong one is told so late.",
      requestBody: body(signInDraft),
      responses: {
        200: json("It is right; `set-cookie` keeps it for 30 days.", session),
        ...noToken,
        ...badBody,
      },
    },
    delete: {
      summary: "Takes the cookie from the browser.",
      responses: { 200: json("It may change nothing any more.", session) },
    },
  },
  "/api/v1/notes": {
    get: {
      summary: "What operators say about figures now.",
      responses: { 200: json("All notes in force.", z.array(note)) },
    },
  },
  "/api/v1/notes/{indicator}": {
    put: {
      summary: "Says something about a figure, for everybody who sees it.",
      path: { indicator: "The indicator." },
      ...byThoseWhoMay,
      requestBody: body(noteDraft),
      responses: {
        200: json("The note.", note),
        ...noToken,
        404: refused("No such indicator of this city."),
        ...badBody,
      },
    },
    delete: {
      summary: "Takes a note away.",
      path: { indicator: "The indicator." },
      ...byThoseWhoMay,
      responses: { 204: empty("It is gone."), ...noToken, 404: refused("Nothing is noted about it.") },
    },
  },
  "/api/v1/walls": {
    get: {
      summary: "Every wall, what its screens show now and what was sent to it.",
      responses: { 200: json("All walls of the city.", z.array(wallNow)) },
    },
  },
  "/api/v1/walls/{wall}/sent": {
    put: {
      summary: "Puts an alarm or a map on a wall in the place of its scenes; of two the newest stands.",
      path: { wall: "The wall." },
      ...byThoseWhoMay,
      requestBody: body(sentDraft),
      responses: {
        200: json("What stands there now.", sent),
        ...noToken,
        404: refused("No such wall of this city."),
        409: refused("There is no such alarm, figure or level of areas."),
        ...badBody,
      },
    },
    delete: {
      summary: "Takes back what was sent to a wall.",
      path: { wall: "The wall." },
      ...byThoseWhoMay,
      responses: {
        204: empty("Its scenes are there again."),
        ...noToken,
        404: refused("Nothing was sent there."),
      },
    },
  },
  "/api/v1/annotations": {
    get: {
      summary: "What people wrote at stretches of time, those that touch the one asked for.",
      query: annotationParameters,
      responses: {
        200: json("In the order of their time.", z.array(annotation)),
        400: refused("A parameter cannot be used; `type` names it."),
        ...noRecords,
      },
    },
    post: {
      summary: "Writes one, for everybody.",
      ...byThoseWhoMay,
      requestBody: body(annotationDraft),
      responses: { 201: json("The annotation.", annotation), ...noToken, ...badBody, ...noRecords },
    },
  },
  "/api/v1/annotations/{id}": {
    put: {
      summary: "Writes other words, or another time, under the same id.",
      path: { id: "The annotation." },
      ...byThoseWhoMay,
      requestBody: body(annotationChange),
      responses: {
        200: json("The annotation.", annotation),
        ...noToken,
        404: refused("There is no such annotation."),
        409: refused("Somebody has changed it since."),
        ...badBody,
        ...noRecords,
      },
    },
    delete: {
      summary: "Takes an annotation away.",
      path: { id: "The annotation." },
      ...byThoseWhoMay,
      responses: {
        204: empty("It is gone."),
        ...noToken,
        404: refused("There is no such annotation."),
        ...noRecords,
      },
    },
  },
  "/api/v1/views": {
    get: {
      summary: "The explorer's saved views.",
      responses: { 200: json("All of them, by title.", z.array(savedView)), ...noRecords },
    },
    post: {
      summary: "Saves a view, for everybody.",
      ...byThoseWhoMay,
      requestBody: body(savedViewDraft),
      responses: {
        201: json("The view.", savedView),
        ...noToken,
        409: refused("Another view has this title."),
        ...badBody,
        ...noRecords,
      },
    },
  },
  "/api/v1/views/{id}": {
    get: {
      summary: "A saved view.",
      path: { id: "The view." },
      responses: { 200: json("The view.", savedView), ...noView, ...noRecords },
    },
    put: {
      summary: "Saves another view, or title, under the same id.",
      path: { id: "The view." },
      ...byThoseWhoMay,
      requestBody: body(savedViewChange),
      responses: {
        200: json("The view.", savedView),
        ...noToken,
        409: refused("Another view has this title, or somebody has saved this one since; `type` says which."),
        ...noView,
        ...badBody,
        ...noRecords,
      },
    },
    delete: {
      summary: "Takes a view away.",
      path: { id: "The view." },
      ...byThoseWhoMay,
      responses: { 204: empty("It is gone."), ...noToken, ...noView, ...noRecords },
    },
  },
  "/api/v1/admin/files/{folder}/{name}": {
    get: {
      summary: "A file of the city folder, to be changed.",
      path: fileParts,
      ...byThoseWhoMay,
      responses: { 200: json("The file.", editableFile), ...noToken, 404: noFile },
    },
    put: {
      summary: "Writes the file, if the city is sound with it.",
      path: fileParts,
      ...byThoseWhoMay,
      requestBody: body(fileChange),
      responses: {
        200: json("The file as it stands now.", editableFile),
        ...noToken,
        404: noFile,
        409: refused("Somebody else has changed it since, or made it."),
        422: refused("The city would not be sound; a line per fault."),
        ...badBody,
      },
    },
  },
  "/api/v1/admin/files/{folder}/{name}/check": {
    post: {
      summary: "What would be wrong with the city if the file said this.",
      path: fileParts,
      ...byThoseWhoMay,
      requestBody: body(fileDraft),
      responses: { 200: json("The faults, a line each.", faults), ...noToken, 404: noFile, ...badBody },
    },
  },
};
