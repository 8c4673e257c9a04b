/** The words of the alarm system's board; importing them makes them known. */

import en from "./system.en.json";
import zh from "./system.zh.json";
import { addWords } from "./words.ts";

addWords("en", en);
addWords("zh", zh);
