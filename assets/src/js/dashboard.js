/** The script of the stats page. */

import { mount as charts } from "./components/charts.js";
import { mount as onThisDay } from "./components/on-this-day.js";
import { start } from "./components/page.js";
import { mount as refresh } from "./components/refresh.js";

await start({ charts, refresh, "on-this-day": onThisDay });
