/** What somebody writes at a stretch of time, for everybody who reads the figures of that time. */
export interface Annotation {
  readonly id: string;
  /** The series it is about (`seriesId`), or `null` for all. */
  readonly series: string | null;
  /** The stretch, epoch milliseconds of city time; `toAt` is `fromAt` for an instant. */
  readonly fromAt: number;
  readonly toAt: number;
  readonly text: string;
  /** As they named themselves. */
  readonly author: string;
  /** City time of its last change. */
  readonly madeAt: number;
}

/** Why an annotation was not changed: there is none of this id, or somebody changed it since it was read. */
export type AnnotationConflict = "missing" | "changed";

export const longestAnnotation = 500;
export const longestAuthor = 80;
