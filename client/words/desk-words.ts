/** The desk's own words; importing them makes them known. */

import en from "./desk.en.json";
import zh from "./desk.zh.json";
import { addWords } from "./words.ts";

addWords("en", en);
addWords("zh", zh);
