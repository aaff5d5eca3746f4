// A browser that notices whatever a person at the console would: errors, broken rules of the content policy, dialogs.

import { mkdir } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const PICTURES = process.env.DESKBELL_PICTURES ?? new URL("../../target/browser", import.meta.url).pathname;

// How each page is looked at.
export const LOOKS = {
  wide: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
};

export async function launch() {
  await mkdir(PICTURES, { recursive: true });
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--force-color-profile=srgb"] });
}

// Complaints are collected in the list that comes back with the page.
export async function watched(context) {
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`${page.url()}: a dialog says ${dialog.message()}`);
    dialog.dismiss();
  });
  return { page, complaints };
}

// What axe finds, a line each. It is put in by the debugger's door, which the content policy does not concern.
export async function accessibility(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${new URL(page.url()).pathname} ${id}: ${help} at ${target.join(" ")} (${failureSummary.split("\n").pop().trim()})`),
  );
}

export async function picture(page, name) {
  await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
}

// Wider than the window: something sticks out.
export async function sticksOut(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
}
