// An owner's calendars, from the consent page to what stands in them, with the vendors of the sandbox.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { LOOKS, accessibility, launch, picture, sticksOut, watched } from "./browser.mjs";
import { setUp } from "./journey.mjs";
import { startSandbox } from "./server.mjs";

let server, browser, context, page, complaints, root;

before(async () => {
  server = await startSandbox();
  browser = await launch();
  context = await browser.newContext(LOOKS.wide);
  ({ page, complaints } = await watched(context));
  root = await setUp(page, server.setup);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// Every link that leads to a vendor's consent page.
async function consentPages() {
  await page.goto(`${server.origin}${root}/settings/integrations`);
  const links = await page.locator('.offers a[href*="/connect/"]').evaluateAll((links) => links.map((link) => link.href));
  const found = [];
  for (const link of links) {
    await page.goto(link);
    if (!page.url().startsWith(server.origin)) found.push(link);
  }
  return found;
}

async function look(path, name) {
  const wrong = [];
  for (const [look, options] of Object.entries(LOOKS)) {
    const other = await browser.newContext(options);
    await other.addCookies(await context.cookies());
    const seen = await watched(other);
    await seen.page.goto(path);
    await picture(seen.page, `calendars-${name}-${look}`);
    if (await sticksOut(seen.page)) wrong.push(`${look} ${name}: wider than the window`);
    wrong.push(...(await accessibility(seen.page)).map((line) => `${look} ${line}`), ...seen.complaints);
    await other.close();
  }
  assert.deepEqual(wrong, []);
}

test("whoever says no over there comes back to a page that says so", { timeout: 60_000 }, async () => {
  const [first] = await consentPages();
  await page.goto(first);
  await page.getByRole("button", { name: "Deny" }).click();
  await page.getByRole("heading", { name: "You did not connect it" }).waitFor();
  await page.getByRole("link", { name: /Try again/ }).waitFor();
  // The way back is used up, so it is looked at where it stands.
  await picture(page, "calendars-declined-wide");
  assert.deepEqual(await accessibility(page), []);
});

test("every vendor with a consent page is connected, chosen from, tried and left again", { timeout: 300_000 }, async () => {
  const links = await consentPages();
  assert.ok(links.length > 0, "somebody can be connected");
  for (const link of links) {
    const vendor = link.split("/").pop();
    await page.goto(`${server.origin}${root}/settings/integrations`);
    await page.locator(`.offers a[href$="/connect/${vendor}"]`).click();
    await picture(page, `calendars-${vendor}-consent`);
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForURL(/\/settings\/connections\//);
    const one = page.url();
    await look(one, `${vendor}-choosing`);
    await page.getByRole("button", { name: "Save and begin" }).click();
    await page.getByRole("status").getByText(/^Saved/).waitFor();
    await page.getByText("Works", { exact: true }).waitFor();
    await look(one, `${vendor}-active`);
    await page.getByRole("link", { name: "Ask for next Tuesday" }).click();
    await page.getByText(/It took \d/).first().waitFor();
    await page.getByText(/busy|free to begin/i).first().waitFor();
    await look(page.url(), `${vendor}-tried`);
  }
  await look(`${server.origin}${root}/settings/integrations`, "connected");
  for (const _ of links) {
    await page.goto(`${server.origin}${root}/settings/integrations`);
    await page.locator(".account h3 a").first().click();
    await page.getByRole("link", { name: "Disconnect" }).click();
    await look(page.url(), "leaving");
    await page.getByRole("button", { name: /^Disconnect/ }).click();
    await page.getByRole("status").getByText(/is disconnected/).waitFor();
  }
  await page.getByText("Deskbell’s own calendar decides.").waitFor();
  // The vendors' own pages have no icon; what stands on ours is what counts.
  assert.deepEqual(complaints.filter((line) => line.startsWith(server.origin)), []);
});
