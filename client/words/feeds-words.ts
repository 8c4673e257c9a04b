/** Words of the feed doctor's face alone; importing them makes them known. */

import en from "./feeds.en.json";
import zh from "./feeds.zh.json";
import { addWords } from "./words.ts";

addWords("en", en);
addWords("zh", zh);
