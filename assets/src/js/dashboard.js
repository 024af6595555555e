/** The script of the stats page: its charts and the refresh link. */

import { mountChart } from "./components/charts.js";
import { start } from "./components/page.js";
import { mountRefresh } from "./components/refresh.js";

await start({ charts: mountChart, refresh: mountRefresh });
