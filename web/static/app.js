// The pages come alive: each part looks for its own elements and leaves the rest alone. Every page works without this.
import { startCards } from "./card.js";
import { startChat } from "./chat.js";
import { startPane } from "./pane.js";
import { startReader } from "./reader.js";
import { startReading } from "./reading.js";
import { startRemarks } from "./remarks.js";
import { startWhere } from "./where.js";

startReader();
startReading();
if (document.querySelector("[data-thread]")) {
  const pane = startPane();
  startCards(pane);
  startChat(pane);
  startRemarks();
  startWhere();
}
