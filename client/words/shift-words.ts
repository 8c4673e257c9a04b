/** The words of shifts and hand-overs; importing them makes them known. */

import en from "./shift.en.json";
import zh from "./shift.zh.json";
import { addWords } from "./words.ts";

addWords("en", en);
addWords("zh", zh);
