/** Words of the briefing editor's face alone; importing them makes them known. */

import en from "./briefing.en.json";
import zh from "./briefing.zh.json";
import { addWords } from "./words.ts";

addWords("en", en);
addWords("zh", zh);
