/** The script of the pages that have nothing of their own: the front page, an account's home, 404. */

import { start } from "./components/page.js";

await start();
