/** The words of the rules editor; importing them makes them known. */

import en from "./rules.en.json";
import zh from "./rules.zh.json";
import { addWords } from "./words.ts";

addWords("en", en);
addWords("zh", zh);
