/** Words of the start page; importing them makes them known. */

import en from "./start.en.json";
import zh from "./start.zh.json";
import { addWords } from "./words.ts";

addWords("en", en);
addWords("zh", zh);
