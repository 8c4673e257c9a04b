/** Words of the changes' face alone; importing them makes them known. */

import en from "./admin.en.json";
import zh from "./admin.zh.json";
import { addWords } from "./words.ts";

addWords("en", en);
addWords("zh", zh);
