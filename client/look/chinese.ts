/**
 * Chinese characters, cut by unicode-range: the browser loads only the files whose characters it draws. One weight; the
 * browser emboldens it where a heading asks for more, because a second weight doubles half a megabyte.
 */
import "@fontsource/noto-sans-sc/400.css";
