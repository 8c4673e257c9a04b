export {
  formatBucket,
  formatDate,
  formatInstant,
  formatTick,
  weekdayNames,
} from "../../shared/date-words.ts";
