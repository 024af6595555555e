/** The script of the list of all records. */

import { mount as list } from "./components/list.js";
import { start } from "./components/page.js";

await start({ list });
