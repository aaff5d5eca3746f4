// The page at "/": loads the business, and hands its line to the phone.

import { profile, talkTo } from "./line.js";
import { showBusiness } from "./cards.js";
import { ready, shut } from "./phone.js";

const narrow = matchMedia("(max-width: 720px)");

function fold() {
  document.getElementById("more").open = !narrow.matches;
}
narrow.addEventListener("change", fold);
fold();

try {
  const { business, caller, closed } = await profile(new URLSearchParams(location.search).get("business"));
  if (business) {
    showBusiness(business);
    document.title = business.name + ", answered by Deskbell";
  }
  if (closed) shut(closed.title, closed.text);
  else ready({ at: talkTo(business.id), from: caller, examples: business.examples });
} catch (error) {
  shut("Nobody picks up", error.message);
}
