/** The words of an area's dossier; importing them makes them known. */

import en from "./dossier.en.json";
import zh from "./dossier.zh.json";
import { addWords } from "./words.ts";

addWords("en", en);
addWords("zh", zh);
