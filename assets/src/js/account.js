/** The script of an account's home: the addition on this day of another year, and the refresh link. */

import { mountOnThisDay } from "./components/on-this-day.js";
import { start } from "./components/page.js";
import { mountRefresh } from "./components/refresh.js";

await start({ refresh: mountRefresh, "on-this-day": mountOnThisDay });
