export { digitsOf, formatNumber, locales } from "../../shared/number-words.ts";
