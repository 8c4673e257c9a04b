/** Words of alarms, which the desk, the wall and the explorer share; importing them makes them known. */

import en from "./alarm.en.json";
import zh from "./alarm.zh.json";
import { addWords } from "./words.ts";

addWords("en", en);
addWords("zh", zh);
