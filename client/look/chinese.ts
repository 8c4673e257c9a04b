/** Chinese characters in two weights, cut by unicode-range: the browser loads the files whose characters it draws. */
import "@fontsource/noto-sans-sc/400.css";
import "@fontsource/noto-sans-sc/600.css";
