/** The explorer's own words; importing them makes them known. */

import en from "./explorer.en.json";
import zh from "./explorer.zh.json";
import { addWords } from "./words.ts";

addWords("en", en);
addWords("zh", zh);
