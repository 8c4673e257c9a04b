/** Letters and figures of alphabets, for every face, cut by unicode-range: an English or a Chinese wall loads Latin. */
import "@fontsource/ibm-plex-sans/400.css";
import "@fontsource/ibm-plex-sans/500.css";
import "@fontsource/ibm-plex-sans/600.css";
